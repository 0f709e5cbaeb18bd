package classic_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/collectors/x/classic"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

func TestTrack(t *testing.T) {
	long := strings.Repeat("long ", 20)
	got, err := classic.NewTrack([]campaign.Campaign{{
		Name: "games", Tags: []string{"#Baku2015", "baku2015", "Bakı2015"},
		Terms: []string{"empty, cells", long, "!"},
		Protected: []campaign.Protected{
			{Platform: post.X, Account: "@open_games"},
			{Account: "2244994945"},
			{Account: "2244994945"},
			{Account: "anna@social.example"},
			{Platform: post.X, Account: "bad handle"},
			{Platform: post.Bluesky, Account: "x"},
		},
		Declared: []campaign.Declared{{Tags: []string{"GamesDay"}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"#Baku2015", "#Bakı2015", "#baki2015", "#GamesDay", "empty cells", "@open_games"}, got.Keywords); diff != "" {
		t.Errorf("keywords (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"2244994945"}, got.Follow); diff != "" {
		t.Errorf("accounts (-want +got):\n%s", diff)
	}
	for i, part := range []string{long, long[:20], "@open_games", "bad handle"} {
		if i >= len(got.Unwatchable) || !strings.Contains(got.Unwatchable[i], strings.TrimSpace(part)) {
			t.Errorf("unwatchable: %q, want the %dth to name %q", got.Unwatchable, i, part)
			break
		}
	}
}

func TestTrackThatIsNone(t *testing.T) {
	many := campaign.Campaign{Name: "many"}
	for i := range classic.MaxKeywords + 1 {
		many.Tags = append(many.Tags, fmt.Sprintf("tag%d", i))
	}
	for _, c := range []campaign.Campaign{many, {Name: "none"}, {Name: "elsewhere", Protected: []campaign.Protected{{Platform: post.Mastodon, Account: "@a@b"}}}} {
		if _, err := classic.NewTrack([]campaign.Campaign{c}); err == nil {
			t.Errorf("campaign %q has a track", c.Name)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	good := classic.Options{URL: "https://stream.example", HTTP: http.DefaultClient, Campaigns: []campaign.Campaign{{Name: "a", Tags: []string{"a"}}}}
	if _, err := classic.New(good); err != nil {
		t.Errorf("a good one: %v", err)
	}
	for name, change := range map[string]func(*classic.Options){
		"no address":    func(o *classic.Options) { o.URL = "" },
		"no scheme":     func(o *classic.Options) { o.URL = "stream.example" },
		"another":       func(o *classic.Options) { o.URL = "ftp://stream.example" },
		"no client":     func(o *classic.Options) { o.HTTP = nil },
		"nothing to do": func(o *classic.Options) { o.Campaigns = nil },
	} {
		o := good
		change(&o)
		if _, err := classic.New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
