package grafana

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/dashboards/grafana/boards"
)

var update = flag.Bool("update", false, "write the dashboards anew from package boards")

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
		file := filepath.Join("dashboards", name+".json")
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
			t.Errorf("%s is not what package boards makes (-want +got); go test ./dashboards/grafana/ -update writes it anew:\n%s", file, diff)
		}
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
