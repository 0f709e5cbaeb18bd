package scale

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// results are everything that was measured; they are kept between phases.
type results struct {
	Posts   int
	Days    int
	Machine struct {
		CPUs       int
		Go, Engine string
	}
	Phases  []phase
	Stages  []stage
	Insert  inserted
	Settle  settled
	Disk    disk
	Queries []timing
	Pages   []pageTiming
	Plans   []plan
}

type phase struct {
	Name    string
	Seconds float64
	Memory  memoryUse
}

// stage is one part of writing; its processor times are seconds a million rows.
type stage struct {
	Name                             string
	RowsPerSecond, OurCPU, EngineCPU float64
}

// inserted is what writing took. Writing is the part of Seconds in which the
// writer did not wait for posts to be made.
type inserted struct {
	Posts                        int
	Seconds, Writing             float64
	OurCPU, EngineCPU            float64
	FindingSeconds, MergeSeconds float64
	Counters                     map[string]float64
}

type settled struct {
	Seconds float64
	Hours   []hour
}

type hour struct {
	At      time.Time
	Posts   uint64
	Seconds float64
	Day     float64 // seconds for the day that holds it, and the totals
}

// disk is bytes a post, in parts that are in use.
type disk struct {
	Parts                   uint64
	All                     float64
	Groups, Columns, Tables map[string]float64
}

// timing is in milliseconds.
type timing struct {
	Name, Range string
	Runs, Rows  int
	P50, P95    float64
	Failed      string
}

type plan struct {
	Query, Table, Parts, Reads string
	Keys                       []string
}

// The targets, as the table shows them.
const (
	targetInsert   = 200_000 // rows/s
	targetQuery    = 300.0   // ms
	targetPage     = 1000.0  // milliseconds until a page is there
	targetHour     = 1.0     // s
	targetTextless = 60.0    // bytes a post
	targetBytes    = 150.0
	targetMemory   = 3 << 30
)

// table shows the results in Markdown.
func (r *results) table() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	against := func(ok bool) string {
		if ok {
			return "met"
		}
		return "missed"
	}
	rate := func(name string) float64 {
		for _, s := range r.Stages {
			if s.Name == name {
				return s.RowsPerSecond
			}
		}
		return 0
	}
	line("%s posts of %d days, %d cores, engine %s, %s", thousands(float64(r.Posts)), r.Days, r.Machine.CPUs, r.Machine.Engine, r.Machine.Go)
	if len(r.Stages) > 0 {
		line("\n| stage alone | rows/s | processor s a million rows, this side | and the engine |\n|---|---|---|---|")
		for _, s := range r.Stages {
			line("| %s | %s | %.2f | %.2f |", s.Name, thousands(s.RowsPerSecond), s.OurCPU, s.EngineCPU)
		}
	}
	line("\n| what | measured | target |\n|---|---|---|")
	if in := r.Insert; in.Posts > 0 {
		whole, writer := float64(in.Posts)/in.Seconds, float64(in.Posts)/in.Writing
		line("| written, posts made beside it | %s rows/s | %s: %s |", thousands(whole), thousands(targetInsert), against(whole >= targetInsert))
		line("| written, waiting for posts left out | %s rows/s | |", thousands(writer))
		if bare := rate(yardstick); bare > 0 {
			line("| the yardstick takes of that time | %.0f %% | |", 100*writer/bare)
		}
		line("| processor time a million posts, this side and the engine | %.1f s and %.1f s | |", 1e6*in.OurCPU/float64(in.Posts), 1e6*in.EngineCPU/float64(in.Posts))
		line("| storing the findings | %.1f s | |", in.FindingSeconds)
		line("| merging afterwards | %.0f s | |", in.MergeSeconds)
	}
	if len(r.Settle.Hours) > 0 {
		line("| all buckets recomputed | %.0f s, %s posts/s | |", r.Settle.Seconds, thousands(float64(r.Insert.Posts)/r.Settle.Seconds))
		for _, h := range r.Settle.Hours {
			line("| one marked hour, %s posts | %.2f s | %.0f s: %s |", thousands(float64(h.Posts)), h.Seconds, targetHour, against(h.Seconds < targetHour))
			line("| its day and the totals, later | %.2f s | |", h.Day)
		}
	}
	if d := r.Disk; d.All > 0 {
		text := d.Groups["text"]
		line("| disk a post, without text | %.1f B | %.0f B: %s |", d.All-text, targetTextless, against(d.All-text <= targetTextless))
		line("| disk a post, with text | %.1f B | %.0f B: %s |", d.All, targetBytes, against(d.All <= targetBytes))
		line("| parts of posts | %d | |", d.Parts)
	}
	for _, p := range r.Phases {
		line("| memory at most, %s: engine, this side, together | %s, %s, %s | 3 GB: %s |", p.Name, mega(p.Memory.Engine), mega(p.Memory.Rest), mega(p.Memory.All), against(p.Memory.All < targetMemory))
	}
	if d := r.Disk; d.All > 0 {
		line("\n| disk | bytes a post |\n|---|---|")
		for _, m := range []map[string]float64{d.Groups, d.Tables} {
			for _, name := range slices.SortedFunc(maps.Keys(m), func(a, b string) int { return int(1000 * (m[b] - m[a])) }) {
				of := "posts: "
				if _, table := d.Tables[name]; table {
					of = "table "
				}
				line("| %s%s | %.2f |", of, name, m[name])
			}
		}
	}
	if len(r.Pages) > 0 {
		line("\n| page | p50 ms | p95 ms | runs | kB | %.0f ms |\n|---|---|---|---|---|---|", targetPage)
		for _, p := range r.Pages {
			line("| %s | %.0f | %.0f | %d | %d | %s |", p.Name, p.P50, p.P95, p.Runs, p.Bytes/1000, against(p.P95 < targetPage))
		}
	}
	if len(r.Queries) > 0 {
		line("\n| query | time | p50 ms | p95 ms | runs | rows | %.0f ms |\n|---|---|---|---|---|---|---|", targetQuery)
		for _, q := range r.Queries {
			if q.Failed != "" {
				line("| %s | %s | | | %d | | failed: %s |", q.Name, q.Range, q.Runs, q.Failed)
				continue
			}
			line("| %s | %s | %.0f | %.0f | %d | %s | %s |", q.Name, q.Range, q.P50, q.P95, q.Runs, thousands(float64(q.Rows)), against(q.P95 < targetQuery))
		}
	}
	if len(r.Plans) > 0 {
		line("\n| query of a campaign | table | key used | parts | reads |\n|---|---|---|---|---|")
		for _, p := range r.Plans {
			line("| %s | %s | %s | %s | %s |", p.Query, p.Table, strings.Join(p.Keys, ", "), p.Parts, p.Reads)
		}
	}
	if c := r.Insert.Counters; len(c) > 0 {
		line("\n| the engine counted while posts were written | |\n|---|---|")
		for _, name := range slices.Sorted(maps.Keys(c)) {
			if c[name] > 0 {
				line("| %s | %s |", name, thousands(c[name]))
			}
		}
	}
	return b.String()
}

func thousands(x float64) string {
	s := fmt.Sprintf("%.0f", x)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func mega(bytes int64) string { return fmt.Sprintf("%d MB", bytes>>20) }
