package mastodon_test

import (
	"slices"
	"testing"
	"time"

	"winnow/collectors/mastodon"
	"winnow/collectors/wire/wiretest"
	"winnow/pipeline/post"
)

func TestTagName(t *testing.T) {
	for in, want := range map[string]string{
		"#Bakı2015": "baki2015", "BAKI2015": "baki2015", "＃ＢＡＫＵ２０１５": "baku2015", "Şuşa": "susa",
		"İstanbul": "istanbul", "I\u0307STANBUL": "istanbul", "БАКУ": "баку", "東京": "東京", "azərbaycan": "azərbaycan",
		"Łódź": "lodz", "2015": "", "": "", "#": "", "free-speech": "", "free speech": "", "a😀": "", "col·lecció": "col·leccio",
	} {
		if got := mastodon.TagName(in); got != want {
			t.Errorf("TagName(%q) = %q, want %q", in, got, want)
		}
		if got := mastodon.TagName(want); got != want {
			t.Errorf("TagName(%q) = %q, not itself", want, got)
		}
	}
}

func TestCompareIDs(t *testing.T) {
	want := []string{"", "9", "10", "113", "114000000000000001", "01J8ZZZZZZZZZZZZZZZZZZZZZZ", "01J9AAAAAAAAAAAAAAAAAAAAAA"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, mastodon.CompareIDs)
	if !slices.Equal(got, want) {
		t.Errorf("sorted %q, want %q", got, want)
	}
}

// A boost is a repost with the original's words, by whoever is listed.
func TestBoost(t *testing.T) {
	var st mastodon.Status
	if err := mastodon.Unmarshal(wiretest.Lines(t, "testdata/statuses.jsonl")[0], &st); err != nil {
		t.Fatal(err)
	}
	found := time.Date(2026, 6, 12, 19, 0, 0, 0, time.UTC)
	account := `{"id":"77","acct":"dora@far.example","url":"https://far.example/@dora","created_at":"2025-01-01","followers_count":5,"emojis":7}`
	p, err := mastodon.Boost(&st, []byte(account), "near.example", found, 90*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	original, err := mastodon.FromStatus(&st, "near.example", found)
	if err != nil {
		t.Fatal(err)
	}
	original.Tidy()
	if p.Kind != post.Repost || p.ID != original.ID+"#boosted-by=https://far.example/@dora" || p.NativeID != "near.example/112#boosted-by=77" {
		t.Errorf("%s %q, local %q", p.Kind, p.ID, p.NativeID)
	}
	if p.RepostOf.PostID != original.ID || p.Text != original.Text || !slices.Equal(p.Tags, original.Tags) || !slices.Equal(p.Links, original.Links) {
		t.Errorf("it is not the original's content: %+v", p)
	}
	if !p.PostedAt.Equal(found) || p.TimeSlack != 90 || p.URL != original.URL {
		t.Errorf("at %v with %d s of slack, at %q", p.PostedAt, p.TimeSlack, p.URL)
	}
	if n, ok := p.Account.Followers.Get(); !ok || n != 5 {
		t.Errorf("followers %v, %v", n, ok)
	}
	if n, ok := p.Account.Posts.Get(); ok {
		t.Errorf("a figure that was not sent is %d", n)
	}
	for _, bad := range []string{"", "{", "[]", "7", `{"id":7}`, `{}`, `{"id":"1"}`, `{"url":"https://a.example/@b"}`, `{"id":"1","url":"https://a.example/@b","followers_count":-1}`} {
		if _, err := mastodon.Boost(&st, []byte(bad), "near.example", found, 0); err == nil {
			t.Errorf("%q is a boost", bad)
		}
	}
}
