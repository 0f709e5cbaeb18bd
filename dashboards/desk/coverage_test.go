package desk

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/collectors"
	"winnow/dashboards/desk/coverage"
	"winnow/pipeline/post"
	"winnow/storage/view"
)

func TestLivePages(t *testing.T) {
	h := newDesk(t, Options{Store: liveStore(), Sources: liveSources, Status: func() Status {
		return Status{EngineUp: true, LastPost: testNow.Add(-2 * time.Minute)}
	}})
	for _, test := range []struct {
		name, url string
		says      []string
		saysNot   []string
	}{
		{
			name: "coverage", url: "/coverage",
			says: []string{
				"2 of 4 sources are down · Last post 2 minutes ago",
				"X (stream) Stopped: the access token was refused. Next step: make a new token",
				"Posts taken since the start12,340 Gaps still to be filled1",
				"Today: 12,340 of 20,000 posts that may be read ($61.70); at this rate 18,900 by its end, $94.50.",
				"at this rate 505,000 by its end, $2,525.00. That is more than the budget.",
				richName + ": 97.8%, posts are missing now",
				"Mastodon (lanterns.example) Live. Last bytes 4 seconds ago, last post 12 seconds ago.",
				"at least 98.6%, at most 100%", "97.1% was surely seen",
				"Waiting: the server asks to wait until 18:35 UTC. It is tried again at 18:35 UTC.",
				"97.7% since 12 Jun 2031, 17:00 UTC, when watching began",
				"12 Jun 2031, 17:59:00 UTC still open 31 minutes so far X (stream) all the platform refused the access token nothing nothing yet: it is still open",
				"11 Jun 2031, 02:30:00 UTC to 11 Jun 2031, 08:30:00 UTC 6 hours X (stream) all paused or sampled, to stay within what may be spent about 40%",
				"a partboosts are not part of what the server hands out afterwards",
			},
			saysNot: []string{"Not running", "are not shown here"},
		},
		{
			name: "campaign", url: campaignURL(richName),
			says: []string{
				"Not everything is being seen right now.", "X (stream). Stopped: the access token was refused.",
				"Seen: at least 95%, at most 97.3% of the time from 6 Jun 2031, 18:00 UTC to 12 Jun 2031, 18:30 UTC, on average over 3 sources.",
				"Least seen: Mastodon (lanterns.example), at least 92.2%, at most 100%.",
				"All numbers on this page count what was seen: posts, accounts and reach can be higher",
				"not seen", "seen in part", "a dip there need not be one",
				"– Not seen from 12 Jun 2031, 17:59 UTC to now. X (stream): the platform refused the access token",
			},
			saysNot: []string{"Over everything collected:", "Bluesky (jetstream).", "Nothing is known to be missing", "17:59:00 UTC to now"},
		},
		{
			name: "a range", url: campaignURL(richName) + "&from=2031-06-12T10:00&to=2031-06-12T12:00",
			says: []string{
				"Seen: 100% of the time from 12 Jun 2031, 10:00 UTC to 12 Jun 2031, 12:00 UTC", "Nothing is known to be missing.",
				"Over everything collected: at least 95%, at most 97.3%.",
			},
			saysNot: []string{"Least seen", "seen in part", "a dip there"},
		},
		{
			name: "campaign watched after its posts", url: campaignURL(quietName) + "&from=2031-06-01T00:00&to=2031-06-12T00:00",
			says:    []string{"from 5 Jun 2031, 18:30 UTC to 12 Jun 2031, 00:00 UTC", "Watching began then: of the time before", "Least seen: Mastodon", "Over everything collected"},
			saysNot: []string{"Not everything is being seen right now"},
		},
		{
			name: "campaign of an archive", url: campaignURL(rtlName),
			says:    []string{"Not watched live in the time shown", "Posts, accounts and reach can be higher than shown."},
			saysNot: []string{"Seen:", "Not everything is being seen right now"},
		},
		{
			name: "campaign without posts", url: campaignURL(emptyName),
			says:    []string{"Not everything is being seen right now.", "Waiting: the server asks to wait"},
			saysNot: []string{"nothing that you need to do"},
		},
		{
			name: "campaigns", url: "/",
			says: []string{"at least 98.8%, at most 99.3% posts are missing now", "not watched live", "Seen in the last 24 hours", "Coverage"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := get(t, h, test.url)
			if w.Code != http.StatusOK {
				t.Errorf("status %d", w.Code)
			}
			wantText(t, w.Body.String(), test.says...)
			wantNoText(t, w.Body.String(), test.saysNot...)
		})
	}
}

// Without live sources nothing about them is said, and no page leads there;
// whatever there was of them keeps the way open.
func TestNavigationShowsCoverageWhenThereIsAny(t *testing.T) {
	to := testNow.Add(-time.Hour)
	old := []view.Gap{{Source: "x/stream", Platform: "x", From: to.Add(-time.Hour), To: &to, Cause: "network", Fill: "lost"}}
	watch := []post.Watch{{Source: "x/stream", Platform: post.X, Campaign: richName, Since: testNow.Add(-time.Hour)}}
	for _, test := range []struct {
		name  string
		store *fakeStore
		given func() []collectors.Status
		want  bool
	}{
		{"nothing", &fakeStore{}, nil, false},
		{"no sources", &fakeStore{}, func() []collectors.Status { return nil }, false},
		{"sources", &fakeStore{}, liveSources, true},
		{"watches", &fakeStore{watches: watch}, nil, true},
		{"gaps", &fakeStore{gaps: old}, nil, true},
		{"no store", &fakeStore{err: errors.New("down"), watches: watch}, nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			page := get(t, newDesk(t, Options{Store: test.store, Sources: test.given}), "/about").Body.String()
			if got := strings.Contains(page, `href="/coverage"`); got != test.want {
				t.Errorf("leads to coverage: %v, want %v", got, test.want)
			}
		})
	}
	page := get(t, newDesk(t, Options{Store: &fakeStore{}}), "/coverage").Body.String()
	wantText(t, page, "No live source is configured", "No gap was recorded in the last 30 days.")
}

func TestStatusLineOfSources(t *testing.T) {
	h := newDesk(t, Options{Store: &fakeStore{}, Sources: func() []collectors.Status { return liveSources()[1:3] }})
	page := get(t, h, "/about").Body.String()
	wantText(t, page, "2 sources live")
	if strings.Contains(page, "status-amiss") {
		t.Error("all is well, and the status is marked as amiss")
	}
	h = newDesk(t, Options{Store: &fakeStore{}, Sources: func() []collectors.Status { return liveSources()[:1] }})
	if page := get(t, h, "/about").Body.String(); !strings.Contains(page, "status-amiss") {
		t.Error("the source is down, and the status is not marked as amiss")
	}
}

// A range without any post is drawn where it was not seen: nothing is what a
// hole looks like.
func TestEmptyRangeWithAHole(t *testing.T) {
	s := liveStore()
	s.series[richName] = nil
	page := get(t, newDesk(t, Options{Store: s, Sources: liveSources}), campaignURL(richName)+"&range=24h").Body.String()
	wantText(t, page, "not seen", "a dip there need not be one")
	if !strings.Contains(page, `fill="url(#posts-wide-full)"`) {
		t.Error("nothing is hatched")
	}
}

// A bucket with a hole stands in the table even if it has no post, and the
// columns of all rows are as many as those of the head.
func TestHolesInTheTable(t *testing.T) {
	s := liveStore()
	page := get(t, newDesk(t, Options{Store: s}), campaignURL(richName)).Body.String()
	_, table, _ := strings.Cut(page, `<table class="grid">`)
	table, _, _ = strings.Cut(table, "</table>")
	if !strings.Contains(table, "Not seen from 7 Jun 2031, 18:30 UTC to 8 Jun 2031, 01:30 UTC. X (stream): Winnow was not running") {
		t.Error("the table does not say what was not seen")
	}
	columns := strings.Count(strings.Split(table, "</tr>")[0], "<th scope")
	for _, row := range strings.Split(table, "</tr>")[1:] {
		if cells := strings.Count(row, "<td") + strings.Count(row, "<th scope"); cells != 0 && cells != columns {
			t.Fatalf("%d cells, want %d: %s", cells, columns, row)
		}
	}
	// The hole begins at 18:30, and from 19:00 on there is no post.
	s.series[richName] = slices.DeleteFunc(s.series[richName], func(p view.SeriesPoint) bool {
		return !p.At.Before(time.Date(2031, 6, 7, 19, 0, 0, 0, time.UTC))
	})
	page = get(t, newDesk(t, Options{Store: s}), campaignURL(richName)+"&from=2031-06-07T17:00&to=2031-06-07T22:00&step=hour").Body.String()
	wantText(t, page, "with something not seen; all others are zero")
	_, table, _ = strings.Cut(page, `<table class="grid">`)
	table, _, _ = strings.Cut(table, "</table>")
	if got := strings.Count(table, "<tr>") - 1; got != 5 {
		t.Errorf("%d rows, want all 5 hours", got)
	}
}

// The store lists a bounded number of gaps; what is left out is told.
func TestUnlistedGapsAreTold(t *testing.T) {
	s := &shortListStore{liveStore()}
	page := get(t, newDesk(t, Options{Store: s}), campaignURL(richName)).Body.String()
	wantText(t, page, "older gaps are in this range too, and not hatched below.")
}

// shortListStore lists one gap at most.
type shortListStore struct{ *fakeStore }

func (s *shortListStore) Gaps(ctx context.Context, campaign string, from, to time.Time) ([]view.Gap, error) {
	all, err := s.fakeStore.Gaps(ctx, campaign, from, to)
	return all[:min(1, len(all))], err
}

func TestManyGapsAreBounded(t *testing.T) {
	s := &fakeStore{}
	for i := range coverage.MaxGaps + 100 {
		from := testNow.Add(-time.Duration(i+2) * time.Minute)
		to := from.Add(time.Second)
		s.gaps = append(s.gaps, view.Gap{Source: "x/stream", Platform: "x", From: from, To: &to, Cause: "network", Fill: "lost"})
	}
	for range coverage.MaxCampaigns + 3 {
		s.watches = append(s.watches, post.Watch{Source: "x/stream", Platform: post.X, Campaign: "c", Since: testNow.Add(-time.Hour)})
	}
	page := get(t, newDesk(t, Options{Store: s}), "/coverage").Body.String()
	if got := strings.Count(page, "no connection, or one that broke"); got != coverage.MaxGaps {
		t.Errorf("%d gaps listed, want %d", got, coverage.MaxGaps)
	}
	wantText(t, page, "Show 480 older gaps", "There are older ones", "3 more campaigns are not shown here.", "Not running.")
}

// Whatever stands in the names and notes of sources and gaps, it stays text.
func TestHostileSources(t *testing.T) {
	const evil = `"><script>alert(1)</script>'{{.}}` + "\u202e"
	s := richStore()
	s.watches = []post.Watch{{Source: evil, Platform: evil, Campaign: richName, Since: testNow.Add(-time.Hour)}}
	s.gaps = []view.Gap{{Source: evil, Platform: evil, Campaign: richName, From: testNow.Add(-time.Hour), Cause: evil, Fill: evil, Note: evil}}
	h := newDesk(t, Options{Store: s, Sources: func() []collectors.Status {
		return []collectors.Status{{Source: evil, Platform: evil, State: evil, Fault: evil, Advice: evil}}
	}})
	for _, page := range []string{"/", "/coverage", campaignURL(richName)} {
		body := get(t, h, page).Body.String()
		if !strings.Contains(body, "alert(1)") && page != "/" {
			t.Errorf("%s: the text is not there at all", page)
		}
		for _, bad := range []string{"<script", " style="} {
			if strings.Contains(withoutScript(body), bad) {
				t.Errorf("%s: page holds %q", page, bad)
			}
		}
	}
}

func TestStoreErrorsOfCoverage(t *testing.T) {
	s := richStore()
	s.err = errors.New("down")
	w := get(t, newDesk(t, Options{Store: s, Sources: liveSources}), "/coverage")
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("status %d, want 503", w.Code)
	}
	wantText(t, w.Body.String(), "The store does not answer", "2 of 4 sources are down")
}

// Every chart shades the same gaps, declares the patterns it uses, and says in
// words what a reader cannot see.
func TestChartsShadeGaps(t *testing.T) {
	page := get(t, newDesk(t, Options{Store: liveStore(), Sources: liveSources}), campaignURL(richName)).Body.String()
	found := regexp.MustCompile(`(?s)<svg class="chart".*?</svg>`).FindAllString(page, -1)
	if len(found) != 6 {
		t.Fatalf("%d charts, want 6", len(found))
	}
	for _, svg := range found {
		for _, want := range []string{`-full"`, `-faint"`, "shade-edge-faint"} {
			if !strings.Contains(svg, want) {
				t.Errorf("chart lacks %s", want)
			}
		}
		_, desc, _ := strings.Cut(svg, "<desc")
		desc, _, _ = strings.Cut(desc, "</desc>")
		for _, want := range []string{"Not seen from", "Seen in part from", "more gaps are hatched."} {
			if !strings.Contains(desc, want) {
				t.Errorf("description lacks %q: %s", want, desc)
			}
		}
	}
}

// What is kept as evidence is shown with its head, to be written down elsewhere.
func TestCoverageShowsHeads(t *testing.T) {
	const head = "0ac70f0e90ddabe2ecf38fa4a34edc16f03d97c5510ec3b395ae869c67b01206@1744"
	kept := func() []coverage.Kept {
		return []coverage.Kept{{Campaign: richName, Head: head, Records: 1744, At: testNow.Add(-time.Hour)}, {Campaign: "<b>new</b>", Head: "0@0"}}
	}
	page := get(t, newDesk(t, Options{Store: richStore(), Kept: kept}), "/coverage").Body.String()
	for _, want := range []string{head, "1,744", "none yet", "&lt;b&gt;new&lt;/b&gt;"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q on the page", want)
		}
	}
	if page := get(t, newDesk(t, Options{Store: richStore()}), "/coverage").Body.String(); strings.Contains(page, "Kept as evidence") {
		t.Error("it speaks of evidence where none is kept")
	}
}
