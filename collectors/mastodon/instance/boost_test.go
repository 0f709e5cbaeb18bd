package instance_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/collectors/mastodon/mastodontest"
	"winnow/collectors/mastodon/rest"
	"winnow/pipeline/post"
)

// boostsOf returns the boosts of a post. The caller holds the lock.
func (s *sink) boostsOf(id string) (out []post.Post) {
	for _, p := range s.posts {
		if p.Kind == post.Repost && p.RepostOf.PostID == id {
			out = append(out, p)
		}
	}
	return out
}

// Boosts are found at the post, once, with the post's words, and their time is
// no better than it is known. New figures come with them.
func TestBoosts(t *testing.T) {
	s := server(t, mastodontest.Options{PageSize: 4})
	o := quick(t, s)
	o.Campaigns[0].Evidence = true
	src := source(t, o)
	out, end := stream(t, src, nil)
	out.until(t, "live", func() bool { return out.live == 1 })
	id := s.Publish("boost this")
	out.until(t, "the post", func() bool { return out.has(id) })
	begin := time.Now()
	for n := range 10 {
		s.Boost(id, n+2)
	}
	out.until(t, "the boosts", func() bool { return len(out.boostsOf(id)) == 10 })
	out.until(t, "the figures", func() bool {
		all := out.byID(id)
		n, _ := all[len(all)-1].Engagement.Reposts.Get()
		return n == 10
	})
	out.mu.Lock()
	seen := map[string]bool{}
	for _, p := range out.boostsOf(id) {
		if seen[p.ID] || !strings.HasPrefix(p.ID, id+"#boosted-by=") {
			t.Errorf("boost %q", p.ID)
		}
		seen[p.ID] = true
		// The account is all that came of it.
		if by := rest.ID(p.Raw); !strings.HasSuffix(p.NativeID, "#boosted-by="+by) || !strings.Contains(p.Query, "/reblogged_by?limit=80") {
			t.Errorf("boost %s carries %q, for %q", p.NativeID, p.Raw, p.Query)
		}
		if p.PostedAt.Before(begin.Add(-time.Second)) || p.TimeSlack > 30 || !strings.Contains(p.Text, "boost this") || len(p.Tags) != 1 {
			t.Errorf("boost at %v, slack %d, text %q, %d tags", p.PostedAt, p.TimeSlack, p.Text, len(p.Tags))
		}
		if err := p.Check(); err != nil {
			t.Error(err)
		}
	}
	out.mu.Unlock()

	// After a restart only new boosts are found, and those again, under the same
	// identity, that were delivered while the state was taken.
	state := src.State()
	again := source(t, o)
	again.Restore(state)
	out2, _ := stream(t, again, out.cursor)
	out2.until(t, "live", func() bool { return out2.live == 1 })
	s.Boost(id, 77)
	out2.until(t, "the new boost", func() bool {
		return slices.ContainsFunc(out2.boostsOf(id), func(p post.Post) bool { return !seen[p.ID] })
	})
	out2.mu.Lock()
	fresh := 0
	for _, p := range out2.boostsOf(id) {
		if seen[p.ID] {
			continue
		}
		if fresh++; p.Account.Handle != "user77@"+s.Host() {
			t.Errorf("a boost by %s, which is not the new one", p.Account.Handle)
		}
	}
	if n := len(out2.boostsOf(id)); fresh != 1 || n == 11 {
		t.Errorf("%d boosts after a restart, %d of them new, want the new one", n, fresh)
	}
	out2.mu.Unlock()
	_ = end

	// With the post its boosts are gone, as far as they are known by name.
	s.Delete(id)
	out.until(t, "the deletions", func() bool { return len(out.deletions) >= 11 })
	out.mu.Lock()
	defer out.mu.Unlock()
	names := map[string]bool{}
	for _, d := range out.deletions {
		names[d.NativeID] = true
	}
	for _, p := range out.boostsOf(id) {
		if !names[p.LocalID()] {
			t.Errorf("the boost %q of a deleted post stays", p.LocalID())
		}
	}
}

// Figures that change bring the post again, and only then.
func TestFigures(t *testing.T) {
	s := server(t, mastodontest.Options{})
	out, _ := stream(t, source(t, quick(t, s)), nil)
	out.until(t, "live", func() bool { return out.live == 1 })
	id := s.Publish("like this")
	out.until(t, "the post", func() bool { return out.has(id) })
	s.Like(id)
	out.until(t, "the like", func() bool {
		all := out.byID(id)
		n, _ := all[len(all)-1].Engagement.Likes.Get()
		return n == 1
	})
	marker := s.PublishAt("later", time.Now())
	out.until(t, "another comparison", func() bool { return out.has(marker) })
	if n := len(out.byID(id)); n != 2 {
		t.Errorf("the post came %d times, want 2", n)
	}
}
