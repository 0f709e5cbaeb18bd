package storage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/storagetest"
)

// someGap opens an hour after day and is as its source says then.
func someGap(edit func(*post.Gap)) post.Gap {
	g := post.Gap{Source: "mastodon/a.example", Platform: post.Mastodon, From: day.Add(time.Hour), Cause: post.Network, Fill: post.Pending}
	if edit != nil {
		edit(&g)
	}
	return g
}

func closed(g *post.Gap) { g.To = day.Add(2 * time.Hour) }

func filledInPart(g *post.Gap) {
	closed(g)
	g.Fill, g.Note = post.Partly, "boosts are missing"
}

func someWatch(campaign string, after time.Duration) post.Watch {
	return post.Watch{Source: "mastodon/a.example", Platform: post.Mastodon, Campaign: campaign, Since: day.Add(after)}
}

// storedGaps is what the table says about all gaps.
func storedGaps(t *testing.T, c clickhouse.Conn) []post.Gap {
	t.Helper()
	rs, err := c.Query(t.Context(), `SELECT source, platform, campaign, from_at, ifNull(to_at, toDateTime64(0, 3, 'UTC')), cause, share, fill, note
		FROM gaps FINAL ORDER BY source, campaign, from_at`)
	if err != nil {
		t.Fatal(err)
	}
	defer rs.Close() //nolint:errcheck // read only
	var out []post.Gap
	for rs.Next() {
		var g post.Gap
		var platform, cause, fill string
		if err := rs.Scan(&g.Source, &platform, &g.Campaign, &g.From, &g.To, &cause, &g.Share, &fill, &g.Note); err != nil {
			t.Fatal(err)
		}
		g.Platform, g.Cause, g.Fill = post.Platform(platform), post.Cause(cause), post.Fill(fill)
		g.From, g.To = g.From.UTC(), g.To.UTC()
		if g.To.Unix() == 0 {
			g.To = time.Time{}
		}
		out = append(out, g)
	}
	if err := rs.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func say(t *testing.T, s *storage.Store, ms ...storage.Message) {
	t.Helper()
	for _, m := range ms {
		if err := s.Write(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLastWordAboutAGapCounts(t *testing.T) {
	s, c := open(t)
	other := someGap(func(g *post.Gap) { g.Campaign, g.Cause, g.Share, g.Note = "c", post.Budget, 0.25, "one post in four" })
	history := []storage.Message{
		{Gaps: []post.Gap{someGap(nil), other}},
		{Gaps: []post.Gap{someGap(closed)}},
		{Gaps: []post.Gap{someGap(filledInPart)}},
	}
	want := []post.Gap{someGap(filledInPart), other}
	say(t, s, history...)
	if diff := cmp.Diff(want, storedGaps(t, c)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// A crash brings messages again, in order.
	say(t, s, history[1:]...)
	say(t, s, history...)
	if diff := cmp.Diff(want, storedGaps(t, c)); diff != "" {
		t.Errorf("after messages came again (-want +got):\n%s", diff)
	}
	// Also within one message.
	say(t, s, storage.Message{Gaps: []post.Gap{someGap(filledInPart), someGap(closed), someGap(nil), someGap(closed)}})
	want[0] = someGap(closed)
	if diff := cmp.Diff(want, storedGaps(t, c)); diff != "" {
		t.Errorf("after one message about it all (-want +got):\n%s", diff)
	}
}

func TestLastWordAboutAGapCountsWhateverTheClock(t *testing.T) {
	o := storagetest.Options(t)
	ahead := func() time.Time { return time.Now().Add(time.Hour) }
	first, err := storage.Open(t.Context(), storage.Options{Writer: o, Now: ahead})
	if err != nil {
		t.Fatal(err)
	}
	say(t, first, storage.Message{Gaps: []post.Gap{someGap(nil)}})
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := storage.Open(t.Context(), storage.Options{Writer: o})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close() //nolint:errcheck // test
	say(t, second, storage.Message{Gaps: []post.Gap{someGap(closed)}})
	c, err := clickhouse.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close() //nolint:errcheck // test
	if diff := cmp.Diff([]post.Gap{someGap(closed)}, storedGaps(t, c)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEarliestWatchCounts(t *testing.T) {
	s, c := open(t)
	say(t, s,
		storage.Message{Watches: []post.Watch{someWatch("c", 2*time.Hour), someWatch("other", time.Hour)}},
		storage.Message{Watches: []post.Watch{someWatch("c", time.Hour), someWatch("c", 3*time.Hour)}},
		storage.Message{Watches: []post.Watch{someWatch("c", 4*time.Hour)}},
	)
	if n := ask[uint64](t, c, "SELECT count() FROM watches FINAL"); n != 2 {
		t.Errorf("%d rows, want one for each campaign", n)
	}
	if at := ask[time.Time](t, c, "SELECT since FROM watches FINAL WHERE campaign = 'c'"); !at.Equal(day.Add(time.Hour)) {
		t.Errorf("watched since %v", at)
	}
}

// Sources send a cursor alone every few seconds. That must not reach the store.
func TestEmptyMessageSendsNothing(t *testing.T) {
	s, err := storage.Open(t.Context(), storage.Options{Writer: storagetest.Options(t)})
	if err != nil {
		t.Fatal(err)
	}
	// With a deletion known, posts are compared with it.
	write(t, s, nil, post.Deletion{Platform: post.X, NativeID: "1", At: day})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(t.Context(), storage.Message{}); err != nil {
		t.Errorf("an empty message needed the store: %v", err)
	}
	for what, m := range map[string]storage.Message{
		"a post":     {Rows: rowsOf("c", somePost(1, 1, 0))},
		"a deletion": {Deletions: []post.Deletion{{Platform: post.X, NativeID: "2", At: day}}},
		"a gap":      {Gaps: []post.Gap{someGap(nil)}},
		"a watch":    {Watches: []post.Watch{someWatch("c", 0)}},
	} {
		if err := s.Write(t.Context(), m); err == nil || m.Empty() {
			t.Errorf("%s was written to a closed store", what)
		}
	}
}

// A store that an earlier version filled keeps what it has, and a migration that
// was cut off in the middle goes on.
func TestUpgradeFromBeforeCoverage(t *testing.T) {
	for _, tt := range []struct {
		name string
		undo []string
	}{
		{"not begun", []string{"DROP TABLE gaps", "DROP TABLE watches", "ALTER TABLE posts DROP COLUMN time_slack"}},
		{"cut off after the first table", []string{"DROP TABLE watches", "ALTER TABLE posts DROP COLUMN time_slack"}},
		{"cut off before it was noted", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, c := open(t)
			write(t, s, rowsOf("c", somePost(1, 1, 0), somePost(2, 2, 0)))
			for _, sql := range append(tt.undo, "DELETE FROM goose_db_version WHERE version_id >= 4") {
				if err := c.Exec(t.Context(), sql); err != nil {
					t.Fatalf("%s: %v", sql, err)
				}
			}
			o := storagetest.Options(t)
			o.Auth.Database = ask[string](t, c, "SELECT currentDatabase()")
			again, err := storage.Open(t.Context(), storage.Options{Writer: o})
			if err != nil {
				t.Fatal(err)
			}
			defer again.Close() //nolint:errcheck // test
			late := somePost(3, 3, time.Minute)
			late.TimeSlack = 90
			say(t, again, storage.Message{
				Rows: rowsOf("c", late), Gaps: []post.Gap{someGap(nil)}, Watches: []post.Watch{someWatch("c", 0)},
				Deletions: []post.Deletion{{Platform: post.X, NativeID: "1002", At: day}},
			})
			var got []uint32
			if err := again.Posts(t.Context(), "c", func(p *post.Post) error { got = append(got, p.TimeSlack); return nil }); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]uint32{0, 0, 90}, got); diff != "" {
				t.Errorf("time slack of the posts (-want +got):\n%s", diff)
			}
			if n := len(storedGaps(t, c)); n != 1 {
				t.Errorf("%d gaps, want 1", n)
			}
		})
	}
}

func TestDeletionKeepsHowVagueTheTimeWas(t *testing.T) {
	s, _ := open(t)
	p := somePost(1, 1, 0)
	p.TimeSlack = 90
	write(t, s, rowsOf("c", p))
	write(t, s, nil, post.Deletion{Platform: post.X, NativeID: "1001", At: day})
	err := s.Posts(t.Context(), "c", func(p *post.Post) error {
		if p.Text != "" || p.TimeSlack != 90 {
			t.Errorf("text %q, slack %d", p.Text, p.TimeSlack)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRecentGivesEachPostOnceNewestFirst(t *testing.T) {
	s, _ := open(t)
	full := &post.Post{
		Platform: post.Mastodon, ID: "https://one.example/1", NativeID: "114", Kind: post.Reply,
		Account:  post.Account{ID: "https://one.example/@anna", Handle: "anna@one.example"},
		PostedAt: day.Add(90 * time.Second), ObservedAt: day.Add(92 * time.Second), TimeSlack: 7, Lang: "az",
		Text: "Bakı #Baku2015", URL: "https://one.example/@anna/1",
		Tags: post.NewTags("Baku2015"), Links: []string{"https://news.example/a"},
		Mentions: []post.Mention{{AccountID: "42", Handle: "both"}, {Handle: "guest"}}, Images: []string{"blurhash:abc"},
	}
	on := func(p *post.Post) *post.Post { p.Platform = post.Mastodon; return p }
	write(t, s, rowsOf("c", on(somePost(1, 1, 0)), full, on(somePost(2, 2, 2*time.Minute)), on(somePost(3, 3, 3*time.Minute))))
	write(t, s, rowsOf("d", full, on(somePost(3, 3, 3*time.Minute)), on(somePost(4, 4, -time.Hour)), somePost(5, 5, 4*time.Minute)))
	write(t, s, nil, post.Deletion{Platform: post.Mastodon, NativeID: "1002", At: day})
	recent := func(since time.Time, limit int) (ids []string) {
		t.Helper()
		err := s.Recent(t.Context(), post.Mastodon, since, limit, func(p *post.Post) error {
			ids = append(ids, p.ID)
			if p.ID != full.ID {
				return nil
			}
			want := *full
			if diff := cmp.Diff(want, *p); diff != "" {
				t.Errorf("post (-want +got):\n%s", diff)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return ids
	}
	for _, tt := range []struct {
		since time.Time
		limit int
		want  []string
	}{
		{time.Time{}, 10, []string{"1003", full.ID, "1001", "1004"}},
		{day, 10, []string{"1003", full.ID, "1001"}},
		{day.Add(time.Millisecond), 10, []string{"1003", full.ID}},
		{day, 2, []string{"1003", full.ID}},
		{day, 0, nil},
		{day, -1, nil},
		{day.Add(24 * time.Hour), 10, nil},
	} {
		if diff := cmp.Diff(tt.want, recent(tt.since, tt.limit)); diff != "" {
			t.Errorf("since %v, %d of them (-want +got):\n%s", tt.since, tt.limit, diff)
		}
	}
	enough := errors.New("enough")
	n := 0
	err := s.Recent(t.Context(), post.Mastodon, day, 10, func(*post.Post) error { n++; return enough })
	if !errors.Is(err, enough) || n != 1 {
		t.Errorf("%d posts after the caller had enough, error %v", n, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Recent(ctx, post.X, day, 10, func(*post.Post) error { return fmt.Errorf("a post after the end") }); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
}
