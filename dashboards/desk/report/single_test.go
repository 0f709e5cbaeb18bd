package report

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// single is the report on the i-th finding of a made-up campaign.
func single(t *testing.T, i int, o Options) string {
	t.Helper()
	s := march()
	f := s.findings[i]
	edges, err := s.Edges(t.Context(), name, f.ID, 100, 20)
	if err != nil {
		t.Fatal(err)
	}
	o.Campaign, o.Version = name, "v0.0-test"
	var file bytes.Buffer
	if err := WriteFinding(&file, f, edges, o); err != nil {
		t.Fatal(err)
	}
	return file.String()
}

// A finding on its own is told as in the report on its campaign, and stands alone as that
// does.
func TestFindingOnItsOwn(t *testing.T) {
	for _, o := range []Options{{}, {Identities: true}} {
		for i := range march().findings {
			got := single(t, i, o)
			audit(t, got)
			if !o.Identities && strings.Contains(got, secret) {
				t.Errorf("finding %d: it names or quotes somebody", i)
			}
			if strings.Contains(got, secret+" note") || strings.Contains(got, secret+"-id") {
				t.Errorf("finding %d: it tells a note or a number of an account", i)
			}
			if got != single(t, i, o) {
				t.Errorf("finding %d: other bytes the second time", i)
			}
		}
	}
	// What is as in all reports is read there.
	_, got, _ := strings.Cut(single(t, 0, Options{Identities: true}), "</style>")
	got, _, _ = strings.Cut(got, `<h2 id="method">`)
	path := filepath.Join("testdata", "single.html")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("not the report that was read (-want +got):\n%s", diff)
	}
}
