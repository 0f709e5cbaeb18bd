package app_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"time"

	"winnow/cmd/app"
)

// underWay is how long before it breaks a connection may have lost posts that
// were on their way.
const underWay = 500 * time.Millisecond

// span is a stretch of time.
type span struct{ from, to time.Time }

// union returns how long spans last together, each moment once.
func union(spans []span) (total time.Duration) {
	slices.SortFunc(spans, func(a, b span) int { return a.from.Compare(b.from) })
	var end time.Time
	for _, s := range spans {
		if s.from.Before(end) {
			s.from = end
		}
		if s.to.After(s.from) {
			total += s.to.Sub(s.from)
			end = s.to
		}
	}
	return total
}

// gapRow is a gap as it is stored.
type gapRow struct {
	span
	cause, fill string
}

// rows returns what a statement finds, each row's columns.
func rows(ctx context.Context, r *app.Running, sql string) (out [][]string, err error) {
	answer, err := r.Query(ctx, sql, "TSV")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, answer.Close()) }()
	lines := bufio.NewScanner(answer)
	for lines.Scan() {
		out = append(out, strings.Split(lines.Text(), "\t"))
	}
	return out, lines.Err()
}

// account compares what is stored with what was published and what was broken.
func (s *soak) account(ctx context.Context, r *app.Running) error {
	stored := map[string]int{}
	found, err := rows(ctx, r, "SELECT post_id, count() FROM posts FINAL GROUP BY post_id")
	if err != nil {
		return err
	}
	for _, row := range found {
		if stored[row[0]], err = strconv.Atoi(row[1]); err != nil {
			return err
		}
	}
	gaps := map[string][]gapRow{}
	found, err = rows(ctx, r, `SELECT source, toUnixTimestamp64Milli(from_at), ifNull(toUnixTimestamp64Milli(to_at), 0), cause, fill
		FROM gaps FINAL WHERE cause NOT IN ('before', 'not-watched') ORDER BY source, from_at`)
	if err != nil {
		return err
	}
	for _, row := range found {
		from, err1 := strconv.ParseInt(row[1], 10, 64)
		to, err2 := strconv.ParseInt(row[2], 10, 64)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		if to == 0 {
			s.t.Errorf("%s: a gap since %v is still open", row[0], time.UnixMilli(from).Sub(s.begin))
			to = time.Now().UnixMilli()
		}
		gaps[row[0]] = append(gaps[row[0]], gapRow{span{time.UnixMilli(from), time.UnixMilli(to)}, row[3], row[4]})
	}
	known := 0
	for _, l := range s.lanes {
		kept, summary, wrong := l.account(stored, gaps[l.name])
		known += kept
		s.t.Log(summary)
		for _, w := range wrong {
			s.t.Errorf("%s: %s", l.name, w)
		}
		if len(wrong) > 0 {
			s.t.Log(l.history(s.begin, gaps[l.name]))
		}
	}
	if len(stored) > known {
		s.t.Errorf("%d posts are stored that were never published", len(stored)-known)
	}
	s.accountLoad()
	return nil
}

// account compares a source's posts with those stored and with its gaps, and
// returns how many are stored, a line for people, and what is wrong.
func (l *lane) account(stored map[string]int, gaps []gapRow) (kept int, summary string, wrong []string) {
	posts := l.published()
	complain := func(bad bool, format string, args ...any) {
		if bad {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	var outside, silent, twice int
	for _, p := range posts {
		n := stored[p.id]
		if n > 0 {
			kept++
		}
		if n > 1 {
			twice++
		}
		if n == 0 && !l.inOutage(p) {
			outside++
		}
		if n == 0 && !inGap(p, gaps) {
			silent++
		}
	}
	var recorded []span
	for _, g := range gaps {
		recorded = append(recorded, g.span)
	}
	var injected time.Duration
	byKind := map[string]int{}
	for _, f := range l.faults {
		injected += f.end.Sub(f.begin)
		byKind[f.kind]++
	}
	seconds := union(recorded)
	complain(kept == 0, "%d posts published, none stored", len(posts))
	complain(len(l.faults) == 0, "nothing was broken")
	complain(twice > 0, "%d posts are stored more than once", twice)
	complain(outside > 0, "%d posts are missing that were published outside of every outage", outside)
	complain(silent > 0, "%d posts are missing where no gap says so", silent)
	// The start is one more hole.
	most := injected + time.Duration(len(l.faults)+1)*soakPerFault
	complain(seconds > most, "gaps of %v are on record, for outages of %v: at most %v are due", seconds, injected, most)
	least := injected - time.Duration(len(l.faults))*underWay
	complain(seconds < least, "outages were %v, only %v are on record", injected, seconds)
	return kept, fmt.Sprintf("%-24s %6d posts published, %6d stored, %5d in outages; %3d faults %v; outages %.1f s, gaps %.1f s in %d rows",
		l.name, len(posts), kept, len(posts)-kept, len(l.faults), byKind, injected.Seconds(), seconds.Seconds(), len(gaps)), wrong
}

// inOutage reports whether a post was made while something was broken, or was
// on its way when it broke.
func (l *lane) inOutage(p soaked) bool {
	return slices.ContainsFunc(l.faults, func(f fault) bool {
		return p.end.After(f.begin.Add(-underWay)) && p.begin.Before(f.back)
	})
}

// inGap reports whether a gap tells that a post may be missing.
func inGap(p soaked, gaps []gapRow) bool {
	return slices.ContainsFunc(gaps, func(g gapRow) bool {
		return g.fill != "filled" && !g.from.After(p.end) && !g.to.Before(p.begin.Truncate(time.Millisecond))
	})
}

// history tells what was broken and what was recorded, for people.
func (l *lane) history(begin time.Time, gaps []gapRow) string {
	out := l.name + ", seconds since the start:"
	for _, f := range l.faults {
		out += fmt.Sprintf("\n  %-8s broken %.3f, mended %.3f, live %.3f", f.kind, f.begin.Sub(begin).Seconds(), f.end.Sub(begin).Seconds(), f.back.Sub(begin).Seconds())
	}
	for _, g := range gaps {
		out += fmt.Sprintf("\n  gap from %.3f to %.3f, %s, %s", g.from.Sub(begin).Seconds(), g.to.Sub(begin).Seconds(), g.cause, g.fill)
	}
	return out
}

// sample is how large the process was at one moment.
type sample struct {
	goroutines int
	live       uint64 // bytes that the last collection of garbage found in use
	published  int
}

// watch takes a sample each second, and tells of progress each ten if asked to.
func (s *soak) watch(ctx context.Context) {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	heap := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-second.C:
		}
		metrics.Read(heap)
		now := sample{goroutines: runtime.NumGoroutine(), live: heap[0].Value.Uint64()}
		for _, l := range s.lanes {
			now.published += len(l.published())
		}
		s.load = append(s.load, now)
		if s.told && n%10 == 0 {
			s.t.Logf("%v: %d posts published, %d goroutines, %d MB in use; %s", s.elapsed(), now.published, now.goroutines, now.live>>20, s.describe())
		}
	}
}

// accountLoad sees that nothing grows but what the fakes keep: every post, a
// few kilobytes each.
func (s *soak) accountLoad() {
	const (
		perPost    = 6 << 10
		headroom   = 64 << 20
		goroutines = 40
	)
	n := len(s.load)
	if n < 8 {
		s.t.Errorf("only %d samples of the load", n)
		return
	}
	peak := sample{}
	for _, x := range s.load {
		peak.goroutines, peak.live = max(peak.goroutines, x.goroutines), max(peak.live, x.live)
	}
	s.t.Logf("at most %d goroutines, %d MB in use", peak.goroutines, peak.live>>20)
	median := func(part []sample) (m sample) {
		by := func(f func(sample) int) int {
			var values []int
			for _, x := range part {
				values = append(values, f(x))
			}
			slices.Sort(values)
			return values[len(values)/2]
		}
		m.goroutines = by(func(x sample) int { return x.goroutines })
		m.live = uint64(by(func(x sample) int { return int(x.live) }))
		m.published = by(func(x sample) int { return x.published })
		return m
	}
	early, late := median(s.load[n/4:n/2]), median(s.load[n-n/4:])
	if late.goroutines > early.goroutines+goroutines {
		s.t.Errorf("goroutines grow: %d early, %d late", early.goroutines, late.goroutines)
	}
	if most := early.live + headroom + uint64(late.published-early.published)*perPost; late.live > most {
		s.t.Errorf("memory grows: %d MB early, %d MB late, at most %d MB are expected", early.live>>20, late.live>>20, most>>20)
	}
}
