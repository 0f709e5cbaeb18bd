package deploy

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const (
	rulesFile      = "dashboards/prometheus/winnow.rules.yml"
	rulesTestFile  = "dashboards/prometheus/winnow.rules.test.yml"
	operationsPage = "docs/operations.md"
)

// rule is one of winnow.rules.yml: it records, or it alerts.
type rule struct {
	Record, Alert, Expr, For string
	Labels, Annotations      map[string]string
}

func rules(t *testing.T) (all []rule) {
	t.Helper()
	var file struct {
		Groups []struct{ Rules []rule }
	}
	if err := yaml.Unmarshal([]byte(read(t, root, rulesFile)), &file); err != nil {
		t.Fatalf("%s: %v", rulesFile, err)
	}
	for _, g := range file.Groups {
		all = append(all, g.Rules...)
	}
	if len(all) == 0 {
		t.Fatalf("%s has no rules", rulesFile)
	}
	return all
}

func TestEveryAlertTellsWhatToDo(t *testing.T) {
	page := read(t, root, operationsPage)
	seen := map[string]bool{}
	for _, r := range rules(t) {
		if r.Alert == "" {
			continue
		}
		if seen[r.Alert] {
			t.Errorf("%s is there twice", r.Alert)
		}
		seen[r.Alert] = true
		for _, key := range []string{"summary", "description"} {
			if strings.TrimSpace(r.Annotations[key]) == "" {
				t.Errorf("%s has no %s", r.Alert, key)
			}
		}
		if want := operationsPage + "#" + strings.ToLower(r.Alert); r.Annotations["runbook"] != want {
			t.Errorf("%s: runbook is %q, want %q", r.Alert, r.Annotations["runbook"], want)
		}
		if !strings.Contains(page, "\n### "+r.Alert+"\n") {
			t.Errorf("%s has no heading in %s", r.Alert, operationsPage)
		}
		if !slices.Contains([]string{"critical", "warning"}, r.Labels["severity"]) {
			t.Errorf("%s: severity %q", r.Alert, r.Labels["severity"])
		}
		if r.For == "" {
			t.Errorf("%s fires at once: give it a for", r.Alert)
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^### (\w+)$`).FindAllStringSubmatch(page, -1) {
		if !seen[m[1]] {
			t.Errorf("%s explains %s, which is no alert", operationsPage, m[1])
		}
	}
}

// Each alert is tested while it fires, and while it does not.
func TestEveryAlertHasATest(t *testing.T) {
	var file struct {
		Tests []struct {
			Queries []struct {
				Expr    string
				Samples []any `yaml:"exp_samples"`
			} `yaml:"promql_expr_test"`
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, root, rulesTestFile)), &file); err != nil {
		t.Fatalf("%s: %v", rulesTestFile, err)
	}
	fires, never := map[string]bool{}, map[string]bool{}
	for _, c := range file.Tests {
		asked, fired := map[string]bool{}, map[string]bool{}
		for _, q := range c.Queries {
			for _, r := range rules(t) {
				if r.Alert != "" && q.Expr == `ALERTS{alertname="`+r.Alert+`",alertstate="firing"}` {
					asked[r.Alert] = true
					fired[r.Alert] = fired[r.Alert] || len(q.Samples) > 0
				}
			}
		}
		for name := range asked {
			if fired[name] {
				fires[name] = true
			} else {
				never[name] = true
			}
		}
	}
	for _, r := range rules(t) {
		if r.Alert != "" && (!fires[r.Alert] || !never[r.Alert]) {
			t.Errorf("%s: a test in which it fires: %v, one in which it does not: %v", r.Alert, fires[r.Alert], never[r.Alert])
		}
	}
}

// What the rules ask for is there: in docs/metrics.md, which a test of cmd/app keeps
// to what the code has, among what the rules record, or told by others. What a
// ClickHouse server tells is compared with the engine, in cmd/app as well.
func TestRulesNameMetricsThatExist(t *testing.T) {
	known := map[string]bool{
		"up":                            true, // by Prometheus itself
		"process_resident_memory_bytes": true, // by every Go program
		"process_start_time_seconds":    true,
		"go_gc_gomemlimit_bytes":        true,
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `(winnow_\\w+)` \\| (\\w+)").FindAllStringSubmatch(read(t, root, "docs/metrics.md"), -1) {
		known[m[1]] = true
		if m[2] == "histogram" {
			known[m[1]+"_bucket"], known[m[1]+"_sum"], known[m[1]+"_count"] = true, true, true
		}
	}
	all := rules(t)
	for _, r := range all {
		known[r.Record] = true
	}
	used := map[string]bool{}
	for _, r := range all {
		for _, name := range metricsOf(r.Expr) {
			used[name] = true
			if !known[name] && !strings.HasPrefix(name, "ClickHouseMetrics_") {
				t.Errorf("%s%s asks for %s, which nobody tells", r.Record, r.Alert, name)
			}
		}
	}
	if !used["winnow_log_lag_messages"] || !used["source:winnow_collector_gap:ratio6h"] {
		t.Errorf("the metrics of the rules were not found: %v", used)
	}
}

// metricsOf returns the words of an expression that are neither labels, functions
// nor the language's own.
func metricsOf(expr string) (names []string) {
	for _, aside := range []string{`"[^"]*"`, `\{[^}]*\}`, `\[[^\]]*\]`, `\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)`} {
		expr = regexp.MustCompile(aside).ReplaceAllString(expr, " ")
	}
	words := regexp.MustCompile(`[A-Za-z_:][A-Za-z0-9_:]*\s*\(?`)
	for _, w := range words.FindAllString(expr, -1) {
		if !strings.HasSuffix(w, "(") && !slices.Contains([]string{"and", "or", "unless", "bool", "offset", "e"}, strings.TrimSpace(w)) {
			names = append(names, strings.TrimSpace(w))
		}
	}
	return names
}

func TestRulesPassTheirTests(t *testing.T) {
	tool := promtool(t)
	for _, args := range [][]string{{"check", "rules", rulesFile}, {"test", "rules", rulesTestFile}} {
		path := filepath.Join(root, args[2])
		if out, err := run(t, nil, tool, args[0], args[1], path); err != nil {
			t.Errorf("promtool %s %s: %v\n%s", args[0], args[1], err, out)
		}
	}
}

// The alert on a server's memory knows its limit.
func TestMemoryAlertFitsTheServer(t *testing.T) {
	var file struct {
		MaxMemory string `xml:"max_server_memory_usage"`
	}
	readXML(t, "clickhouse/config.d/winnow.xml", &file)
	for _, r := range rules(t) {
		if r.Alert == "ClickHouseMemoryHigh" && !strings.HasSuffix(strings.TrimSpace(r.Expr), " * "+file.MaxMemory) {
			t.Errorf("%s compares with another limit than max_server_memory_usage, %s", r.Expr, file.MaxMemory)
		}
	}
	limit := int64(stack(t, nil).Services["winnow"].MemLimit)
	soft := stack(t, nil).Services["winnow"].Environment["GOMEMLIMIT"]
	if soft == nil || *soft != "896MiB" || limit <= 896<<20 {
		t.Errorf("GOMEMLIMIT is %v, which must be below the container's %d", soft, limit)
	}
}
