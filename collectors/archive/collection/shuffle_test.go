package collection

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"winnow/pipeline/post"
)

// TestShuffled deals times out anew within the hour: each hour keeps its posts
// and its times, and hardly a post keeps its own.
func TestShuffled(t *testing.T) {
	var c Collection
	c.sources = []source{{}}
	begin := time.Date(2031, 5, 1, 0, 0, 0, 0, time.UTC)
	var posts []post.Post
	for i := range 600 {
		posts = append(posts, post.Post{
			Platform: post.Archive, Campaign: "c", ID: time.Duration(i).String(), PostedAt: begin.Add(time.Duration(i) * time.Minute),
			ObservedAt: begin,
		})
	}
	if err := c.add(0, nil, posts); err != nil {
		t.Fatal(err)
	}
	s := c.Streams()[0]
	hours := func(s *Stream) (ids map[int64][]string, times []time.Time) {
		ids = map[int64][]string{}
		for b := range s.Batches(7) {
			for i := range b {
				h := b[i].PostedAt.Unix() / 3600
				ids[h] = append(ids[h], b[i].ID)
				times = append(times, b[i].PostedAt)
			}
		}
		return ids, times
	}
	was, when := hours(s)
	got, then := hours(s.Shuffled(rand.New(rand.NewPCG(1, 2)), time.Hour))
	if !slices.EqualFunc(when, then, time.Time.Equal) {
		t.Error("the times are not the same, in order")
	}
	kept := 0
	for h, ids := range was {
		for i := range ids {
			if ids[i] == got[h][i] {
				kept++
			}
		}
		slices.Sort(ids)
		slices.Sort(got[h])
		if !slices.Equal(ids, got[h]) {
			t.Errorf("hour %d has other posts", h)
		}
	}
	if kept > 40 {
		t.Errorf("%d of 600 posts kept their time", kept)
	}
	if again, _ := hours(s); len(again) != len(was) || s.Span() != 599*time.Minute {
		t.Errorf("the stream itself changed, or spans %v", s.Span())
	}
}
