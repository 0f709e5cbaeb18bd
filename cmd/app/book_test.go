package app

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"winnow/cmd/config"
	"winnow/dashboards/desk/draft"
	"winnow/pipeline/campaign"
)

// Where campaigns cannot be written, the pages are told why, and nothing is written; the
// lines to copy load as the campaign that they are of.
func TestBookThatIsClosed(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	bridge := campaign.Campaign{Name: "Bridge", Tags: []string{"#bridge"}, Keep: 48 * time.Hour}
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "winnow.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const first = "campaigns: [{name: Lanterns, tags: [lanterns]}]\n"
	for name, test := range map[string]struct {
		path, later string
		demo        bool
		want        draft.Closed
	}{
		"a demonstration":   {demo: true, want: draft.Demo},
		"no file":           {want: draft.NoFile},
		"managed elsewhere": {path: file(first + "desk: {campaigns: read-only}\n"), want: draft.Managed},
		"broken by now":     {path: file(first), later: "campaigns: [{name: Lanterns}]\n", want: draft.Broken},
		"ours":              {path: file(first)},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := config.Load(test.path)
			if err != nil {
				t.Fatal(err)
			}
			a, err := New(cfg, Deps{Demo: test.demo, Log: slog.New(slog.DiscardHandler), Now: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			if test.path != "" {
				if a.service, err = NewService(test.path, func(*config.Config) {}, a.deps, Role{}); err != nil {
					t.Fatal(err)
				}
			}
			if test.later != "" {
				if err := os.WriteFile(test.path, []byte(test.later), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			b := a.book()
			o, err := b.Open()
			if err != nil || o.Closed != test.want || test.path != "" && len(o.Campaigns) != 1 {
				t.Errorf("%+v, %v", o, err)
			}
			found, err := b.Check(campaign.Campaign{Name: "Bridge", Tags: []string{"!"}})
			if err != nil || len(found) != 1 || found[0].Path != "tags[0]" || found[0].Outside {
				t.Errorf("%+v, %v", found, err)
			}
			again, err := config.Parse("", []byte(b.Snippet(bridge)))
			if err != nil || len(again.CampaignList()) != 1 || again.CampaignList()[0].Keep != bridge.Keep {
				t.Errorf("%+v, %v", again.Campaigns, err)
			}
			if err := b.Write(o.Version, bridge); (err == nil) != (test.want == "") {
				t.Errorf("writing: %v", err)
			}
			if test.path == "" {
				return
			}
			text, err := os.ReadFile(test.path)
			if err != nil || strings.Contains(string(text), "Bridge") != (test.want == "") {
				t.Errorf("%v\n%s", err, text)
			}
		})
	}
}
