package storage_test

import (
	"testing"
	"time"

	"winnow/pipeline/post"
)

// What was told last of an account counts, whichever order its sights come in, and
// each change is kept.
func TestLastSightOfAnAccountCounts(t *testing.T) {
	s, c := open(t)
	for i, sight := range []struct {
		after     time.Duration
		followers int64
	}{{time.Hour, 10}, {3 * time.Hour, 20}, {2 * time.Hour, 30}, {4 * time.Hour, 20}, {5 * time.Hour, 30}} {
		p := somePost(i, 1, sight.after)
		p.Account.Followers = post.KnownCount(sight.followers)
		write(t, s, rowsOf("c", p))
	}
	if n := ask[*uint64](t, c, "SELECT followers FROM accounts FINAL"); n == nil || *n != 30 {
		t.Errorf("%v followers, want the 30 that were told last", n)
	}
	if n := ask[uint64](t, c, "SELECT count() FROM account_sights FINAL"); n != 4 {
		t.Errorf("%d sights, want the 4 that told something new", n)
	}
}

// An account's number of posts grows with each: it is written once a day.
func TestNumberOfPostsIsWrittenByTheDay(t *testing.T) {
	s, c := open(t)
	for i, after := range []time.Duration{0, time.Hour, 23 * time.Hour, 25 * time.Hour, 26 * time.Hour} {
		p := somePost(i, 1, after)
		p.Account.Posts = post.KnownCount(int64(100 + i))
		write(t, s, rowsOf("c", p))
	}
	if got := ask[string](t, c, "SELECT toString(groupArray(posts)) FROM (SELECT posts FROM account_sights FINAL ORDER BY observed_at)"); got != "[100,103]" {
		t.Errorf("sights tell %s posts, want those of each day's first", got)
	}
}

// What an account says of itself reaches detection.
func TestPostsTellWhatAccountsSay(t *testing.T) {
	s, _ := open(t)
	bot, bare := somePost(1, 1, 0), somePost(2, 2, time.Minute)
	bot.Account.Bot, bare.Account.DefaultProfile = true, true
	write(t, s, rowsOf("c", bot, bare, somePost(3, 3, 2*time.Minute)))
	var got []post.Account
	if err := s.Posts(t.Context(), "c", func(p *post.Post) error { got = append(got, p.Account); return nil }); err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ bot, bare bool }{{true, false}, {false, true}, {}} {
		if got[i].Bot != want.bot || got[i].DefaultProfile != want.bare {
			t.Errorf("account %d: bot %v, default profile %v; want %+v", i+1, got[i].Bot, got[i].DefaultProfile, want)
		}
	}
}
