package storage_test

import (
	"testing"
	"time"

	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
	"winnow/storage"
)

// What a campaign keeps no longer is gone, who posted it too; its counts and what
// was found stay, whatever is computed anew afterwards.
func TestRetain(t *testing.T) {
	s, c := open(t)
	var posts []*post.Post
	for i := range 10 {
		posts = append(posts, somePost(i, i%4, time.Duration(i)*12*time.Hour))
	}
	write(t, s, rowsOf("c", posts...))
	write(t, s, rowsOf("other", posts...))
	replace(t, s, finding("f1", "", 0, time.Hour, 0, 1))
	days := func() []uint64 {
		return ask[[]uint64](t, c, "SELECT groupArray((posts * 10) + coordinated_posts) FROM (SELECT * FROM reach FINAL WHERE campaign = 'c' AND step = 86400 AND tag = '' ORDER BY at)")
	}
	retain := func(before time.Duration, want time.Duration) {
		t.Helper()
		got, err := s.Retain(t.Context(), "c", day.Add(before))
		if err != nil {
			t.Fatal(err)
		}
		if !got.Equal(day.Add(want)) {
			t.Errorf("posts are gone up to %v, want %v", got, day.Add(want))
		}
	}
	retain(60*time.Hour, 48*time.Hour)
	retain(25*time.Hour, 48*time.Hour) // never back
	check := func(what string) {
		t.Helper()
		if got, want := days(), []uint64{21, 20, 20, 20, 20}; len(got) != 5 || got[0] != want[0] || got[1] != want[1] || got[4] != want[4] {
			t.Errorf("%s: days count %v, want %v", what, got, want)
		}
		if n := ask[uint64](t, c, "SELECT count() FROM posts FINAL WHERE campaign = 'c' AND posted_at < '2015-06-14'"); n != 0 {
			t.Errorf("%s: %d posts are left from before", what, n)
		}
		if n := ask[uint64](t, c, "SELECT count() FROM account_buckets FINAL WHERE campaign = 'c' AND at < '2015-06-14'"); n != 0 {
			t.Errorf("%s: %d buckets tell who posted before", what, n)
		}
		if n := ask[uint64](t, c, "SELECT sum(posts) FROM reach FINAL WHERE campaign = 'c' AND step = 0"); n != 6 {
			t.Errorf("%s: the whole is %d posts, want the 6 that are kept", what, n)
		}
		if n := ask[uint64](t, c, "SELECT count() FROM posts FINAL WHERE campaign = 'other'"); n != 10 {
			t.Errorf("%s: %d posts of another campaign, want all 10", what, n)
		}
	}
	check("after")
	replace(t, s) // nothing of it can be found again
	if state := ask[string](t, c, "SELECT state FROM findings FINAL WHERE finding_id = 'f1'"); state != "open" {
		t.Errorf("the finding is %s, want open", state)
	}
	settle(t, s)
	if _, err := s.Rebuild(t.Context(), storage.Rebuilding{}); err != nil {
		t.Fatal(err)
	}
	check("after rebuilding")
	// One from before that comes late is not counted by itself.
	write(t, s, rowsOf("c", somePost(99, 1, time.Hour)))
	settle(t, s)
	if got := days(); got[0] != 21 {
		t.Errorf("the first day counts %d, want what it was", got[0])
	}
	if r, err := s.Rebuild(t.Context(), storage.Rebuilding{Check: true}); err != nil || r.Different != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestDeclaredActionsAreThoseConfigured(t *testing.T) {
	s, c := open(t)
	action := campaign.Declared{Name: "day of action", From: day, To: day.Add(24 * time.Hour), Tags: []string{"#GamesDay"}, Texts: []string{"we ask"}}
	for _, list := range [][]campaign.Declared{{action}, {action, {Name: "vigil", From: day, To: day.Add(time.Hour)}}, {action}} {
		if err := s.Declare(t.Context(), []campaign.Campaign{{Name: "c", Declared: list}}); err != nil {
			t.Fatal(err)
		}
		got := ask[uint64](t, c, "SELECT count() FROM declared_actions FINAL WHERE gone = 0")
		if got != uint64(len(list)) {
			t.Errorf("%d actions, want %d", got, len(list))
		}
	}
	if tag := ask[string](t, c, "SELECT tags[1] FROM declared_actions FINAL WHERE gone = 0"); tag != "gamesday" {
		t.Errorf("tag %q", tag)
	}
}
