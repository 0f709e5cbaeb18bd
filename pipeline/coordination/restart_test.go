package coordination

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"winnow/pipeline/post"
)

// TestRestart: a detector that is started anew at any point and fed the posts
// that were stored until then, in order of time, goes on as if nothing had
// happened: it finds the same at any later point, and what is early is as early,
// however often it was looked at and whatever the clock said before.
//
// That holds as long as no post came too late to count: those are stored too, and
// count when they are read again in order.
func TestRestart(t *testing.T) {
	const worlds = 3
	var all [worlds][]*post.Post
	for seed := range all {
		w := attackedWorld(uint64(seed))
		// A second one, so that early findings are not rare.
		w.ring("ring", 18, 6, start.Add(6*time.Hour), 40*time.Second, 4*time.Hour)
		w.spread()
		all[seed] = deliver(w.rng, w.sorted(), 4*time.Minute)
	}
	early := 0
	rapid.Check(t, func(t *rapid.T) {
		posts := all[rapid.IntRange(0, worlds-1).Draw(t, "world")]
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "looks"), 10))
		cut := rapid.IntRange(0, len(posts)).Draw(t, "restart")
		end := min(len(posts), cut+rapid.IntRange(0, 600).Draw(t, "further"))

		steady, before := New(attackedConfig), New(attackedConfig)
		for _, p := range posts[:cut] {
			steady.Add(p)
			before.Add(p)
			if rng.IntN(500) == 0 {
				before.Findings()
			}
			if rng.IntN(500) == 0 {
				before.Advance(p.PostedAt.Add(time.Duration(rng.IntN(7200)) * time.Second))
			}
		}
		stored := slices.Clone(posts[:cut])
		slices.SortStableFunc(stored, func(a, b *post.Post) int { return a.PostedAt.Compare(b.PostedAt) })
		after := New(attackedConfig)
		for _, p := range stored {
			after.Add(p)
		}
		compare := func(what string, clock time.Time) {
			t.Helper()
			for _, d := range []*Detector{steady, after} {
				d.Advance(clock)
			}
			want := steady.Findings()
			for i := range want {
				if want[i].Confidence == ConfidenceEarly {
					early++
				}
			}
			if diff := cmp.Diff(want, after.Findings()); diff != "" {
				t.Fatalf("%s, %d of %d posts (-steady +restarted):\n%s", what, cut, len(posts), diff)
			}
			if a, b := steady.Due(), after.Due(); !a.Equal(b) {
				t.Fatalf("%s: due %v, restarted %v", what, a, b)
			}
		}
		if cut == 0 {
			return
		}
		if before.clock <= stored[len(stored)-1].PostedAt.UnixMilli() {
			if diff := cmp.Diff(steady.Findings(), before.Findings()); diff != "" {
				t.Fatalf("looks changed something (-steady +looked at):\n%s", diff)
			}
		}
		compare("at once", stored[len(stored)-1].PostedAt)
		for i, p := range posts[cut:end] {
			steady.Add(p)
			after.Add(p)
			if rng.IntN(100) == 0 {
				compare("later", posts[cut+i].PostedAt)
			}
		}
		last := posts[max(0, end-1)].PostedAt
		compare("at the end", last)
		if due := steady.Due(); !due.IsZero() {
			compare("when due", due)
		}
		compare("two hours on", last.Add(2*time.Hour))
		if s := steady.Stats(); s.Late > 0 {
			t.Fatalf("%d posts late", s.Late)
		}
	})
	if early == 0 {
		t.Error("no early finding was ever compared")
	}
	t.Logf("%d early findings compared", early)
}
