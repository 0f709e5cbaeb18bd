package grafana

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/dashboards/grafana/grafanatest"
)

// Grafana's limits: columns of the grid, and the length of a uid.
const (
	gridColumns = 24
	maxUID      = 40
)

var (
	dashboardLink = regexp.MustCompile(`/d/([A-Za-z0-9_-]+)`)
	linkUse       = regexp.MustCompile(`\$\{([\w.]+)(?::\w+)?\}`)
)

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
	if seconds, err := time.ParseDuration(d.Refresh); err != nil || seconds < time.Minute {
		say("refresh is %q: buckets are not written more often than that", d.Refresh)
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
			continue
		}
		for _, use := range linkUse.FindAllStringSubmatch(l.URL, -1) {
			if name, ok := strings.CutPrefix(use[1], "__data.fields."); ok {
				if !strings.Contains(fmt.Sprint(d.Panels), name) {
					say("link %q names a column that no query has: %s", l.Title, name)
				}
			} else if !slices.ContainsFunc(d.Templating.List, func(v variable) bool { return v.Name == use[1] }) && use[1] != "__url_time_range" {
				say("link %q names variable %s, which is not declared", l.Title, use[1])
			}
		}
		if !strings.Contains(l.URL, "campaign") || !strings.Contains(l.URL, "from=") && !strings.Contains(l.URL, "__url_time_range") {
			say("link %q does not carry campaign and time", l.Title)
		}
		if !strings.Contains(l.URL, "${platform:queryparam}") && slices.ContainsFunc(d.Templating.List, func(v variable) bool { return v.Name == "platform" }) {
			say("link %q does not carry the platform", l.Title)
		}
	}
	return wrong
}

func lintPanels(d dashboard, say func(string, ...any)) {
	ids, titles := map[int]bool{}, map[string]bool{}
	see := func(p panel) {
		if p.Title == "" || titles[p.Title] {
			say("panel %d has no title of its own: %q", p.ID, p.Title)
		}
		if p.ID == 0 || ids[p.ID] {
			say("panel %q: id %d is missing or used twice", p.Title, p.ID)
		}
		titles[p.Title], ids[p.ID] = true, true
		if g := p.GridPos; g.X < 0 || g.Y < 0 || g.W <= 0 || g.H <= 0 || g.X+g.W > gridColumns {
			say("panel %q lies outside the grid: %+v", p.Title, g)
		}
	}
	for i, p := range d.Panels {
		see(p)
		if p.Type == "row" {
			if !p.Collapsed {
				say("row %q is open: what stands in it is to be opened by a person", p.Title)
			}
			for _, in := range p.Panels {
				see(in)
				if in.GridPos.Y <= p.GridPos.Y {
					say("panel %q is not below its row", in.Title)
				}
			}
		}
		for _, q := range d.Panels[:i] {
			g, o := p.GridPos, q.GridPos
			if g.X < o.X+o.W && o.X < g.X+g.W && g.Y < o.Y+o.H && o.Y < g.Y+g.H {
				say("panels %q and %q overlap", q.Title, p.Title)
			}
		}
	}
	for _, p := range d.panels() {
		lintPanel(p, say)
	}
	for _, a := range d.Annotations.List {
		for _, id := range a.Filter.IDs {
			if !ids[id] {
				say("annotation %q is for panel %d, which does not exist", a.Name, id)
			}
		}
	}
}

func lintPanel(p panel, say func(string, ...any)) {
	if len(p.Description) < 80 || !meansNot.MatchString(p.Description) {
		say("panel %q: description does not say what its numbers mean and what they do not", p.Title)
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
	if len(p.Targets) == 0 {
		say("panel %q has no query", p.Title)
	}
	refs := map[string]bool{}
	for _, t := range p.Targets {
		if refs[t.RefID] || t.RefID == "" {
			say("panel %q: refId %q is missing or used twice", p.Title, t.RefID)
		}
		refs[t.RefID] = true
		if t.Datasource != p.Datasource {
			say("panel %q asks another data source than its own", p.Title)
		}
		if t.Expr != "" && strings.Contains(t.Expr, "${") {
			say("panel %q: a variable in PromQL is not quoted", p.Title)
		}
	}
	if p.Type == "nodeGraph" && (!refs["nodes"] || !refs["edges"]) {
		say("panel %q needs the queries nodes and edges", p.Title)
	}
	if strings.Contains(fmt.Sprint(p.Targets), "$__interval_s") && p.Interval == "" {
		say("panel %q has no least interval", p.Title)
	}
}

// meansNot finds where a description says what a number is not, or when it misleads.
var meansNot = regexp.MustCompile(`(?i)\b(not|no|never|nobody|nothing|none|only|upper bound|estimated|may|misleads)\b`)

// bareUse finds $name, which Grafana would paste in unquoted.
var bareUse = regexp.MustCompile(`\$([A-Za-z]\w*|_[A-Za-z]\w*)`)

func lintQueries(d dashboard, say func(string, ...any)) {
	vars := map[string]variable{}
	for _, v := range d.Templating.List {
		vars[v.Name] = v
		if v.Multi != v.IncludeAll {
			say("variable %q: all is chosen as each of several", v.Name)
		}
		if used := slices.ContainsFunc(d.queries(), func(q query) bool { return strings.Contains(q.target.RawSQL, "${"+v.Name+":") }); !used && v.Hide == 0 {
			say("variable %q may be chosen and changes nothing", v.Name)
		}
		if v.Description == "" {
			say("variable %q has no description", v.Name)
		}
		if v.Type == "query" && (v.Query != v.Definition || v.Multi) {
			say("variable %q: query and definition differ, or several may be chosen", v.Name)
		}
	}
	for _, q := range d.queries() {
		sql := q.target.RawSQL
		if q.kind != "variable" {
			lintTarget(q, say)
			if vars["campaign"].Name != "" && vars["campaign"].Hide == 0 && !strings.Contains(sql, "campaign = ${campaign:singlequote}") {
				say("%s: not limited to the chosen campaign", q.where)
			}
		}
		// What there is to choose from may be of any time.
		if q.kind != "variable" && !bounded(sql) {
			say("%s: no time filter", q.where)
		}
		for _, m := range grafanatest.VariableUse.FindAllStringSubmatch(sql, -1) {
			if vars[m[1]].Name == "" {
				say("%s: variable %s is not declared", q.where, m[1])
			}
			if m[2] != "singlequote" {
				say("%s: variable %s is not quoted", q.where, m[1])
			}
		}
		for _, v := range vars {
			if all, in := strings.Count(sql, "${"+v.Name+":"), strings.Count(sql, "IN (${"+v.Name+":singlequote})"); v.Multi && all != in {
				say("%s: several values of %s need IN (…)", q.where, v.Name)
			}
		}
		for _, m := range bareUse.FindAllStringSubmatch(sql, -1) {
			say("%s: write ${%s:singlequote}, not $%s", q.where, m[1], m[1])
		}
		lintSQL(q.where, sql, say)
	}
}

// bounded reports whether a query reads the time shown, or one finding, or what a
// campaign is known to have at its end.
func bounded(sql string) bool {
	both := strings.Contains(sql, "$__fromTime") && strings.Contains(sql, "$__toTime")
	return strings.Contains(sql, "$__timeFilter(") || both ||
		strings.Contains(sql, "finding_id = ${finding:singlequote}") ||
		strings.Contains(sql, "to_at IS NULL") && strings.Contains(sql, "<= $__toTime")
}

// Replaced rows count once only with FINAL; watches are added up by min.
var tables = []string{
	"posts", "reach", "account_buckets", "audience", "findings", "finding_accounts", "finding_objects", "finding_posts", "finding_evidence",
	"gaps", "verdicts", "verdict_history", "declared_actions", "changes", "marks",
}

// lintSQL says what is wrong with SQL wherever it stands.
func lintSQL(where, sql string, say func(string, ...any)) {
	for _, m := range grafanatest.MacroUse.FindAllStringSubmatch(sql, -1) {
		if !grafanatest.Known(m[1]) {
			say("%s: unknown macro $__%s", where, m[1])
		}
	}
	for _, table := range tables {
		for _, m := range regexp.MustCompile(`(?:FROM|JOIN) `+table+`\b(.*)`).FindAllStringSubmatch(sql, -1) {
			rest := m[1]
			// The newest version itself, which accounts to look up, and where posts lie
			// may be read twice.
			harmless := strings.Contains(sql, "DISTINCT id_hour FROM "+table+rest) || strings.Contains(sql, "max(version) FROM "+table+rest) || strings.Contains(sql, "account_id FROM "+table+rest) || strings.Contains(sql, "SELECT target FROM "+table+rest)
			if !regexp.MustCompile(`^( AS \w+)? FINAL\b`).MatchString(rest) && !harmless {
				say("%s: %s is read without FINAL: replaced rows would count twice", where, table)
			}
		}
	}
	if strings.Contains(sql, "FROM posts ") {
		hours := strings.Contains(sql, "toStartOfHour(toDateTime(posted_at, 'UTC')) >= toStartOfHour(greatest($__fromTime, $__toTime - INTERVAL 2 DAY), 'UTC')")
		if !hours && !strings.Contains(sql, "(id_hour, platform, post_id) IN (SELECT lies, platform, post_id FROM shown)") {
			say("%s: posts are read without a bound by which they are ordered", where)
		}
	}
	if strings.Contains(sql, "FROM findings") && !strings.Contains(sql, "state") && !strings.Contains(sql, "finding_id = ${finding:singlequote}") {
		say("%s: withdrawn findings count", where)
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
		{"open row", func(d *dashboard) { d.Panels = append(d.Panels, panel{Type: "row", Title: "r", ID: 99}) }, "is open"},
		{"refresh", func(d *dashboard) { d.Refresh = "10s" }, "refresh"},
		{"annotation", func(d *dashboard) { d.Annotations.List[1].Filter.IDs = []int{77} }, "does not exist"},
		{"no query", func(d *dashboard) { d.Panels[0].Targets = nil }, "no query"},
		{"dead link", func(d *dashboard) { d.Panels[0].Links = []link{{Title: "x", URL: "/d/gone"}} }, "no shipped dashboard"},
		{"link loses time", func(d *dashboard) { d.Links[0].KeepTime = false }, "keep variables and time"},
		{"undeclared variable", func(d *dashboard) { d.Templating.List = nil }, "not declared"},
		{"several campaigns", func(d *dashboard) { d.Templating.List[0].Multi = true }, "several may be chosen"},
		{"unused variable", func(d *dashboard) {
			d.Templating.List = append(d.Templating.List, variable{Name: "x", Type: "custom", Description: "x"})
		}, "changes nothing"},
		{"one of several", spoilSQL("IN (${platform:singlequote})", "= ${platform:singlequote}"), "need IN"},
		{"link to nobody", func(d *dashboard) {
			d.Panels[0].Links = []link{{Title: "x", URL: "/d/winnow-reach?var-campaign=${gone}"}}
		}, "not declared"},
		{"link without time", func(d *dashboard) {
			d.Panels[0].Links = []link{{Title: "x", URL: "/d/winnow-reach?${campaign:queryparam}"}}
		}, "campaign and time"},
		{"link without platform", func(d *dashboard) {
			d.Panels[0].Links = []link{{Title: "x", URL: "/d/winnow-reach?${campaign:queryparam}&from=1"}}
		}, "carry the platform"},
		{"posts of all time", spoilSQL("FROM reach FINAL", "FROM posts FINAL"), "without a bound"},
		{"withdrawn findings", spoilSQL("FROM reach FINAL", "FROM findings FINAL"), "withdrawn"},
		{"no interval", spoilSQL("$__timeFilter(at)", "$__timeFilter(at) AND $__interval_s"), "least interval"},
		{"unquoted", spoilSQL(":singlequote}", "}"), "not quoted"},
		{"bare variable", spoilSQL("${campaign:singlequote}", "$campaign"), "write ${campaign:singlequote}"},
		{"no time filter", spoilAll("$__timeFilter(at)", "1", "$__fromTime", "1"), "no time filter"},
		{"unknown macro", spoilSQL("$__timeFilter(at)", "$__timeFilter(at) AND $__adHocFilters('reach')"), "unknown macro"},
		{"no FINAL", spoilSQL(" FINAL", ""), "without FINAL"},
		{"data source", func(d *dashboard) { d.Panels[0].Targets[0].Datasource.UID = "other" }, "data source"},
		{"format", func(d *dashboard) { d.Panels[0].Targets[0].Format = 0 }, "does not fit"},
	}
	if wrong := lint(t, readDashboard(t, "dashboards/reach.json"), []string{"winnow-reach"}); len(wrong) > 0 {
		t.Fatalf("before it is spoilt: %q", wrong)
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

// spoilAll changes the first panel's first query, everywhere.
func spoilAll(pairs ...string) func(*dashboard) {
	return func(d *dashboard) {
		sql := &d.Panels[0].Targets[0].RawSQL
		*sql = strings.NewReplacer(pairs...).Replace(*sql)
	}
}

// spoilSQL changes the first panel's first query.
func spoilSQL(old, with string) func(*dashboard) {
	return func(d *dashboard) {
		sql := &d.Panels[0].Targets[0].RawSQL
		*sql = strings.Replace(*sql, old, with, 1)
	}
}
