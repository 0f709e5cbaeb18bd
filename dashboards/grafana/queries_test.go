package grafana

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/dashboards/grafana/grafanatest"
	"winnow/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

// columnsFirst has the engine take a column where a name may also be an alias.
const columnsFirst = "\nSETTINGS prefer_column_name_to_alias = 1"

// Every query of every dashboard runs on what the demo tells, and answers with
// rows that its panel can draw; on a campaign that nobody knows, without.
func TestEveryQueryRuns(t *testing.T) {
	s := tellStory(t)
	for name, d := range dashboards(t) {
		for _, q := range d.queries() {
			t.Run(name+"/"+q.where, func(t *testing.T) {
				for _, kind := range s.kinds(q) {
					chosen := grafanatest.Everything(s.name, s.findings[kind])
					f := answer(t, s.conn, q.target.RawSQL, s.whole, chosen)
					if len(f.rows) == 0 {
						t.Fatalf("no rows on the story (%s)", kind)
					}
					if wrong := shape(q, f); wrong != "" {
						t.Error(wrong)
					}
					// Where a name is a column's and another's alias, WHERE takes the alias.
					if diff := cmp.Diff(f, answer(t, s.conn, q.target.RawSQL+columnsFirst, s.whole, chosen), cmp.AllowUnexported(frame{})); diff != "" {
						t.Errorf("the answer hangs on which of two names is meant:\n%s", diff)
					}
				}
				if !strings.Contains(q.target.RawSQL, "${campaign:") {
					return
				}
				// A campaign without posts must give its "no value" text, not
				// a division by zero.
				f := answer(t, s.conn, q.target.RawSQL, s.whole, grafanatest.Everything("nobody's campaign", "none"))
				for _, row := range f.rows {
					if slices.ContainsFunc(row, func(v string) bool {
						return v != "0" && v != "*" && !strings.HasPrefix(v, "all ") && v != "whole campaign"
					}) {
						t.Errorf("an unknown campaign shows %v", row)
					}
				}
			})
		}
	}
	t.Run("network", func(t *testing.T) { testNetwork(t, s) })
	t.Run("coverage", func(t *testing.T) { testCoverage(t, s) })
}

// kinds are the findings to run a query with: all of them if it is about one.
func (s *story) kinds(q query) []string {
	if strings.Contains(q.target.RawSQL, "${finding:") {
		return []string{"copies", "pile-on", "declared"}
	}
	return []string{"copies"}
}

// sql is a query of a dashboard.
func sql(t *testing.T, file, where string) string {
	t.Helper()
	for _, q := range readDashboard(t, "dashboards/"+file).queries() {
		if q.where == where {
			return q.target.RawSQL
		}
	}
	t.Fatalf("%s has no query %q", file, where)
	return ""
}

// Edges join nodes that exist, and no graph is too large to be drawn.
func testNetwork(t *testing.T, s *story) {
	for kind, id := range s.findings {
		chosen := grafanatest.Everything(s.name, id)
		nodes := answer(t, s.conn, sql(t, "finding.json", "Who is joined by what, nodes"), s.whole, chosen).column(t, "id")
		edges := answer(t, s.conn, sql(t, "finding.json", "Who is joined by what, edges"), s.whole, chosen)
		if len(nodes) == 0 || len(nodes) > 200 || len(edges.rows) == 0 {
			t.Errorf("%s: %d nodes and %d edges, want some and at most 200 nodes", kind, len(nodes), len(edges.rows))
		}
		known := map[string]bool{}
		for _, id := range nodes {
			if known[id] {
				t.Errorf("%s: node %s is there twice", kind, id)
			}
			known[id] = true
		}
		ids := map[string]bool{}
		for _, id := range edges.column(t, "id") {
			if ids[id] {
				t.Errorf("%s: edge %s is there twice", kind, id)
			}
			ids[id] = true
		}
		for _, end := range append(edges.column(t, "source"), edges.column(t, "target")...) {
			if !known[end] {
				t.Errorf("%s: an edge leads to %s, which is no node", kind, end)
			}
		}
	}
}

// Coverage is what the desk says it is.
func testCoverage(t *testing.T, s *story) {
	for _, hours := range []int{0, 4, 11, 13, 25} {
		r := s.whole
		r.From = r.From.Add(time.Duration(hours) * time.Hour)
		f := answer(t, s.conn, sql(t, "coverage.json", "Seen by each source"), r, grafanatest.Everything(s.name, ""))
		want, err := s.view.Coverage(t.Context(), s.name, r.From, r.To)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string][2]string{}
		least, most := f.column(t, "at least"), f.column(t, "at most")
		for i, source := range f.column(t, "source") {
			got[source] = [2]string{percent(t, least[i]), percent(t, most[i])}
		}
		told := map[string][2]string{}
		for _, c := range want {
			span := c.To.Sub(c.From).Seconds()
			told[c.Source] = [2]string{
				percentOf(1 - (c.Missing+c.Partly).Seconds()/span), percentOf(1 - c.Missing.Seconds()/span),
			}
		}
		if diff := cmp.Diff(told, got); diff != "" || len(got) != 2 {
			t.Errorf("from hour %d on (-desk +Grafana):\n%s", hours, diff)
		}
	}
}
