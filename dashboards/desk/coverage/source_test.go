package coverage

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/collectors"
	"winnow/pipeline/post"
	"winnow/storage/view"
)

func TestState(t *testing.T) {
	gap := &post.Gap{From: ago(25 * time.Minute), Cause: post.Budget, Share: 0.4, Note: "the day’s budget ends at midnight"}
	for _, test := range []struct {
		name               string
		status             collectors.Status
		class, state, says string
	}{
		{
			"live",
			collectors.Status{State: collectors.Live, LastBytes: ago(4 * time.Second), LastPost: ago(12 * time.Second)},
			"live", "Live.", "Last bytes 4 seconds ago, last post 12 seconds ago.",
		},
		{
			"quiet",
			collectors.Status{State: collectors.Live, LastBytes: ago(0)},
			"live", "Live.", "Last bytes just now, last post not yet since the start.",
		},
		{
			"sampled",
			collectors.Status{State: collectors.Live, LastBytes: ago(time.Second), LastPost: ago(time.Hour), Missing: gap},
			"part", "Live, but not everything is seen.",
			"Last bytes 1 second ago, last post 1 hour ago. Since 18:05 UTC about 40% of its posts is taken: " +
				"paused or sampled, to stay within what may be spent; the day’s budget ends at midnight.",
		},
		{
			"waiting",
			collectors.Status{State: collectors.Waiting, Fault: "X asks to wait", RetryAt: ago(-5 * time.Minute)},
			"waiting", "Waiting:", "X asks to wait. It is tried again at 18:35 UTC.",
		},
		{
			"waiting till tomorrow",
			collectors.Status{State: collectors.Waiting, Fault: "the budget is used up.", RetryAt: ago(-6 * time.Hour)},
			"waiting", "Waiting:", "the budget is used up. It is tried again at 13 Jun 2031, 00:30 UTC.",
		},
		{
			"waiting without words",
			collectors.Status{State: collectors.Waiting, Missing: &post.Gap{Cause: post.Stalled}},
			"waiting", "Waiting:", "connected, but nothing came, not even a sign of life.",
		},
		{
			"ended",
			collectors.Status{State: collectors.Ended, Fault: "the access token was refused", Advice: "make a new one"},
			"down", "Stopped:", "the access token was refused. Next step: make a new one.",
		},
		{
			"connecting",
			collectors.Status{State: collectors.Connecting, Since: ago(3 * time.Second), Fault: "the connection broke"},
			"waiting", "Connecting.", "It began 3 seconds ago. Before that: the connection broke.",
		},
		{"unknown", collectors.Status{State: "odd"}, "down", "odd.", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			class, state, says := state(en, test.status)
			if diff := cmp.Diff([]string{test.class, test.state, test.says}, []string{class, state, says}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSources(t *testing.T) {
	running := []collectors.Status{
		{Source: "bluesky/jetstream", Platform: post.Bluesky, State: collectors.Live, LastBytes: now, LastPost: now, Posts: 7},
		{Source: "x/stream", Platform: post.X, State: collectors.Waiting, Fault: "no", Pending: 2, Spend: &collectors.Spend{PostsToday: 1}},
	}
	seen := []view.Coverage{
		{Source: "bluesky/jetstream", Campaign: "b"},
		{Source: "mastodon/a.example", Platform: "mastodon", Campaign: "a"},
		{Source: "bluesky/jetstream", Campaign: "a"},
	}
	type row struct {
		Name, Class string
		Running     bool
		Pending     int
		Campaigns   []string
	}
	var got []row
	for _, s := range Sources(en, running, seen) {
		r := row{s.Name, s.Class, s.Running, s.Pending, nil}
		for _, c := range s.Campaigns {
			r.Campaigns = append(r.Campaigns, c.Campaign)
		}
		got = append(got, r)
	}
	want := []row{
		{"Mastodon (a.example)", "down", false, 0, []string{"a"}},
		{"X (stream)", "waiting", true, 2, nil},
		{"Bluesky (jetstream)", "live", true, 0, []string{"a", "b"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSpending(t *testing.T) {
	for _, test := range []struct {
		name  string
		spend collectors.Spend
		want  []Spending
	}{
		{
			"within the day, not the month", collectors.Spend{
				PostsToday: 12_340, DayLimit: 20_000, ProjectedToday: 18_900, PostsMonth: 210_400, MonthLimit: 400_000,
				ProjectedMonth: 505_000, USDPerPost: 0.005,
			}, []Spending{
				{"Today: 12,340 of 20,000 posts that may be read ($61.70); at this rate 18,900 by its end, $94.50.", false},
				{"This month: 210,400 of 400,000 posts that may be read ($1,052.00); at this rate 505,000 by its end, $2,525.00. " +
					"That is more than the budget.", true},
			},
		},
		{
			"used up",
			collectors.Spend{PostsToday: 100, DayLimit: 100, ProjectedToday: 400, PostsMonth: 1, USDPerPost: 0.001},
			[]Spending{
				{"Today: 100 of 100 posts that may be read ($0.10); at this rate 400 by its end, $0.40. The budget is used up.", true},
				{"This month: 1 post read, without a limit (under $0.01).", false},
			},
		},
		{
			"no price",
			collectors.Spend{PostsToday: 3},
			[]Spending{{"Today: 3 posts read, without a limit.", false}, {"This month: 0 posts read, without a limit.", false}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, spending(en, test.spend)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWarnings(t *testing.T) {
	seen := []view.Coverage{
		{Source: "x/stream", Platform: "x"},
		{Source: "mastodon/a.example", Platform: "mastodon"},
		{Source: "bluesky/jetstream", Platform: "bluesky"},
		{Source: "mastodon/gone.example", Platform: "mastodon"},
	}
	running := []collectors.Status{
		{Source: "bluesky/jetstream", State: collectors.Live, LastBytes: now},
		{Source: "x/stream", State: collectors.Ended, Fault: "the token was refused", Advice: "make a new one"},
		{Source: "mastodon/a.example", State: collectors.Live},
		{Source: "mastodon/of-other-campaigns.example", State: collectors.Ended},
	}
	to := ago(time.Minute)
	gaps := []view.Gap{
		{Source: "x/stream", Platform: "x", From: ago(time.Hour), Cause: "unauthorised", Fill: "pending"},
		{Source: "bluesky/jetstream", Platform: "bluesky", From: ago(time.Hour), To: &to, Cause: "network", Fill: "lost"},
		{Source: "mastodon/a.example", Platform: "mastodon", From: ago(time.Hour), Cause: "blind", Fill: "pending"},
	}
	want := []Warning{
		{"Mastodon (gone.example)", "Not running: Winnow does not collect from it now."},
		{"X (stream)", "Stopped: the token was refused. Next step: make a new one."},
		{"Mastodon (a.example)", "Since 17:30 UTC nothing of its posts is taken: connected, but posts known to exist did not come."},
	}
	if diff := cmp.Diff(want, Warnings(en, seen, gaps, running)); diff != "" {
		t.Error(diff)
	}
	if got := Warnings(en, seen[2:3], gaps[1:2], running); len(got) > 0 {
		t.Errorf("all is well, and it warns: %v", got)
	}
	if got := Warnings(en, nil, nil, running); len(got) > 0 {
		t.Errorf("nothing watches the campaign, and it warns: %v", got)
	}
}
