package coordination

import (
	"fmt"
	"iter"
	"runtime"
	"slices"
	"testing"
	"time"

	"winnow/pipeline/post"
)

// hot are streams in which many accounts do the same within a minute, by how many
// things they do it on.
var hot = map[string]func(w *world, i, object int) *post.Post{
	"shares":  func(_ *world, i, object int) *post.Post { return shared(i, i, object, time.Time{}) },
	"reposts": func(_ *world, i, object int) *post.Post { return hotRepost(i, object) },
	"copies": func(_ *world, i, object int) *post.Post {
		return hotPost(i, fmt.Sprintf("copy %d is what everybody has to say today word for word", object))
	},
	"a template": func(w *world, i, object int) *post.Post {
		return hotPost(i, fmt.Sprintf("a template %d that is filled in with %s and posted by whoever is told to do so", object, w.nonsense(1)))
	},
	"answers": func(_ *world, i, object int) *post.Post {
		p := hotPost(i, "")
		p.Kind, p.ReplyTo = post.Reply, post.Ref{PostID: fmt.Sprint("to", object), AccountID: fmt.Sprint("target", object)}
		return p
	},
}

func hotPost(i int, text string) *post.Post {
	return &post.Post{
		Platform: post.X, Kind: post.Original, ID: fmt.Sprint(i), Account: post.Account{ID: fmt.Sprint("a", i)}, Text: text,
	}
}

func hotRepost(i, object int) *post.Post {
	p := hotPost(i, "")
	p.Kind, p.RepostOf = post.Repost, post.Ref{PostID: fmt.Sprint("of", object), AccountID: fmt.Sprint("author", object)}
	return p
}

// hotPosts are n posts by n accounts within a minute, on so many objects.
func hotPosts(make func(*world, int, int) *post.Post, n, objects int) iter.Seq[*post.Post] {
	return func(yield func(*post.Post) bool) {
		w := newWorld(1)
		first := hotPost(-1, "the campaign has begun")
		first.PostedAt = start
		if !yield(first) {
			return
		}
		for i := range n {
			p := make(w, i, i%objects)
			p.PostedAt = start.Add(3*time.Hour + time.Duration(i)*time.Minute/time.Duration(n))
			if !yield(p) {
				return
			}
		}
	}
}

func hotStream(make func(*world, int, int) *post.Post, n, objects int) []*post.Post {
	return slices.Collect(hotPosts(make, n, objects))
}

// cost returns the processor time that posts take to be added and then looked at,
// and the detector.
func cost(cfg Config, posts []*post.Post) (time.Duration, *Detector) {
	runtime.GC()
	begin := cpuTime()
	d := New(cfg)
	for _, p := range posts {
		d.Add(p)
	}
	d.Advance(posts[len(posts)-1].PostedAt.Add(2 * time.Hour))
	d.Findings()
	return cpuTime() - begin, d
}

// TestLongHotCost: a million accounts that do the same to one thing within a minute
// cost no more each than a million that do it to a thousand, by a thousand.
func TestLongHotCost(t *testing.T) {
	skipUnlessLong(t)
	const n, most = 1_000_000, 1.5
	for name, of := range hot {
		t.Run(name, func(t *testing.T) {
			cool, _ := cost(Config{Campaign: "c"}, hotStream(of, n, n/1000))
			one, d := cost(Config{Campaign: "c"}, hotStream(of, n, 1))
			t.Logf("%v a post on one, %v on a thousand", one/n, cool/n)
			if float64(one) > most*float64(cool) {
				t.Errorf("one that is hot costs %.2f times as much a post, want %v at most", float64(one)/float64(cool), most)
			}
			checkLimits(t, d)
		})
	}
}

// TestLongHotMemory: one thing that a million accounts share takes less than 200 MB,
// and the last posts of a million take no longer than those after the beginning.
func TestLongHotMemory(t *testing.T) {
	skipUnlessLong(t)
	const n, part, most, slower = 1_000_000, 100_000, 200_000_000, 1.5
	for name, of := range hot {
		t.Run(name, func(t *testing.T) {
			first := heapBytes()
			d := New(Config{Campaign: "c"})
			var peak uint64
			var took []time.Duration // of each part
			posts := make([]*post.Post, 0, part)
			add := func() {
				runtime.GC()
				begin := cpuTime()
				for _, p := range posts {
					d.Add(p)
				}
				took = append(took, cpuTime()-begin)
				clear(posts)
				posts = posts[:0]
				peak = max(peak, heapBytes()-first)
			}
			for p := range hotPosts(of, n, 1) {
				if posts = append(posts, p); len(posts) == part {
					add()
				}
			}
			add()
			d.Findings()
			peak = max(peak, heapBytes()-first)
			// Until posts are let through the first wait for those that may be late.
			early, late := slices.Min(took[2:5]), slices.Min(took[7:10])
			t.Logf("%.1f MB; %v a post, %v at the end", float64(peak)/1e6, early/part, late/part)
			if peak > most {
				t.Errorf("the detector holds %d bytes, want %d at most", peak, most)
			}
			if float64(late) > slower*float64(early) {
				t.Errorf("%v a post at the end, and %v before", late/part, early/part)
			}
			runtime.KeepAlive(d)
		})
	}
}

// heapBytes is what is in use, without what is only not yet collected.
func heapBytes() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestHotStreams is the small version of both: limits hold in any hot stream.
func TestHotStreams(t *testing.T) {
	for name, of := range hot {
		t.Run(name, func(t *testing.T) {
			d := New(Config{Campaign: "c", Limits: Limits{
				Pending: 500, Journal: 2000, Pairs: 1 << 12, Bursts: 50, Members: 1000, Texts: 500, Evidence: 100, Edges: 20, Labels: 50,
			}})
			for i, p := range hotStream(of, 6_000, 7) {
				d.Add(p)
				if i%2000 == 0 {
					d.Findings()
				}
			}
			d.Findings()
			checkLimits(t, d)
			if s := d.Stats(); s.MembersRefused == 0 && name != "shares" {
				t.Errorf("no limit was hit: %+v", s)
			}
		})
	}
	d := New(Config{Campaign: "c", Limits: Limits{Pending: 500, Journal: 2000, Texts: 500, Members: 1000}})
	for i, p := range hotStream(func(w *world, i, _ int) *post.Post { return hotPost(i, w.nonsense(9)) }, 2*maxOwn, 1) {
		d.Add(p)
		if i%5000 == 0 {
			checkLimits(t, d)
		}
	}
	d.Findings()
	checkLimits(t, d)
	if k := len(d.core.own.window) - d.core.own.lo; k != maxOwn {
		t.Errorf("%d posts of their own are remembered, want %d", k, maxOwn)
	}
}

// TestReviewsAreBounded has every object begin with a run that is put off again
// and again: each burst has one place among the reviews.
func TestReviewsAreBounded(t *testing.T) {
	d := New(Config{Campaign: "c", Lateness: time.Millisecond})
	n := 0
	at := start
	for object := range 400 {
		for i := range 12 {
			p := hotRepost(n, object)
			p.PostedAt = at.Add(time.Duration(i) * 15 * time.Second)
			d.Add(p)
			n++
		}
		at = at.Add(3 * time.Minute)
		if k := len(d.core.reviews.heap); k > 2*d.core.bursts.live {
			t.Fatalf("%d reviews of %d bursts", k, d.core.bursts.live)
		}
	}
	if d.core.bursts.live == 0 {
		t.Fatal("no run was followed")
	}
	d.Advance(at.Add(24 * time.Hour))
	d.Findings()
	if due := d.Due(); !due.IsZero() {
		t.Errorf("something is due at %v, a day after the last post", due)
	}
}
