package grafana

import (
	"slices"
	"strings"
	"testing"

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
	asked := map[string]bool{}
	for name, d := range dashboards(t) {
		for _, q := range d.queries() {
			if asked[q.kind+q.target.RawSQL] { // several dashboards ask the same
				continue
			}
			asked[q.kind+q.target.RawSQL] = true
			t.Run(name+"/"+q.where, func(t *testing.T) {
				for _, kind := range s.kinds(q) {
					chosen := grafanatest.Everything(s.name, s.findings[kind])
					f := answer(t, s.reader, q.target.RawSQL, s.whole, chosen)
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
				f := answer(t, s.reader, q.target.RawSQL, s.whole, grafanatest.Everything("nobody's campaign", "none"))
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
	t.Run("desk", func(t *testing.T) { testDesk(t, s) })
	t.Run("sides", func(t *testing.T) { testSides(t, s) })
	t.Run("addressed", func(t *testing.T) { testAddressed(t, s) })
	t.Run("plans", func(t *testing.T) { testPlans(t, s) })
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
