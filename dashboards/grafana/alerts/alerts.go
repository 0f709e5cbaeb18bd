package alerts

import (
	"bytes"
	"embed"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"winnow/dashboards/grafana/model"
)

//go:embed queries
var queries embed.FS

// Folder holds the rules. It is none of the dashboards' folder: Grafana makes each
// by its title, and would not have two of the same.
const Folder = "Winnow alerts"

// File is a file for Grafana's provisioning of alerts.
type File struct {
	APIVersion int     `yaml:"apiVersion"`
	Groups     []Group `yaml:"groups"`
}

// Group is rules that are looked at together.
type Group struct {
	OrgID    int    `yaml:"orgId"`
	Name     string `yaml:"name"`
	Folder   string `yaml:"folder"`
	Interval string `yaml:"interval"`
	Rules    []Rule `yaml:"rules"`
}

// Rule fires once for each row, or line, of its query that is beyond a threshold.
type Rule struct {
	UID          string  `yaml:"uid"`
	Title        string  `yaml:"title"`
	Condition    string  `yaml:"condition"`
	Data         []Query `yaml:"data"`
	For          string  `yaml:"for"`
	NoDataState  string  `yaml:"noDataState"`
	ExecErrState string  `yaml:"execErrState"`
	// DashboardUID and PanelID are where to look; they stand among the annotations too.
	DashboardUID string            `yaml:"dashboardUid,omitempty"`
	PanelID      int               `yaml:"panelId,omitempty"`
	Annotations  map[string]string `yaml:"annotations"`
	Labels       map[string]string `yaml:"labels"`
}

// Query is a question to a data source, or the threshold that its answer is held
// against.
type Query struct {
	RefID         string   `yaml:"refId"`
	DatasourceUID string   `yaml:"datasourceUid"`
	Range         Relative `yaml:"relativeTimeRange"`
	Model         Model    `yaml:"model"`
}

// Relative is a stretch of time in seconds before now.
type Relative struct {
	From int `yaml:"from"`
	To   int `yaml:"to"`
}

// Model is what a data source reads.
type Model struct {
	RefID string `yaml:"refId"`

	// Of the store: format 1 is a table, strings and one number.
	EditorType string `yaml:"editorType,omitempty"`
	QueryType  string `yaml:"queryType,omitempty"`
	Format     int    `yaml:"format,omitempty"`
	RawSQL     string `yaml:"rawSql,omitempty"`

	// Of Prometheus.
	Expr    string `yaml:"expr,omitempty"`
	Instant bool   `yaml:"instant,omitempty"`

	// Of Grafana's own expressions.
	Type       string      `yaml:"type,omitempty"`
	Expression string      `yaml:"expression,omitempty"`
	Conditions []Condition `yaml:"conditions,omitempty"`
}

// Condition is a threshold.
type Condition struct {
	Evaluator Evaluator `yaml:"evaluator"`
}

// Evaluator compares with numbers.
type Evaluator struct {
	Type   string    `yaml:"type"`
	Params []float64 `yaml:"params,flow"`
}

// Rules are all of them.
func Rules() (File, error) {
	attack, err := queries.ReadFile("queries/attack_begins.sql")
	if err != nil {
		return File{}, fmt.Errorf("reading an alert's query: %w", err)
	}
	blind, err := queries.ReadFile("queries/coverage_lost.sql")
	if err != nil {
		return File{}, fmt.Errorf("reading an alert's query: %w", err)
	}
	begins := rule("winnow-attack-begins", "Attack begins", store(attack), 0, map[string]string{
		"summary":     "{{ .Labels.campaign }}: {{ .Labels.sign }}",
		"description": "Accounts acted together far beyond chance, in posts of the last half hour. An early sign may be taken back within the hour. Whether it is an attack is for a person to judge: open the dashboard Coordination of this campaign.",
	}).at("winnow-coordination", 11)
	lost := rule("winnow-coverage-lost", "Coverage lost", store(blind), 0, map[string]string{
		"summary":     "{{ .Labels.source }} sees nothing of {{ .Labels.concerns }}: {{ .Labels.cause }}",
		"description": "The source has seen nothing for five minutes or more. Numbers of this time will be too low, and an attack would not be found. The desk says what to do about each cause.",
	}).at("winnow-coverage", 6)
	silent := rule("winnow-silent", "Coverage lost: Winnow does not answer", metrics(`1 - up{job="winnow"}`), 0, map[string]string{
		"summary":     "Winnow does not answer",
		"description": "Nothing is collected while it does not run, and no gap is on record before it runs again.",
	})
	silent.For, silent.NoDataState = "2m", "Alerting"
	part := func(span, spent, limit string) string {
		return `label_replace(winnow_collector_spent_posts_` + spent + ` / (winnow_collector_limit_posts_` + limit + ` > 0), "span", "` + span + `", "", "")`
	}
	near := rule("winnow-budget-near", "Budget near", metrics(part("day", "today", "day")+" or "+part("month", "month", "month")), 0.8, map[string]string{
		"summary":     "{{ .Labels.source }} has used {{ humanizePercentage .Values.A.Value }} of what may be paid for this {{ .Labels.span }}",
		"description": "By Winnow's own count. Before all is used only a share of the posts is asked for, then none until the {{ .Labels.span }} ends, and that is a gap.",
	}).at("winnow-coverage", 12)
	return File{APIVersion: 1, Groups: []Group{{OrgID: 1, Name: "Winnow", Folder: Folder, Interval: "1m", Rules: []Rule{begins, lost, silent, near}}}}, nil
}

// rule fires for each row of A above a threshold. That there is none is no fault:
// nothing was found.
func rule(uid, title string, a Query, above float64, annotations map[string]string) Rule {
	threshold := Query{RefID: "C", DatasourceUID: "__expr__", Model: Model{
		RefID: "C", Type: "threshold", Expression: "A", Conditions: []Condition{{Evaluator{"gt", []float64{above}}}},
	}}
	return Rule{
		UID: uid, Title: title, Condition: "C", Data: []Query{a, threshold}, For: "0s", NoDataState: "OK", ExecErrState: "Error",
		Annotations: annotations, Labels: map[string]string{"service": "winnow"},
	}
}

// at is the rule with where to look.
func (r Rule) at(dashboard string, panel int) Rule {
	r.DashboardUID, r.PanelID = dashboard, panel
	r.Annotations["__dashboardUid__"], r.Annotations["__panelId__"] = dashboard, strconv.Itoa(panel)
	return r
}

func store(sql []byte) Query {
	return Query{RefID: "A", DatasourceUID: model.Store.UID, Range: Relative{From: 1800}, Model: Model{
		RefID: "A", EditorType: "sql", QueryType: "table", Format: 1, RawSQL: strings.TrimSpace(string(sql)) + "\n",
	}}
}

func metrics(expr string) Query {
	return Query{RefID: "A", DatasourceUID: model.Metrics.UID, Range: Relative{From: 300}, Model: Model{RefID: "A", Expr: expr, Instant: true}}
}

// YAML is the file as Grafana reads it.
func (f File) YAML() ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("# When Grafana is to wake somebody. Written by go test ./dashboards/grafana/ -update from\n# package alerts. To whom it goes is set in Grafana: there is no contact point here.\n")
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(f); err != nil {
		return nil, err
	}
	return out.Bytes(), enc.Close()
}
