package grafana

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"winnow/dashboards/grafana/grafanatest"
)

// Grafana's limits: columns of the grid, and the length of a uid.
const (
	gridColumns = 24
	maxUID      = 40
)

var dashboardLink = regexp.MustCompile(`/d/([A-Za-z0-9_-]+)`)

// lint returns everything that is wrong with d. uids are the dashboards that
// links may point to.
func lint(t *testing.T, d dashboard, uids []string) []string {
	t.Helper()
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }

	if d.ID != nil || d.Inputs != nil {
		say("dashboard has an id or __inputs: both belong to one server")
	}
	if d.UID == "" || len(d.UID) > maxUID {
		say("uid %q must have 1 to %d characters", d.UID, maxUID)
	}
	if d.SchemaVersion != 42 {
		say("schemaVersion is %d, want 42", d.SchemaVersion)
	}
	if d.Title == "" || d.Description == "" {
		say("dashboard lacks a title or a description")
	}
	if d.Timezone != "utc" {
		say("timezone is %q, want utc", d.Timezone)
	}
	if d.GraphTooltip != 1 {
		say("crosshair is not shared")
	}
	if !slices.Contains(d.Tags, "winnow") {
		say("tag winnow is missing: the links between dashboards go by it")
	}
	lintPanels(d, say)
	lintQueries(d, say)
	for _, l := range d.links(t) {
		if l.Type == "dashboards" {
			if !slices.Contains(l.Tags, "winnow") || !l.IncludeVars || !l.KeepTime {
				say("link %q must go by tag and keep variables and time", l.Title)
			}
			continue
		}
		m := dashboardLink.FindStringSubmatch(l.URL)
		if m == nil || !slices.Contains(uids, m[1]) {
			say("link %q points to no shipped dashboard: %s", l.Title, l.URL)
		}
	}
	return wrong
}

func lintPanels(d dashboard, say func(string, ...any)) {
	ids, titles := map[int]bool{}, map[string]bool{}
	for i, p := range d.Panels {
		if p.Title == "" || titles[p.Title] {
			say("panel %d has no title of its own: %q", p.ID, p.Title)
		}
		titles[p.Title] = true
		if len(p.Description) < 40 {
			say("panel %q: description does not say what its numbers mean", p.Title)
		}
		if p.FieldConfig.Defaults.Unit == "" {
			say("panel %q has no unit", p.Title)
		}
		if p.FieldConfig.Defaults.NoValue == "" {
			say("panel %q does not say what an empty result means", p.Title)
		}
		if steps := p.FieldConfig.Defaults.Thresholds.Steps; len(steps) == 0 || steps[0].Value != nil {
			say("panel %q: threshold steps must start with null", p.Title)
		}
		if p.ID == 0 || ids[p.ID] {
			say("panel %q: id %d is missing or used twice", p.Title, p.ID)
		}
		ids[p.ID] = true
		if len(p.Targets) == 0 {
			say("panel %q has no query", p.Title)
		}
		g := p.GridPos
		if g.X < 0 || g.Y < 0 || g.W <= 0 || g.H <= 0 || g.X+g.W > gridColumns {
			say("panel %q lies outside the grid: %+v", p.Title, g)
		}
		for _, q := range d.Panels[:i] {
			o := q.GridPos
			if g.X < o.X+o.W && o.X < g.X+g.W && g.Y < o.Y+o.H && o.Y < g.Y+g.H {
				say("panels %q and %q overlap", q.Title, p.Title)
			}
		}
	}
}

// bareUse finds $name, which Grafana would paste in unquoted.
var bareUse = regexp.MustCompile(`\$([A-Za-z]\w*|_[A-Za-z]\w*)`)

func lintQueries(d dashboard, say func(string, ...any)) {
	names := map[string]bool{}
	for _, v := range d.Templating.List {
		names[v.Name] = true
		if v.Multi || v.IncludeAll {
			say("variable %q: numbers of several campaigns do not add up", v.Name)
		}
		if v.Query != v.Definition {
			say("variable %q: query and definition differ", v.Name)
		}
	}
	for _, q := range d.queries() {
		sql := q.target.RawSQL
		if q.kind != "variable" {
			lintTarget(q, say)
			overlaps := strings.Contains(sql, "<= $__toTime") && strings.Contains(sql, ">= $__fromTime")
			if !strings.Contains(sql, "$__timeFilter(") && !overlaps {
				say("%s: no time filter", q.where)
			}
		}
		for _, m := range grafanatest.VariableUse.FindAllStringSubmatch(sql, -1) {
			if !names[m[1]] {
				say("%s: variable %s is not declared", q.where, m[1])
			}
			if m[2] != "singlequote" {
				say("%s: variable %s is not quoted", q.where, m[1])
			}
		}
		for _, m := range bareUse.FindAllStringSubmatch(sql, -1) {
			say("%s: write ${%s:singlequote}, not $%s", q.where, m[1], m[1])
		}
		for _, m := range grafanatest.MacroUse.FindAllStringSubmatch(sql, -1) {
			if !grafanatest.Known(m[1]) {
				say("%s: unknown macro $__%s", q.where, m[1])
			}
		}
		for _, table := range []string{"posts", "reach", "findings", "gaps"} {
			if regexp.MustCompile(`FROM `+table+`\b`).MatchString(sql) && !strings.Contains(sql, "FROM "+table+" FINAL") {
				say("%s: %s is read without FINAL: replaced rows would count twice", q.where, table)
			}
		}
	}
}

func lintTarget(q query, say func(string, ...any)) {
	want := source{Type: "grafana-clickhouse-datasource", UID: "clickhouse"}
	if q.target.Datasource != want {
		say("%s: data source is %+v, want %+v", q.where, q.target.Datasource, want)
	}
	if q.target.EditorType != "sql" || q.target.RefID == "" {
		say("%s: editorType must be sql and refId set", q.where)
	}
	if kind := []string{"timeseries", "table"}; q.target.Format < 0 || q.target.Format > 1 || q.target.QueryType != kind[q.target.Format] {
		say("%s: queryType %q does not fit format %d", q.where, q.target.QueryType, q.target.Format)
	}
	if !strings.Contains(q.target.RawSQL, "campaign = ${campaign:singlequote}") {
		say("%s: not limited to the chosen campaign", q.where)
	}
}

func TestDashboardsAreClean(t *testing.T) {
	all := dashboards(t)
	var uids []string
	for name, d := range all {
		if slices.Contains(uids, d.UID) {
			t.Errorf("%s: uid %q is used twice", name, d.UID)
		}
		uids = append(uids, d.UID)
	}
	for name, d := range all {
		for _, wrong := range lint(t, d, uids) {
			t.Errorf("%s: %s", name, wrong)
		}
	}
}

func TestLintFindsEachFault(t *testing.T) {
	cases := []struct {
		name  string
		spoil func(*dashboard)
		want  string
	}{
		{"id", func(d *dashboard) { d.ID = new(int) }, "has an id"},
		{"inputs", func(d *dashboard) { d.Inputs = json.RawMessage("[]") }, "__inputs"},
		{"uid", func(d *dashboard) { d.UID = strings.Repeat("u", 41) }, "1 to 40"},
		{"schema", func(d *dashboard) { d.SchemaVersion = 41 }, "schemaVersion"},
		{"time zone", func(d *dashboard) { d.Timezone = "browser" }, "want utc"},
		{"crosshair", func(d *dashboard) { d.GraphTooltip = 0 }, "crosshair"},
		{"tag", func(d *dashboard) { d.Tags = nil }, "tag winnow"},
		{"title", func(d *dashboard) { d.Panels[0].Title = "" }, "no title"},
		{"same title", func(d *dashboard) { d.Panels[1].Title = d.Panels[0].Title }, "no title of its own"},
		{"description", func(d *dashboard) { d.Panels[0].Description = "" }, "description"},
		{"unit", func(d *dashboard) { d.Panels[0].FieldConfig.Defaults.Unit = "" }, "no unit"},
		{"empty result", func(d *dashboard) { d.Panels[0].FieldConfig.Defaults.NoValue = "" }, "empty result"},
		{"thresholds", func(d *dashboard) { d.Panels[0].FieldConfig.Defaults.Thresholds.Steps = nil }, "start with null"},
		{"panel id", func(d *dashboard) { d.Panels[1].ID = d.Panels[0].ID }, "used twice"},
		{"grid", func(d *dashboard) { d.Panels[0].GridPos.W = 25 }, "outside the grid"},
		{"overlap", func(d *dashboard) { d.Panels[1].GridPos.X-- }, "overlap"},
		{"no query", func(d *dashboard) { d.Panels[0].Targets = nil }, "no query"},
		{"dead link", func(d *dashboard) { d.Panels[0].Links = []link{{Title: "x", URL: "/d/gone"}} }, "no shipped dashboard"},
		{"link loses time", func(d *dashboard) { d.Links[0].KeepTime = false }, "keep variables and time"},
		{"undeclared variable", func(d *dashboard) { d.Templating.List = nil }, "not declared"},
		{"several campaigns", func(d *dashboard) { d.Templating.List[0].Multi = true }, "do not add up"},
		{"unquoted", spoilSQL(":singlequote}", "}"), "not quoted"},
		{"bare variable", spoilSQL("${campaign:singlequote}", "$campaign"), "write ${campaign:singlequote}"},
		{"no time filter", spoilSQL("$__timeFilter(at)", "1"), "no time filter"},
		{"unknown macro", spoilSQL("$__timeFilter(at)", "$__timeFilter(at) AND $__adHocFilters('reach')"), "unknown macro"},
		{"no FINAL", spoilSQL(" FINAL", ""), "without FINAL"},
		{"data source", func(d *dashboard) { d.Panels[0].Targets[0].Datasource.UID = "other" }, "data source"},
		{"format", func(d *dashboard) { d.Panels[0].Targets[0].Format = 0 }, "does not fit"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := readDashboard(t, "dashboards/reach.json")
			c.spoil(&d)
			wrong := lint(t, d, []string{"winnow-reach"})
			if !slices.ContainsFunc(wrong, func(s string) bool { return strings.Contains(s, c.want) }) {
				t.Errorf("lint said %q, want something with %q", wrong, c.want)
			}
		})
	}
}

// spoilSQL changes the first panel's first query.
func spoilSQL(old, with string) func(*dashboard) {
	return func(d *dashboard) {
		sql := &d.Panels[0].Targets[0].RawSQL
		*sql = strings.Replace(*sql, old, with, 1)
	}
}
