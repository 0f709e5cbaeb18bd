package grafana

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/go-cmp/cmp"

	"winnow/dashboards/grafana/alerts"
	"winnow/dashboards/grafana/grafanatest"
)

// provisioned are the alert rules as Grafana reads them.
func provisioned(t *testing.T) []alerts.Rule {
	t.Helper()
	var file alerts.File
	readYAML(t, "provisioning/alerting/winnow.yaml", &file)
	if len(file.Groups) != 1 || len(file.Groups[0].Rules) < 3 {
		t.Fatalf("alert rules: %+v", file)
	}
	return file.Groups[0].Rules
}

func TestAlertRules(t *testing.T) {
	uids := []string{}
	all := dashboards(t)
	for _, r := range provisioned(t) {
		if r.UID == "" || len(r.UID) > maxUID || slices.Contains(uids, r.UID) {
			t.Errorf("rule %q: uid %q is missing, too long or used twice", r.Title, r.UID)
		}
		uids = append(uids, r.UID)
		if len(r.Data) != 2 || r.Condition != "C" || r.Data[1].Model.Expression != "A" || r.Data[1].DatasourceUID != "__expr__" {
			t.Errorf("rule %q: want a query A and a threshold C on it, got %+v", r.Title, r.Data)
		}
		q := r.Data[0]
		if q.DatasourceUID == "clickhouse" && (q.Model.Format != 1 || q.Model.EditorType != "sql" || q.Model.QueryType != "table") || q.DatasourceUID == "prometheus" && !q.Model.Instant {
			t.Errorf("rule %q: the query must give a table, or one value: %+v", r.Title, q.Model)
		}
		if strings.Contains(q.Model.RawSQL+q.Model.Expr+fmt.Sprint(r.Annotations), "$") {
			t.Errorf("rule %q: a dollar sign stands for the environment in provisioned files", r.Title)
		}
		lintSQL(r.Title, q.Model.RawSQL, func(format string, args ...any) { t.Errorf("rule "+format, args...) })
		if r.DashboardUID != "" && !hasPanel(all, r.DashboardUID, r.PanelID) {
			t.Errorf("rule %q points to panel %d of %s, which does not exist", r.Title, r.PanelID, r.DashboardUID)
		}
		if r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
			t.Errorf("rule %q says nothing", r.Title)
		}
	}
	var provider struct{ Providers []struct{ Folder string } }
	readLoosely(t, "provisioning/dashboards/winnow.yaml", &provider)
	if provider.Providers[0].Folder == alerts.Folder {
		t.Error("rules and dashboards need folders of different titles")
	}
}

func hasPanel(all map[string]dashboard, uid string, id int) bool {
	for _, d := range all {
		if d.UID == uid {
			return slices.ContainsFunc(d.panels(), func(p panel) bool { return p.ID == id })
		}
	}
	return false
}

// Alerts fire for what happens now, once for each row.
func testAlerts(t *testing.T, conn driver.Conn) {
	for _, c := range []struct {
		rule string
		at   time.Duration
		want [][]string
	}{
		// The declared ones do not count, nor what was withdrawn or judged wrong.
		{"Attack begins", 5 * time.Minute, [][]string{{"other", "coordinated activity", "1"}, {campaignName, "coordinated activity", "1"}, {campaignName, "early sign", "1"}}},
		{"Attack begins", 31*time.Minute + 5*time.Second, [][]string{{campaignName, "coordinated activity", "1"}}},
		{"Attack begins", 40 * time.Minute, [][]string{}},
		{"Coverage lost", 14 * time.Minute, [][]string{}},
		{"Coverage lost", 15 * time.Minute, [][]string{{"bluesky/jetstream", "all that it watches", "network", "300"}, {"mastodon/a.example", "other", "network", "300"}}},
	} {
		i := slices.IndexFunc(provisioned(t), func(r alerts.Rule) bool { return r.Title == c.rule })
		sql := provisioned(t)[i].Data[0].Model.RawSQL
		at := fmt.Sprintf("fromUnixTimestamp64Milli(%d, 'UTC')", noon.Add(c.at).UnixMilli())
		f := answer(t, conn, strings.ReplaceAll(sql, "now64(3, 'UTC')", at), grafanatest.TimeRange{}, nil)
		if diff := cmp.Diff(c.want, f.rows); diff != "" {
			t.Errorf("%s, %s after noon (-want +got):\n%s", c.rule, c.at, diff)
		}
		// Strings name an alert and one number decides.
		numbers := 0
		for _, typ := range f.types {
			if isNumber(typ) {
				numbers++
			} else if !isString(typ) {
				t.Errorf("%s: a column is a %s, neither string nor number", c.rule, typ)
			}
		}
		if len(f.rows) > 0 && numbers != 1 {
			t.Errorf("%s: %d columns are numbers, want 1", c.rule, numbers)
		}
	}
}
