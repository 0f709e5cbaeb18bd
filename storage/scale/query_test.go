package scale

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"winnow/collectors/scenario/volume"
	"winnow/dashboards/grafana"
	"winnow/dashboards/grafana/grafanatest"
	"winnow/storage/query"
)

// span is a stretch of time that people look at.
type span struct {
	name     string
	from, to time.Time
	// step is the bucket that the desk draws it in, interval Grafana's.
	step, interval time.Duration
}

// spans end where the posts do.
func (r *run) spans() []span {
	to := r.stream().End()
	return []span{
		{"24 h", to.Add(-24 * time.Hour), to, time.Minute, 2 * time.Minute},
		{"30 d", to.AddDate(0, 0, -30), to, time.Hour, time.Hour},
	}
}

// place is a parameter in a query file.
var place = regexp.MustCompile(`\{(\w+):(.+?)\}`)

// question is one query with what it is asked with.
type question struct {
	name, span string
	sql        string
	args       []any
}

// query measures the disk, times every query of the desk and of the dashboards,
// and asks the engine which parts of the tables each of ours reads.
func (r *run) query() {
	r.disk()
	r.res.Queries, r.res.Plans = nil, nil
	// With an open mark, so that the queries of recomputing have something to do.
	r.must(r.store.Write(r.Context(), message(r.late(r.stream().End().Add(-time.Hour)))))
	for i, q := range slices.Concat(r.ownQuestions(), r.viewQuestions(), r.panelQuestions()) {
		if i%r.o.each == 0 {
			r.res.Queries = append(r.res.Queries, r.time(q))
		}
	}
	for _, dir := range []string{"../view/queries", "../queries"} {
		for _, q := range r.questions(dir, r.spans()[:1]) {
			// Those that compare need tables which only a check has, and deleting has
			// no plan.
			if strings.Contains(q.sql, "{campaign:") && !strings.HasSuffix(q.name, "_compare") && !strings.HasPrefix(q.name, "retain_") {
				r.res.Plans = append(r.res.Plans, r.plan(q)...)
			}
		}
	}
	r.recompute()
}

// viewQuestions are the files of package view, for each span that they know,
// and once more for all campaigns where they can be asked that.
func (r *run) viewQuestions() []question {
	var out []question
	for _, q := range r.questions("../view/queries", r.spans()) {
		out = append(out, q)
		if q.name == "campaigns" {
			all := q
			all.name, all.args = "campaigns (all)", []any{query.Named("campaign", "")}
			out = append(out, all)
		}
	}
	return out
}

// ownQuestions are what the writer asks while posts come: of how many hours it
// must recompute, and when posts were posted that are so late that it may have
// them already.
func (r *run) ownQuestions() []question {
	r.Helper()
	var out []question
	for _, q := range r.questions("../queries", r.spans()[:1]) {
		switch q.name {
		case "posts_first":
			var platforms, ids []string
			for _, p := range r.stream().Next(500) {
				platforms, ids = append(platforms, string(p.Platform)), append(ids, p.ID)
			}
			q.name, q.args = "the writer: when 500 posts were posted", []any{query.Named("platforms", platforms), query.Named("ids", ids)}
			out = append(out, q)
		case "marks_load":
			q.name = "the writer: which hours to recompute"
			out = append(out, q)
		}
	}
	return out
}

// questions are the query files of a folder.
func (r *run) questions(dir string, spans []span) []question {
	r.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.sql"))
	r.must(err)
	if len(files) == 0 {
		r.Fatalf("no queries in %s", dir)
	}
	var out []question
	for _, file := range files {
		text, err := os.ReadFile(file)
		r.must(err)
		q := question{name: strings.TrimSuffix(filepath.Base(file), ".sql"), sql: string(text)}
		if !strings.Contains(q.sql, "{from:") {
			q.args, q.span = r.args(q, spans[0]), "all"
			out = append(out, q)
			continue
		}
		for _, s := range spans {
			q.args, q.span = r.args(q, s), s.name
			out = append(out, q)
		}
	}
	return out
}

// args gives every place of a query a value. One that has none fails: the
// measurement must learn of it.
func (r *run) args(q question, s span) []any {
	r.Helper()
	values := map[string]any{
		"campaign": volume.Busy, "id": "", "step": uint32(s.step / time.Second), "limit": uint64(500), "platform": "x", "wrong": uint8(0),
		"grain": uint32(3600), "steps": "[60,3600]", "upto": uint64(1) << 63, "detected": uint64(1) << 63, "version": uint64(1) << 63,
		"since": query.Milli(s.from), "hours": []string{query.Second(s.to.Add(-time.Hour))}, "days": []string{query.Second(s.from)}, "before": query.Second(s.from),
		"reach": "reach", "accounts": "account_buckets", "audience": "audience", "ids": []string{"finding-003"}, "into": []string{""}, "platforms": []string{"x"}, "cluster": "none",
		"after_at": query.Milli(time.Unix(0, 0)), "after_platform": "", "after_post": "", "after_kind": "", "after_object": "",
		"names": r.pileOnTargets(), "table": "marks", "handle": "nobody",
	}
	switch {
	case strings.HasPrefix(q.name, "export_"):
		values["id"] = "finding-003"
	case strings.HasPrefix(q.name, "finding_"):
		values["id"] = "finding-003"
		values["accounts"], values["objects"] = uint32(100), uint32(20) // as the picture of a finding
	case strings.HasPrefix(q.name, "change_"):
		values["id"] = "change-010"
	}
	bounds := map[string]time.Time{"from": s.from, "to": s.to}
	if q.name == "finding_seconds" { // a finding is shown from its first to its last second
		bounds["from"] = s.to.AddDate(-1, 0, 0)
	}
	var out []any
	seen := map[string]bool{}
	for _, m := range place.FindAllStringSubmatch(q.sql, -1) {
		name, typ := m[1], m[2]
		if seen[name] {
			continue
		}
		seen[name] = true
		value := values[name]
		if at, ok := bounds[name]; ok {
			value = query.Second(at)
			if strings.HasPrefix(typ, "DateTime64") {
				value = query.Milli(at)
			}
		}
		if value == nil {
			r.Fatalf("%s.sql has a place {%s:%s} that package scale has no value for", q.name, name, typ)
		}
		out = append(out, query.Named(name, value))
	}
	return out
}

// pileOnTargets are the accounts that pile-ons are directed at.
func (r *run) pileOnTargets() []string {
	r.Helper()
	rows, err := r.conn.Query(r.Context(), "SELECT DISTINCT lowerUTF8(target) FROM findings WHERE target != '' LIMIT 3")
	r.must(err)
	names, err := query.Collect(rows, "reading whom pile-ons are directed at", func(name *string) []any { return []any{name} })
	r.must(err)
	return names
}

// panelQuestions are the queries of every shipped dashboard.
func (r *run) panelQuestions() []question {
	r.Helper()
	names, err := fs.Glob(grafana.Files, "dashboards/*.json")
	r.must(err)
	var out []question
	var finding string
	r.must(r.conn.QueryRow(r.Context(), "SELECT argMax(finding_id, ended_at) FROM findings WHERE campaign = {campaign:String}", query.Named("campaign", volume.Busy)).Scan(&finding))
	asked := map[string]bool{"": true}
	add := func(title, sql string) {
		if asked[sql] { // several dashboards ask the same
			return
		}
		asked[sql] = true
		for _, s := range r.spans() {
			expanded, err := grafanatest.Expand(sql, grafanatest.TimeRange{From: s.from, To: s.to, Interval: s.interval}, grafanatest.Everything(volume.Busy, finding))
			r.must(err)
			if q := (question{name: "Grafana: " + title, span: s.name, sql: expanded}); expanded != sql {
				out = append(out, q)
			} else if s.name == "24 h" {
				q.span = "all"
				out = append(out, q)
			}
		}
	}
	for _, name := range names {
		text, err := fs.ReadFile(grafana.Files, name)
		r.must(err)
		type panel struct {
			Title   string
			Targets []struct {
				SQL string `json:"rawSql"`
			}
			Panels []panel // of a row
		}
		var d struct {
			Title       string
			Panels      []panel
			Annotations struct {
				List []struct {
					Name   string
					Target struct {
						SQL string `json:"rawSql"`
					}
				}
			}
			Templating struct {
				List []struct{ Name, Type, Query string }
			}
		}
		r.must(json.Unmarshal(text, &d))
		for _, p := range d.Panels {
			for _, p := range append([]panel{p}, p.Panels...) {
				for _, t := range p.Targets {
					add(d.Title+", "+p.Title, t.SQL)
				}
			}
		}
		for _, a := range d.Annotations.List {
			add(d.Title+", "+a.Name, a.Target.SQL)
		}
		for _, v := range d.Templating.List {
			if v.Type == "query" {
				add(d.Title+", "+v.Name, v.Query)
			}
		}
	}
	if len(out) == 0 {
		r.Fatal("no query in the dashboards")
	}
	return out
}

// patience is how long one query is timed at most; it is asked three times in
// any case, unless it fails.
const patience = 10 * time.Second

// time asks a question until it is warm, then measures.
func (r *run) time(q question) timing {
	t := timing{Name: q.name, Range: q.span}
	begin := time.Now()
	var took []time.Duration
	for n := 0; len(took) < r.o.runs && (len(took) < min(3, r.o.runs) || time.Since(begin) < patience); n++ {
		start := time.Now()
		rows, err := ask(r.Context(), r.reader, q)
		if err != nil {
			t.Failed = firstLine(err.Error())
			break
		}
		t.Rows = rows
		if n > 0 { // the first one warms up
			took = append(took, time.Since(start))
		}
	}
	slices.Sort(took)
	if t.Runs = len(took); t.Runs > 0 {
		at := func(share float64) float64 {
			return took[min(int(share*float64(len(took))), len(took)-1)].Seconds() * 1000
		}
		t.P50, t.P95 = at(0.5), at(0.95)
	}
	return t
}

// ask reads a whole answer and returns how many rows it has.
func ask(ctx context.Context, conn clickhouse.Conn, q question) (n int, err error) {
	rows, err := conn.Query(ctx, q.sql, q.args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s[:min(len(s), 200)]
}

// plan asks which parts and granules of each table a query reads.
func (r *run) plan(q question) []plan {
	r.Helper()
	sql := q.sql
	if strings.Contains(sql, "INSERT INTO ") {
		sql = sql[selectBegins.FindStringIndex(sql)[0]:]
	}
	rows, err := r.conn.Query(r.Context(), "EXPLAIN indexes = 1\n"+sql, q.args...)
	if err != nil {
		return []plan{{Query: q.name, Table: "?", Reads: firstLine(err.Error())}}
	}
	lines, err := query.Collect(rows, "reading a plan", func(s *string) []any { return []any{s} })
	r.must(err)
	return readPlan(q.name, lines)
}

var (
	// selectBegins finds what an INSERT inserts.
	selectBegins = regexp.MustCompile(`(?m)^(WITH|SELECT)\b`)
	planTable    = regexp.MustCompile(`ReadFromMergeTree \((?:\w+\.)?(\w+)\)`)
	planParts    = regexp.MustCompile(`Parts: (\d+)/(\d+)`)
	planGranule  = regexp.MustCompile(`Granules: (\d+)/(\d+)`)
	planKeys     = regexp.MustCompile(`^[\s│]*(\w+)\s*$`)
)

// readPlan turns the text of EXPLAIN indexes = 1 into one line a table: of each
// index the last word counts, since each sees what the one before has left.
func readPlan(name string, lines []string) []plan {
	var out []plan
	all, keys := "", false
	for _, line := range lines {
		if m := planTable.FindStringSubmatch(line); m != nil {
			out = append(out, plan{Query: name, Table: m[1], Reads: "all"})
			all, keys = "", false
			continue
		}
		if len(out) == 0 {
			continue
		}
		p := &out[len(out)-1]
		switch {
		case strings.Contains(line, "Keys:"):
			keys = true
		case planParts.MatchString(line):
			keys = false
			p.Parts = planParts.FindString(line)[len("Parts: "):]
		case planGranule.MatchString(line):
			m := planGranule.FindStringSubmatch(line)
			if all == "" {
				all = m[2]
			}
			p.Reads = fmt.Sprintf("%s of %s granules", m[1], all)
		case keys && planKeys.MatchString(line):
			p.Keys = append(p.Keys, planKeys.FindStringSubmatch(line)[1])
		case strings.Contains(line, "Condition:"):
			keys = false
		}
	}
	return out
}
