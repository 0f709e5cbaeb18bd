package volume

import (
	"reflect"
	"testing"

	"winnow/pipeline/post"
)

func TestPostsAreAccepted(t *testing.T) {
	s := New(Config{Seed: 1, Posts: 30_000})
	ids := map[string]bool{}
	kinds := map[post.Kind]int{}
	on := map[post.Platform]int{}
	in := map[string]int{}
	tags := map[string]int{}
	last := s.Begin()
	for posts := s.Next(999); len(posts) > 0; posts = s.Next(999) {
		for i := range posts {
			p := &posts[i]
			// Nothing that a collector would mend.
			tidy := *p
			tidy.Tidy()
			if !reflect.DeepEqual(tidy, *p) {
				t.Fatalf("tidied:\n%+v\n%+v", *p, tidy)
			}
			if err := p.Check(); err != nil {
				t.Fatalf("%v: %+v", err, p)
			}
			if p.PostedAt.Before(last) {
				t.Fatalf("posted at %s after one of %s", p.PostedAt, last)
			}
			last = p.PostedAt
			ids[p.ID] = true
			kinds[p.Kind]++
			on[p.Platform]++
			in[p.Campaign]++
			for _, tag := range p.Tags {
				tags[tag.Key]++
			}
		}
	}
	if len(ids) != 30_000 {
		t.Errorf("%d different ids, want 30000", len(ids))
	}
	if last.After(s.End()) || last.Before(s.End().AddDate(0, 0, -1)) {
		t.Errorf("the last post is of %s, the end is %s", last, s.End())
	}
	if n := in[Busy]; n < 20_000 || n > 25_000 || len(in) != len(campaigns) {
		t.Errorf("campaigns have %v", in)
	}
	if kinds[post.Repost] < 12_000 || kinds[post.Reply] < 5_000 || kinds[post.Quote] < 1_000 || kinds[post.Original] < 8_000 {
		t.Errorf("kinds are %v", kinds)
	}
	if on[post.X] < 15_000 || on[post.Bluesky] < 6_000 || on[post.Mastodon] < 3_500 {
		t.Errorf("platforms are %v", on)
	}
	if len(tags) < 1_000 {
		t.Errorf("only %d tags", len(tags))
	}
}

func TestSameSeedSamePosts(t *testing.T) {
	a, b, other := New(Config{Seed: 7, Posts: 2_000}), New(Config{Seed: 7, Posts: 2_000}), New(Config{Seed: 8, Posts: 2_000})
	// However they are asked for.
	got := append(a.Next(13), a.Next(1_987)...)
	if !reflect.DeepEqual(got, b.Next(2_000)) {
		t.Error("the same seed made other posts")
	}
	if reflect.DeepEqual(got, other.Next(2_000)) {
		t.Error("another seed made the same posts")
	}
	if left := a.Next(1); len(left) > 0 {
		t.Error("more posts than asked for")
	}
}

func TestAccountsAreThoseOfThePosts(t *testing.T) {
	s := New(Config{Seed: 3, Posts: 5_000})
	known := map[string]post.Platform{}
	for rank := range s.accounts {
		platform, id := s.Account(rank)
		known[id] = platform
	}
	for _, p := range s.Next(5_000) {
		if known[p.Account.ID] != p.Platform {
			t.Fatalf("account %s of %s is none of the stream's", p.Account.ID, p.Platform)
		}
	}
}

func BenchmarkNext(b *testing.B) {
	const batch = 20_000
	s := New(Config{Seed: 1, Posts: batch * (b.N + 1)})
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		s.Next(batch)
	}
	b.ReportMetric(float64(batch*b.N)/b.Elapsed().Seconds(), "posts/s")
}
