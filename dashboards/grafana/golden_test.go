package grafana

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/dashboards/grafana/alerts"
	"winnow/dashboards/grafana/boards"
)

var update = flag.Bool("update", false, "write the dashboards and the alert rules anew")

// golden fails unless a file is what it should be, after it was written anew if
// that was asked for.
func golden(t *testing.T, file string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; go test ./dashboards/grafana/ -update writes it", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is not what it is made from (-want +got); go test ./dashboards/grafana/ -update writes it anew:\n%s", file, diff)
	}
}

// The dashboards are what package boards makes, and nothing else lies beside them.
func TestDashboardsAreGenerated(t *testing.T) {
	all, err := boards.All()
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range all {
		want, err := d.JSON()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		golden(t, filepath.Join("dashboards", name+".json"), want)
	}
	files, err := filepath.Glob("dashboards/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if _, ok := all[strings.TrimSuffix(filepath.Base(file), ".json")]; !ok {
			t.Errorf("%s is made by nothing", file)
		}
	}
}

func TestAlertRulesAreGenerated(t *testing.T) {
	rules, err := alerts.Rules()
	if err != nil {
		t.Fatal(err)
	}
	want, err := rules.YAML()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "provisioning/alerting/winnow.yaml", want)
}
