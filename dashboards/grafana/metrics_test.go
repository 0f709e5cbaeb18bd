package grafana

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// expressions are the queries of Prometheus in dashboards and alert rules, by
// where they stand.
func expressions(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for name, d := range dashboards(t) {
		for _, p := range d.panels() {
			for _, target := range p.Targets {
				if target.Expr != "" {
					out[name+"/"+p.Title+"/"+target.RefID] = strings.ReplaceAll(target.Expr, "$__rate_interval", "1m")
				}
			}
		}
	}
	for _, r := range provisioned(t) {
		if expr := r.Data[0].Model.Expr; expr != "" {
			out["alert/"+r.Title] = expr
		}
	}
	if len(out) < 10 {
		t.Fatalf("%d expressions", len(out))
	}
	return out
}

func TestExpressionsAreValid(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		const hint = "promtool is missing: apt-get install prometheus"
		if os.Getenv("CI") == "true" {
			t.Fatal(hint)
		}
		t.Skip(hint)
	}
	type rule struct {
		Record string `json:"record"`
		Expr   string `json:"expr"`
	}
	type group struct {
		Name  string `json:"name"`
		Rules []rule `json:"rules"`
	}
	g := group{Name: "dashboards"}
	for where, expr := range expressions(t) {
		g.Rules = append(g.Rules, rule{"r:" + regexp.MustCompile(`\W+`).ReplaceAllString(where, "_"), expr})
	}
	text, err := json.Marshal(map[string][]group{"groups": {g}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "rules.yml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), promtool, "check", "rules", file).CombinedOutput(); err != nil {
		t.Errorf("promtool: %v\n%s", err, out)
	}
}

// metricName finds the names of Winnow's own metrics.
var metricName = regexp.MustCompile(`winnow_\w+`)

// Every metric that is asked for is one that Winnow has, by the page that a test
// writes from a running one.
func TestExpressionsNameMetricsThatExist(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "metrics.md"))
	if err != nil {
		t.Fatal(err)
	}
	exists := func(name string) bool {
		return strings.Contains(string(page), "| `"+strings.TrimSuffix(name, "_bucket")+"` |")
	}
	for where, expr := range expressions(t) {
		for _, name := range metricName.FindAllString(expr, -1) {
			if !exists(name) {
				t.Errorf("%s: no metric is called %s", where, name)
			}
		}
	}
	if exists("winnow_collector_never_there") {
		t.Error("every name exists")
	}
}
