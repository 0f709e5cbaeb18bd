package schematest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/alerting"
	"github.com/grafana/grafana-foundation-sdk/go/expr"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"go.yaml.in/yaml/v3"
)

// ruleFaults returns what is wrong in a file of alert rules. The SDK has the rules of
// Grafana's provisioning by HTTP, which name folder and group each, and lack the two
// fields that lead from a rule in a file to its panel.
func ruleFaults(raw []byte) []string {
	var f struct {
		Groups []struct {
			OrgID int    `yaml:"orgId"`
			Name  string `yaml:"name"`
			Rules []map[string]any
		}
	}
	if err := yaml.Unmarshal(raw, &f); err != nil {
		return []string{err.Error()}
	}
	var out []string
	for _, g := range f.Groups {
		for _, r := range g.Rules {
			delete(r, "dashboardUid")
			delete(r, "panelId")
			r["orgID"], r["ruleGroup"], r["folderUID"] = g.OrgID, g.Name, "any"
			for _, wrong := range oneRuleFaults(r) {
				out = append(out, fmt.Sprintf("rule %q: %s", r["title"], wrong))
			}
		}
	}
	return out
}

func oneRuleFaults(r map[string]any) []string {
	raw, err := json.Marshal(r)
	if err != nil {
		return []string{err.Error()}
	}
	var rule alerting.Rule
	out := read(&rule, raw)
	// Grafana does not start with a word that it does not know.
	if !slices.Contains([]alerting.RuleNoDataState{alerting.RuleNoDataStateAlerting, alerting.RuleNoDataStateNoData, alerting.RuleNoDataStateOK, alerting.RuleNoDataStateKeepLast}, rule.NoDataState) {
		out = append(out, fmt.Sprintf("noDataState: unknown word %q", rule.NoDataState))
	}
	if !slices.Contains([]alerting.RuleExecErrState{alerting.RuleExecErrStateAlerting, alerting.RuleExecErrStateError, alerting.RuleExecErrStateOK, alerting.RuleExecErrStateKeepLast}, rule.ExecErrState) {
		out = append(out, fmt.Sprintf("execErrState: unknown word %q", rule.ExecErrState))
	}
	var parts struct {
		Data []struct {
			DatasourceUID string `json:"datasourceUid"`
			Model         json.RawMessage
		}
	}
	if err := json.Unmarshal(raw, &parts); err != nil {
		return append(out, err.Error())
	}
	for i, q := range parts.Data {
		for _, wrong := range modelFaults(q.DatasourceUID, q.Model) {
			out = append(out, fmt.Sprintf("data[%d].model: %s", i, wrong))
		}
	}
	return out
}

// modelFaults looks at a query by the source that it is put to, which in a rule stands
// beside it.
func modelFaults(source string, raw []byte) []string {
	switch source {
	case "__expr__":
		return read(&expr.Expr{}, raw)
	case "prometheus":
		return read(&prometheus.Dataquery{}, raw)
	case "clickhouse":
		_, err := readStoreQuery(raw)
		return lines(err)
	default:
		return []string{fmt.Sprintf("put to %q, which is not provisioned", source)}
	}
}

const rulesFile = "provisioning/alerting/winnow.yaml"

func TestAlertRulesFollowGrafanasSchema(t *testing.T) {
	for _, wrong := range ruleFaults(file(t, rulesFile)) {
		t.Error(wrong)
	}
}

func TestEachFaultOfARuleIsFound(t *testing.T) {
	for _, c := range []struct{ name, old, with, want string }{
		{"unknown field", "for: 0s", "after: 0s", `rule "Attack begins": Rule: unexpected field 'after'`},
		{"type", "condition: C", "condition: [C]", `rule "Attack begins": condition`},
		{"word", "noDataState: OK", "noDataState: Fine", `noDataState: unknown word "Fine"`},
		{"another word", "execErrState: Error", "execErrState: Bad", `execErrState: unknown word "Bad"`},
		{"field of a query", "relativeTimeRange:", "timeRange:", `data[0].Query: unexpected field 'timeRange'`},
		{"query to the store", "rawSql:", "sql:", `rule "Attack begins": data[0].model: json: unknown field "sql"`},
		{"query to Prometheus", "instant: true", "instant: 1", `data[0].model: instant`},
		{"threshold", "params: [0]", "params: 0", `data[1].model: conditions[0].evaluator.params`},
		{"source", "datasourceUid: clickhouse", "datasourceUid: store", `put to "store"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			sound := string(file(t, rulesFile))
			if !strings.Contains(sound, c.old) {
				t.Fatalf("nothing like %s in it", c.old)
			}
			got := ruleFaults([]byte(strings.Replace(sound, c.old, c.with, 1)))
			if !slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, c.want) }) {
				t.Errorf("got %q, want something with %s", got, c.want)
			}
		})
	}
}
