package evaluate

import (
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"winnow/pipeline/post"
)

// crowd is thirty accounts that post one text within half a minute, after a day
// in which others post texts of their own.
func crowd() []post.Post {
	var out []post.Post
	add := func(account, text string, at time.Time) {
		out = append(out, post.Post{
			Platform: post.Archive, ID: fmt.Sprint(len(out)), Kind: post.Original, PostedAt: at,
			Account: post.Account{ID: account}, Text: text,
		})
	}
	for i := range 500 {
		add(fmt.Sprintf("o%d", i%200), fmt.Sprintf("talk number %d about thing %d of many", i, i*i), start.Add(time.Duration(i)*3*time.Minute))
	}
	for i := range 30 {
		add(fmt.Sprintf("c%d", i), "everybody must read these words about the games today", start.Add(24*time.Hour+time.Duration(i)*time.Second))
	}
	slices.SortStableFunc(out, func(a, b post.Post) int { return a.PostedAt.Compare(b.PostedAt) })
	return out
}

func TestDetect(t *testing.T) {
	// Clocks that move by 1 s and 3 s whenever they are looked at.
	ticking := func(step time.Duration) Clock {
		now := time.Duration(0)
		return func() time.Duration { now += step; return now }
	}
	batches := 0
	posts := crowd()
	var in iter.Seq[[]post.Post] = func(yield func([]post.Post) bool) {
		for b := range slices.Chunk(posts, 100) {
			batches++
			if !yield(b) {
				return
			}
		}
	}
	r := Detect("Games", in, ticking(3*time.Second), ticking(time.Second))
	if len(r.Findings) != 1 || len(r.Findings[0].Accounts) != 30 || r.Findings[0].Campaign != "Games" {
		t.Errorf("findings %+v", r.Findings)
	}
	if want := time.Duration(batches+1) * time.Second; r.Took != want {
		t.Errorf("took %s, want %s: each batch and the findings", r.Took, want)
	}
	if r.Stats.Posts != uint64(len(posts)) || r.Stats.Late != 0 {
		t.Errorf("stats %+v", r.Stats)
	}
}
