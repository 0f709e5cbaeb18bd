package track

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/post"
)

func original(did, key string) *post.Post {
	p := &post.Post{
		Platform: post.Bluesky, ID: "at://" + did + "/app.bsky.feed.post/" + key, Kind: post.Original, Account: post.Account{ID: did},
		PostedAt: time.UnixMilli(1_790_000_000_123).UTC(), Text: "look #Bakı2015", Lang: "az", Tags: []post.Tag{{Posted: "Bakı2015"}},
		Links: []string{"https://a.example/x"}, Mentions: []post.Mention{{AccountID: "did:plc:m"}}, Images: []string{"cid:b"},
	}
	p.Tidy()
	return p
}

func repostOf(p *post.Post) *post.Post {
	return &post.Post{
		Platform: post.Bluesky, ID: "at://did:plc:r/app.bsky.feed.repost/1", Kind: post.Repost, Account: post.Account{ID: "did:plc:r"},
		RepostOf: post.Ref{PostID: p.ID, AccountID: p.Account.ID},
	}
}

func TestComplete(t *testing.T) {
	s, err := New(10, 10)
	if err != nil {
		t.Fatal(err)
	}
	p := original("did:plc:a", "1")
	s.Add(p)
	r := repostOf(p)
	if !s.Complete(r) {
		t.Fatal("the content is not remembered")
	}
	r.Tidy()
	want := repostOf(p)
	want.Text, want.Lang, want.Tags, want.Links, want.Mentions, want.Images = p.Text, p.Lang, p.Tags, p.Links, p.Mentions, p.Images
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if at, ok := s.PostedAt(p.ID); !ok || !at.Equal(p.PostedAt) {
		t.Errorf("posted at %v, %v", at, ok)
	}
	s.Forget(p.ID)
	if s.Complete(repostOf(p)) {
		t.Error("the content of a deleted post is still there")
	}
	if !s.Has([]byte(p.ID)) {
		t.Error("a deleted post is not known any more")
	}
}

// TestBounds: what is longest not heard of goes first, and an account is known
// as long as one of its posts is.
func TestBounds(t *testing.T) {
	s, err := New(4, 2)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		s.Add(original(fmt.Sprintf("did:plc:%d", i%2), fmt.Sprint(i)))
	}
	s.Complete(repostOf(original("did:plc:0", "0"))) // heard of
	s.Add(&post.Post{ID: "https://elsewhere.example/1"})
	s.Add(original("did:plc:new", "5"))
	if posts, contents := s.Len(); posts != 4 || contents != 2 {
		t.Errorf("%d posts, %d contents; want 4 and 2", posts, contents)
	}
	if !s.Has([]byte(original("did:plc:0", "0").ID)) || s.Has([]byte(original("did:plc:1", "1").ID)) {
		t.Error("the post longest not heard of is not the one forgotten")
	}
	if diff := cmp.Diff([]string{original("did:plc:0", "2").ID, original("did:plc:0", "0").ID}, s.Of("did:plc:0")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	s.Add(original("did:plc:new", "6"))
	s.Add(original("did:plc:new", "7"))
	if s.HasAccount([]byte("did:plc:1")) || !s.HasAccount([]byte("did:plc:new")) || len(s.Of("did:plc:1")) != 0 {
		t.Error("an account without posts is known, or one with posts is not")
	}
	if _, err := New(-1, 1); err == nil {
		t.Error("no error for room for less than nothing")
	}
}
