package coordination

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/post"
)

// more returns the posts and others, in order of time, none of them at the same
// time as another.
func more(posts []*post.Post, others ...*post.Post) []*post.Post {
	w := world{posts: slices.Concat(posts, others)}
	w.spread()
	return w.sorted()
}

// TestBadInput gives the detector a stream with all attacks in it as bad streams
// are. What costs a stream nothing leaves the findings as they are, to the last
// bit: order, duplicates, wrong clocks, posts that come too late. What adds posts
// changes the campaign's own rhythm, and with it the bits, but not who is found.
func TestBadInput(t *testing.T) {
	posts := attackedWorld(1).sorted()
	clean := find(attackedConfig, posts)
	rng := rand.New(rand.NewPCG(1, 7))
	over := func(n, of int) time.Time {
		return start.Add(time.Hour + 28*time.Hour*time.Duration(n)/time.Duration(of))
	}
	copyOf := func(p *post.Post, id string) *post.Post {
		q := *p
		q.ID = id
		return &q
	}
	for _, tc := range []struct {
		name  string
		equal bool
		make  func() []*post.Post
		check func(Stats) bool
	}{
		{"up to five minutes out of order", true, func() []*post.Post {
			return deliver(rng, posts, 5*time.Minute)
		}, func(s Stats) bool { return s.Late == 0 }},
		{"some too late", true, func() []*post.Post {
			var out []*post.Post
			for i, p := range posts {
				out = append(out, p)
				if i%10 == 0 {
					late := copyOf(p, fmt.Sprint("late", i))
					late.PostedAt = p.PostedAt.Add(-5*time.Minute - time.Millisecond)
					out = append(out, late)
				}
			}
			return out
		}, func(s Stats) bool { return s.Late == uint64(len(posts)+9)/10 }},
		{"clocks in the future", true, func() []*post.Post {
			out := slices.Clone(posts)
			for i := 0; i < len(out); i += 7 {
				out[i] = copyOf(out[i], out[i].ID)
				out[i].ObservedAt = out[i].PostedAt
				out[i].PostedAt = out[i].PostedAt.AddDate(i, 0, 0)
				if c := &out[i].Account.CreatedAt; !c.IsZero() {
					*c = c.AddDate(i, 0, 0)
				}
			}
			return out
		}, func(s Stats) bool { return s.Late == 0 }},
		{"every post twice", true, func() []*post.Post {
			var out []*post.Post
			for i, p := range posts {
				out = append(out, p)
				if i >= 3 {
					out = append(out, posts[i-3])
				}
			}
			return out
		}, func(s Stats) bool { return s.Late+s.Duplicates == uint64(len(posts)-3) }},
		{"the whole stream twice", true, func() []*post.Post {
			return slices.Concat(posts, posts)
		}, func(s Stats) bool { return s.Late+s.Duplicates == uint64(len(posts)) }},
		{"5,000 accounts with one post", false, func() []*post.Post {
			var others []*post.Post
			for i := range 5_000 {
				others = append(others, &post.Post{
					Platform: post.X, Kind: post.Original, ID: fmt.Sprint("once", i), Account: account("once", i),
					PostedAt: over(i, 5_000), Text: attackText(rng),
				})
			}
			return more(posts, others...)
		}, nil},
		{"one account with 20,000 posts", false, func() []*post.Post {
			return more(posts, loudPosts(20_000)...)
		}, nil},
		{"empty texts", false, func() []*post.Post {
			var others []*post.Post
			for i := range 2000 {
				others = append(others, &post.Post{
					Platform: post.X, Kind: post.Original, ID: fmt.Sprint("empty", i), Account: account("empty", i%900),
					PostedAt: over(i, 2000), Text: []string{"", " ", "#Baku2015", "\u200b", "\xff\xfe"}[i%5],
				})
			}
			// And a minute in which many send nothing.
			for i := range 60 {
				others = append(others, &post.Post{
					Platform: post.X, Kind: post.Original, ID: fmt.Sprint("nothing", i), Account: account("nothing", i),
					PostedAt: start.Add(26*time.Hour + time.Duration(i)*time.Second),
				})
			}
			return more(posts, others...)
		}, nil},
		{"a day of silence", false, func() []*post.Post {
			out := slices.Clone(posts)
			for i, p := range out {
				if p.PostedAt.Sub(start) > 17*time.Hour {
					out[i] = copyOf(p, p.ID)
					out[i].PostedAt = p.PostedAt.Add(24*time.Hour + 7*time.Minute)
				}
			}
			return out
		}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := New(attackedConfig)
			for _, p := range tc.make() {
				d.Add(p)
			}
			got := d.Findings()
			if tc.equal {
				if diff := cmp.Diff(clean, got); diff != "" {
					t.Errorf("findings differ (-clean +bad):\n%s", diff)
				}
			}
			if tc.check != nil && !tc.check(d.Stats()) {
				t.Errorf("of %d posts: %+v", len(posts), d.Stats())
			}
			sameAttacks(t, clean, got)
			checkLimits(t, d)
		})
	}
}

// sameAttacks compares who is found: of each attack nearly as many, in as many
// findings, and nobody else.
func sameAttacks(t *testing.T, want, got []Finding) {
	t.Helper()
	for _, prefix := range planted {
		if w, g := caught(want, prefix), caught(got, prefix); 10*g < 9*w {
			t.Errorf("%d of %s found, want %d", g, prefix, w)
		}
	}
	if n := bystanders(got); len(got) != len(want) || n > bystanders(want) {
		show(t, got)
		t.Errorf("%d findings with %d bystanders, want %d", len(got), n, len(want))
	}
}

// attackText draws words of the talk.
func attackText(rng *rand.Rand) string {
	w := world{rng: rng}
	return w.words(6+rng.IntN(8)) + " #Baku2015"
}

// loudPosts are those of one account that never sleeps.
func loudPosts(n int) []*post.Post {
	w := newWorld(9)
	ps := make([]*post.Post, n)
	for i := range ps {
		ps[i] = &post.Post{
			Platform: post.X, Kind: post.Original, ID: fmt.Sprint("loud", i), Account: account("loud", 0),
			PostedAt: start.Add(time.Duration(float64(30*time.Hour) * float64(i) / float64(n))), Text: w.words(9),
		}
	}
	return ps
}

// TestLongLoudAccount has one account send a million texts. Each is one more that
// could have been copied, so that copies of a text of nine words and fewer no
// longer stand out; all other attacks do.
func TestLongLoudAccount(t *testing.T) {
	skipUnlessLong(t)
	posts := attackedWorld(1).sorted()
	d := New(attackedConfig)
	for _, p := range more(posts, loudPosts(1_000_000)...) {
		d.Add(p)
	}
	found := d.Findings()
	for _, prefix := range planted {
		if n, clean := caught(found, prefix), caught(find(attackedConfig, posts), prefix); prefix != "copier" && 10*n < 9*clean {
			t.Errorf("%d of %s found, want %d", n, prefix, clean)
		}
	}
	if n := bystanders(found); n > 0 {
		show(t, found)
		t.Errorf("%d bystanders in findings", n)
	}
	checkLimits(t, d)
}

// TestLatePostsAreLost has the posts of one attack come later than a stream may be
// late: they are counted, that attack is not found, and all others are found as
// they were.
func TestLatePostsAreLost(t *testing.T) {
	posts := attackedWorld(1).sorted()
	of := func(p *post.Post) bool { return strings.HasPrefix(p.Account.ID, "changer") }
	var rest []*post.Post
	for _, p := range posts {
		if !of(p) {
			rest = append(rest, p)
		}
	}
	want := find(attackedConfig, rest)
	d := New(attackedConfig)
	var held []*post.Post
	for _, p := range posts {
		if of(p) {
			held = append(held, p)
			continue
		}
		d.Add(p)
		if len(held) > 0 && p.PostedAt.Sub(held[len(held)-1].PostedAt) > 10*time.Minute {
			for _, late := range held {
				d.Add(late)
			}
			held = held[:0]
		}
	}
	if diff := cmp.Diff(want, d.Findings()); diff != "" {
		t.Error(diff)
	}
	if s := d.Stats(); s.Late != 16 {
		t.Errorf("%d late, want 16", s.Late)
	}
}

// TestUnobservedFuture has a post from the future of which nobody noted when it
// was seen: there is nothing to hold its time against, so it makes the others
// late, and they are counted. Every collector notes it.
func TestUnobservedFuture(t *testing.T) {
	posts := attackedWorld(1).sorted()
	d := New(attackedConfig)
	lie := *posts[10]
	lie.ID, lie.PostedAt = "lie", lie.PostedAt.AddDate(80, 0, 0)
	d.Add(&lie)
	for _, p := range posts {
		d.Add(p)
	}
	if s := d.Stats(); s.Late != uint64(len(posts)) || len(d.Findings()) > 0 {
		t.Errorf("%d of %d posts late, %d findings", s.Late, len(posts), len(d.Findings()))
	}
}
