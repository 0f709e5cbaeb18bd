package coordination

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"winnow/pipeline/post"
)

// smallWorld has something of everything.
func smallWorld(seed uint64) []*post.Post {
	w := newWorld(seed)
	w.talk(400, 200, 20*time.Hour)
	w.viral(300, start.Add(5*time.Hour))
	w.copies("copier", 20, 2, 2, start.Add(8*time.Hour), 50*time.Second)
	w.pileOn(account("victim", 0), 40, start.Add(15*time.Hour), 8*time.Minute)
	return w.sorted()
}

var smallConfig = Config{Protected: []string{"victim0"}}

// deliver returns the posts in an order in which each may come up to late after
// others that are newer.
func deliver(rng *rand.Rand, posts []*post.Post, late time.Duration) []*post.Post {
	type delivery struct {
		p  *post.Post
		at time.Time
	}
	ds := make([]delivery, len(posts))
	for i, p := range posts {
		ds[i] = delivery{p, p.PostedAt.Add(time.Duration(rng.Int64N(int64(late) + 1)))}
	}
	slices.SortStableFunc(ds, func(a, b delivery) int { return a.at.Compare(b.at) })
	out := make([]*post.Post, len(ds))
	for i, d := range ds {
		out[i] = d.p
	}
	return out
}

func TestLatePostsChangeNothing(t *testing.T) {
	posts := smallWorld(1)
	want := find(smallConfig, posts)
	if len(want) < 2 {
		show(t, want)
		t.Fatalf("%d findings in order, want both attacks", len(want))
	}
	for seed := range uint64(8) {
		rng := rand.New(rand.NewPCG(seed, 2))
		if diff := cmp.Diff(want, find(smallConfig, deliver(rng, posts, 5*time.Minute))); diff != "" {
			t.Fatalf("seed %d: up to five minutes late:\n%s", seed, diff)
		}
	}
}

// TestEqualTimes has many posts at the same time, in another order: the post
// ids decide.
func TestEqualTimes(t *testing.T) {
	posts := smallWorld(2)
	for _, p := range posts {
		p.PostedAt = p.PostedAt.Truncate(10 * time.Second)
	}
	want := find(smallConfig, posts)
	if len(want) == 0 {
		t.Fatal("no findings")
	}
	slices.Reverse(posts)
	slices.SortStableFunc(posts, func(a, b *post.Post) int { return a.PostedAt.Compare(b.PostedAt) })
	if diff := cmp.Diff(want, find(smallConfig, posts)); diff != "" {
		t.Error(diff)
	}
}

func TestDuplicatesChangeNothing(t *testing.T) {
	posts := smallWorld(3)
	want := find(smallConfig, posts)
	d := New(Config{Campaign: "Baku2015", Protected: smallConfig.Protected})
	for i, p := range posts {
		d.Add(p)
		if i%3 == 0 {
			d.Add(p)
		}
		if i%5 == 0 {
			// Another source tells another time of the same post.
			again := *p
			again.PostedAt = p.PostedAt.Add(2 * time.Minute)
			d.Add(&again)
		}
	}
	if diff := cmp.Diff(want, d.Findings()); diff != "" {
		t.Error(diff)
	}
	n := len(posts)
	if s := d.Stats(); s.Duplicates != uint64((n+2)/3+(n+4)/5) || s.Posts != uint64(n)+s.Duplicates || s.Late != 0 {
		t.Errorf("of %d posts: %+v", n, s)
	}
}

// TestEarliestTimeCounts delivers each post first with a later time.
func TestEarliestTimeCounts(t *testing.T) {
	posts := smallWorld(4)
	want := find(smallConfig, posts)
	d := New(Config{Campaign: "Baku2015", Protected: smallConfig.Protected})
	for _, p := range posts {
		later := *p
		later.PostedAt = p.PostedAt.Add(90 * time.Second)
		d.Add(&later)
		d.Add(p)
	}
	if diff := cmp.Diff(want, d.Findings()); diff != "" {
		t.Error(diff)
	}
	if n := len(d.waiting.replaced); n > d.waiting.len() {
		t.Errorf("%d replaced posts remembered, %d wait", n, d.waiting.len())
	}
}

func TestTooLatePostsAreCounted(t *testing.T) {
	posts := smallWorld(5)
	want := find(smallConfig, posts)
	d := New(Config{Campaign: "Baku2015", Protected: smallConfig.Protected})
	for i, p := range posts {
		d.Add(p)
		if i > 200 && i%50 == 0 {
			late := *posts[i-200]
			late.ID = fmt.Sprint("late", i)
			late.PostedAt = p.PostedAt.Add(-6 * time.Minute)
			d.Add(&late)
		}
	}
	if diff := cmp.Diff(want, d.Findings()); diff != "" {
		t.Error(diff)
	}
	if s := d.Stats(); s.Late == 0 || s.Duplicates != 0 {
		t.Errorf("stats %+v", s)
	}
}

// TestFutureTimes has a post that claims to come from the year 2099. It must
// not make all others late.
func TestFutureTimes(t *testing.T) {
	posts := smallWorld(6)
	want := find(smallConfig, posts)
	d := New(Config{Campaign: "Baku2015", Protected: smallConfig.Protected})
	for i, p := range posts {
		if i == 10 {
			lie := *p
			lie.ID, lie.Text, lie.Kind, lie.ReplyTo = "lie", "", post.Original, post.Ref{}
			lie.PostedAt, lie.ObservedAt = time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC), p.PostedAt
			d.Add(&lie)
		}
		d.Add(p)
	}
	if diff := cmp.Diff(want, d.Findings()); diff != "" {
		t.Error(diff)
	}
	if s := d.Stats(); s.Late != 0 {
		t.Errorf("%d posts late", s.Late)
	}
}

// TestLookingChangesNothing asks for findings again and again on the way, and
// keeps what a finding is known by.
func TestLookingChangesNothing(t *testing.T) {
	posts := smallWorld(7)
	want := find(smallConfig, posts)
	d := New(Config{Campaign: "Baku2015", Protected: smallConfig.Protected})
	ids := map[string]bool{}
	for i, p := range posts {
		d.Add(p)
		if i%97 == 0 {
			for _, f := range d.Findings() {
				ids[f.ID] = true
			}
		}
	}
	got := d.Findings()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(got, d.Findings()); diff != "" {
		t.Errorf("the second look differs: %s", diff)
	}
	for _, f := range got {
		delete(ids, f.ID)
	}
	// Two waves that become one finding are two until then.
	if len(ids) > 2 {
		t.Errorf("%d findings came and went under other ids", len(ids))
	}
}

// TestAnyDelivery: for any small crowd of actions, in any delivery within the
// allowed lateness, with any duplicates and any looking on the way, the findings
// are those of the posts in order.
func TestAnyDelivery(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 120).Draw(t, "posts")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		objects, accounts := 1+rng.IntN(4), 3+rng.IntN(30)
		var posts []*post.Post
		for i := range n {
			p := &post.Post{
				Platform: post.Archive, Kind: post.Original, ID: fmt.Sprint(i),
				Account:  post.Account{ID: fmt.Sprint(rng.IntN(accounts))},
				PostedAt: start.Add(time.Duration(rng.IntN(900)) * time.Second),
				Text:     vocabulary[rng.IntN(objects)] + " is what everybody copies in here today",
			}
			if rng.IntN(3) == 0 {
				p.Mentions = []post.Mention{{Handle: "someone"}}
			}
			posts = append(posts, p)
		}
		slices.SortStableFunc(posts, func(a, b *post.Post) int { return a.PostedAt.Compare(b.PostedAt) })
		cfg := Config{Campaign: "c", Protected: []string{"someone"}}
		want := find(cfg, posts)
		d := New(cfg)
		for _, p := range deliver(rng, posts, 5*time.Minute) {
			d.Add(p)
			if rng.IntN(10) == 0 {
				d.Add(posts[rng.IntN(len(posts))]) // perhaps too early, perhaps again
			}
			if rng.IntN(20) == 0 {
				d.Findings()
			}
		}
		if s := d.Stats(); s.Late > 0 {
			return // a post that came too early made others late
		}
		if diff := cmp.Diff(want, d.Findings()); diff != "" {
			t.Fatal(diff)
		}
	})
}
