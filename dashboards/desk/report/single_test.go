package report

import (
	"bytes"
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
	// The finding itself is told word for word as there.
	for _, o := range []Options{{}, {Identities: true}} {
		if diff := cmp.Diff(article(t, write(t, march(), o)), article(t, single(t, 0, o))); diff != "" {
			t.Errorf("identities %v: another finding than in the report on the campaign (-there +alone):\n%s", o.Identities, diff)
		}
	}
}

// article is the first finding in a report.
func article(t *testing.T, file string) []string {
	t.Helper()
	_, rest, found := strings.Cut(file, "<article")
	text, _, ended := strings.Cut(rest, "</article>")
	if !found || !ended {
		t.Fatal("there is no finding in it")
	}
	return strings.Split(text, "\n")
}
