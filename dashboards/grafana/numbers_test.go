package grafana

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/dashboards/grafana/grafanatest"
)

// campaignName has a quote, which SQL must survive.
const campaignName = "women's day"

var noon = time.Date(2024, 3, 8, 12, 0, 0, 0, time.UTC)

// lastHours is the time that the tests look at: from 10:00 to 14:00.
func lastHours(interval time.Duration) grafanatest.TimeRange {
	return grafanatest.TimeRange{From: noon.Add(-2 * time.Hour), To: noon.Add(2 * time.Hour), Interval: interval}
}

func percentOf(share float64) string { return fmt.Sprintf("%.4f %%", 100*share) }

func percent(t *testing.T, share string) string {
	t.Helper()
	f, err := strconv.ParseFloat(share, 64)
	if err != nil {
		t.Fatal(err)
	}
	return percentOf(f)
}

// look is which dashboard's query is asked, at which interval, and its answer.
type look struct {
	file, where string
	interval    time.Duration
	want        [][]string
}

func TestNumbers(t *testing.T) {
	conn := sampleStore(t)
	const short, long, days = time.Minute, 30 * time.Minute, 12 * time.Hour
	for _, c := range []look{
		{"reach.json", "campaign", short, [][]string{{"other"}, {campaignName}}},
		{"reach.json", "Posts", short, [][]string{{"43"}}},
		{"reach.json", "Accounts", short, [][]string{{"4", "0"}}},
		// 1000 and 200 and 50, each seen last; the fourth is unknown.
		{"reach.json", "Potential reach", short, [][]string{{"1250", "0.75"}}},
		{"reach.json", "Shares of posts", short, [][]string{{share(14, 43), share(24, 43), share(5, 43)}}},
		{"reach.json", "Posts over time", long, [][]string{
			{"08T10:00:00", "null", "null", "null"},
			{"08T11:00:00", "3", "0", "0"},
			{"08T12:00:00", "11", "5", "24"},
			{"08T13:00:00", "null", "null", "null"},
			{"08T14:00:00", "null", "null", "null"},
		}},
		{"reach.json", "Accounts over time", long, [][]string{
			{"08T10:00:00", "null", "null"},
			{"08T11:00:00", "3", "0"},
			{"08T12:00:00", "10", "20"},
			{"08T13:00:00", "null", "null"},
			{"08T14:00:00", "null", "null"},
		}},
		{"reach.json", "Potential reach over time", long, [][]string{
			{"08T10:00:00", "null", "null"},
			{"08T11:00:00", "300", "0"},
			{"08T12:00:00", "7000", "2000"},
			{"08T13:00:00", "null", "null"},
			{"08T14:00:00", "null", "null"},
		}},
		// The day's bucket begins before the four hours.
		{"reach.json", "Posts over time", days, [][]string{}},
		{"reach.json", "Share of voice", short, [][]string{{"#march8", "25", share(25, 43), "5", "0", "20", "0.8", "march8"}}},
		{"reach.json", "Platforms", short, [][]string{{"X", "10", "1", "24"}, {"Mastodon", "4", "4", "0"}}},
		{"coordination.json", "Coordinated share of posts", short, [][]string{{share(15, 43), share(24, 43), share(26, 43)}}},
		{"coordination.json", "Coordinated share over time", long, [][]string{
			{"08T10:00:00", "null", "null", "null"},
			{"08T11:00:00", "0", "0", "0"},
			{"08T12:00:00", "0", "0.6", "0.6"},
			{"08T13:00:00", "null", "null", "null"},
			{"08T14:00:00", "null", "null", "null"},
		}},
		// Neither the early nor the declared ones, nor what a person judged wrong.
		{"coordination.json", "Findings", short, [][]string{{"1"}}},
		{"coordination.json", "Early signs", short, [][]string{{"1"}}},
		{"coordination.json", "Declared", short, [][]string{{"2"}}},
		{"coordination.json", "Since when", short, [][]string{{millis(-30), millis(70)}}},
		{"coordination.json", "All findings", short, [][]string{
			{
				"08T11:59:30", "08T12:01:10", "copies", "20 accounts posted the same text.", "no", "firm", "none",
				"20", "24", "190", "0.2", "55.5", millis(-630), millis(670), "f1",
			},
			{
				"08T12:00:00", "08T12:01:00", "flood", "30 accounts came at once.", "no", "early, may be taken back", "none",
				"30", "31", "30", "0.2", "22", millis(-600), millis(660), "f6",
			},
			{
				"08T12:00:00", "08T12:01:00", "pile-on", "50 accounts turned on one.", "no", "high", "wrong",
				"50", "51", "50", "0.2", "90", millis(-600), millis(660), "f8",
			},
			{
				"08T09:00:00", "08T12:30:00", "reposts", "4 accounts reposted in step.", "declared: the march", "firm", "none",
				"4", "5", "6", "0.1", "30", millis(-3*3600 - 600), millis(30*60 + 600), "f2",
			},
			{
				"08T12:00:00", "08T12:01:00", "copies", "2 accounts did the same.", "declared: the march", "not known", "none",
				"2", "3", "3", "0.2", "21", millis(-600), millis(660), "f7",
			},
		}},
		{"reach.json", "Undeclared findings", short, [][]string{
			{"08T11:59:30", "08T12:01:10", "coordinated: copies", "20 accounts posted the same text.", "coordinated,copies"},
		}},
		{"reach.json", "Early signs", short, [][]string{
			{"08T12:00:00", "08T12:01:00", "early sign: flood", "30 accounts came at once. It may be taken back within the hour.", "early,flood"},
		}},
		{"reach.json", "Declared findings", short, [][]string{
			{"08T09:00:00", "08T12:30:00", "declared: the march", "4 accounts reposted in step.", "declared,reposts"},
			{"08T12:00:00", "08T12:01:00", "declared: the march", "2 accounts did the same.", "declared,copies"},
		}},
		{"reach.json", "Not seen", short, [][]string{
			{"08T10:30:00", "08T10:40:00", "not seen: x/stream", "suspended, all that it watches", "gap,suspended"},
			{"08T13:40:00", "08T14:00:00", "not seen: mastodon/a.example", "stalled, still open", "gap,stalled"},
		}},
		{"reach.json", "Seen in part", short, [][]string{
			{"08T12:10:00", "08T12:15:00", "seen in part: x/stream", "network, all that it watches; reposts are missing", "gap,part,network"},
			{"08T13:00:00", "08T13:30:00", "seen in part: x/stream", "budget, all that it watches", "gap,part,budget"},
		}},
		{"people.json", "Targets", short, [][]string{{"0"}}},
		{"campaigns.json", "Coordinated activity found", short, [][]string{{"2"}}},
		{"campaigns.json", "Early signs", short, [][]string{{"1"}}},
		{"campaigns.json", "Campaigns with posts", short, [][]string{{"2"}}},
		{"campaigns.json", "Posts are missing now", short, [][]string{{"2"}}},
		{"campaigns.json", "All campaigns", short, [][]string{
			{
				"Coordinated activity found", campaignName, "08T11:59:30", "08T12:01:10", "1", "1", "2", "43",
				share(24, 43), share(15, 43), share(26, 43), "posts are missing now", millis(-630), millis(670),
			},
			{
				"Coordinated activity found", "other", "08T12:00:00", "08T12:01:00", "1", "0", "0", "1000",
				"0", "0", "0", "posts are missing now", millis(-600), millis(660),
			},
		}},
		{"coverage.json", "Sources that miss posts now", short, [][]string{{"1"}}},
		{"coverage.json", "All gaps", short, [][]string{
			{"08T13:40:00", "null", "1200", "mastodon/a.example", "this campaign", "stalled", "0", "not yet", ""},
			{"08T13:00:00", "08T13:30:00", "1800", "x/stream", "all that it watches", "budget", "0.25", "nothing", ""},
			{"08T12:30:00", "08T12:31:00", "60", "x/stream", "all that it watches", "network", "0", "everything", ""},
			{"08T12:10:00", "08T12:15:00", "300", "x/stream", "all that it watches", "network", "0", "a part", "reposts are missing"},
			{"08T10:30:00", "08T10:40:00", "600", "x/stream", "all that it watches", "suspended", "0", "nothing", ""},
		}},
		{"coverage.json", "Time lost, by cause", short, [][]string{
			{"budget", "1350", "0", "0"},
			{"stalled", "1200", "0", "0"},
			{"suspended", "600", "0", "0"},
			{"network", "0", "300", "60"},
		}},
	} {
		t.Run(fmt.Sprintf("%s/%s every %s", c.file, c.where, c.interval), func(t *testing.T) {
			f := answer(t, conn, sql(t, c.file, c.where), lastHours(c.interval), grafanatest.Everything(campaignName, ""))
			if diff := cmp.Diff(c.want, f.rows); diff != "" {
				t.Errorf("%v (-want +got):\n%s", f.columns, diff)
			}
		})
	}
	t.Run("alerts", func(t *testing.T) { testAlerts(t, conn) })
	t.Run("empty buckets", func(t *testing.T) {
		f := answer(t, conn, sql(t, "reach.json", "Posts over time"), lastHours(short), grafanatest.Everything(campaignName, ""))
		got := map[string]int{}
		for _, row := range f.rows {
			got[fmt.Sprint(row[1:])]++
		}
		// A minute without posts is zero, or unknown where any source missed something, 4
		// and 30 and 5 and 30 minutes and 21 to the end, and in an hour that is not yet
		// counted, save for the one that has posts.
		want := map[string]int{"[null null null]": 90 + 59, "[0 0 0]": 148 - 59, "[3 0 0]": 1, "[6 4 20]": 1, "[5 1 4]": 1}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("days and hours", func(t *testing.T) {
		r := lastHours(time.Hour)
		r.From = time.Date(2024, 3, 5, 10, 20, 0, 0, time.UTC)
		chosen := grafanatest.Everything(campaignName, "")
		// ida of the first day's hours, gus of the days, ada of both, and those of
		// the last day's hours, dia included.
		accounts := answer(t, conn, sql(t, "reach.json", "Accounts"), r, chosen)
		followers := answer(t, conn, sql(t, "reach.json", "Potential reach"), r, chosen)
		got := append(accounts.rows, followers.rows...)
		if diff := cmp.Diff([][]string{{"7", "1"}, {fmt.Sprint(4 + 30 + 1000 + 200 + 50 + 7000), fmt.Sprint(6.0 / 7)}}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("a part", func(t *testing.T) {
		chosen := grafanatest.Everything(campaignName, "")
		ask := func(file, where string) string {
			return fmt.Sprint(answer(t, conn, sql(t, file, where), lastHours(short), chosen).rows)
		}
		chosen["platform"] = []string{"mastodon", "bluesky"}
		if got := ask("reach.json", "Posts") + ask("reach.json", "Accounts") + ask("coordination.json", "Findings") + ask("coordination.json", "Declared"); got != "[[8]][[1 0]][[0]][[1]]" {
			t.Errorf("two platforms: %s", got)
		}
		chosen = grafanatest.Everything(campaignName, "")
		chosen["tag"] = []string{"march8"}
		if got := ask("reach.json", "Posts") + ask("reach.json", "Accounts") + ask("reach.json", "Share of voice"); got != "[[25]][][[#march8 25 "+share(25, 43)+" 5 0 20 0.8 march8]]" {
			t.Errorf("a tag: %s", got)
		}
		chosen["language"] = []string{"az"}
		if got := ask("reach.json", "Posts"); got != "[]" {
			t.Errorf("a tag in a language, of which nothing is kept: %s", got)
		}
	})
}

func share(part, whole float64) string { return fmt.Sprint(part / whole) }

// millis is the time so many seconds from noon, as Grafana's URLs have it.
func millis(seconds int) string {
	return fmt.Sprint(noon.Add(time.Duration(seconds) * time.Second).UnixMilli())
}
