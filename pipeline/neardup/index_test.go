package neardup

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// vocabulary is words that look like none of the others.
func vocabulary() []string {
	heads := strings.Fields("ba ke mo tu ra shi ven dol gar plu fen zor wex hyp qua")
	tails := strings.Fields("nak rim sot vel dun par gos tem buk lan fry wod jin mep cat hum")
	var words []string
	for _, h := range heads {
		for _, t := range tails {
			words = append(words, h+t)
		}
	}
	return words
}

func textOf(least, most int) *rapid.Generator[[]string] {
	return rapid.SliceOfN(rapid.SampledFrom(vocabulary()), least, most)
}

// mutated returns a text that everybody would call a copy of words.
func mutated(t *rapid.T, words []string) string {
	out := slices.Clone(words)
	n := len(out)
	if rapid.Bool().Draw(t, "cut") {
		out = out[:n-rapid.IntRange(0, n/5).Draw(t, "by")]
	}
	for range rapid.IntRange(0, n/10).Draw(t, "replaced") {
		out[rapid.IntRange(0, len(out)-1).Draw(t, "word")] = "another"
	}
	text := strings.Join(out, rapid.SampledFrom([]string{" ", "  ", " \u200b", ", ", " 🔥 ", "\n"}).Draw(t, "between"))
	for from, to := range map[string]string{"a": "а", "o": "ο", "e": "е\u0301"} {
		if rapid.Bool().Draw(t, from) {
			text = strings.ReplaceAll(text, from, to)
		}
	}
	if rapid.Bool().Draw(t, "upper") {
		text = strings.ToUpper(text)
	}
	around := rapid.SliceOfN(rapid.SampledFrom([]string{"#Now", "#Here", "@anna", "https://example.org/x", "!!", "🔥"}), 0, 4)
	return strings.Join(append(append(around.Draw(t, "before"), text), around.Draw(t, "behind")...), " ")
}

// Whatever is done to a text that leaves it a copy, it stays in its cluster,
// whatever else is known.
func TestMutationsStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := NewIndex(Limits{})
		var s Sketch
		for range rapid.IntRange(0, 20).Draw(t, "others") {
			if s.Of(strings.Join(textOf(8, 40).Draw(t, "other"), " ")) {
				x.Place(&s, 0)
			}
		}
		words := rapid.SliceOfNDistinct(rapid.SampledFrom(vocabulary()), 10, 60, rapid.ID).Draw(t, "words")
		s.Of(strings.Join(words, " "))
		id, _ := x.Place(&s, 0)
		for range 3 {
			text := mutated(t, words)
			if !s.Of(text) {
				t.Fatalf("too short: %q", text)
			}
			if got, copied := x.Place(&s, 0); got != id || !copied {
				t.Fatalf("%q is no copy of %q", text, words)
			}
		}
	})
}

// Texts of words drawn by chance never join, and so it does not matter in what
// order they come.
func TestStrangersStayApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfNDistinct(rapid.Map(textOf(8, 40), func(words []string) string {
			return strings.Join(words, " ")
		}), 2, 40, rapid.ID).Draw(t, "texts")
		ids := make(map[string]uint64)
		for turn := range 2 {
			x := NewIndex(Limits{})
			for _, text := range texts {
				var s Sketch
				if !s.Of(text) {
					continue
				}
				id, copied := x.Place(&s, 0)
				if copied || turn > 0 && ids[text] != id {
					t.Fatalf("%q went to another's cluster", text)
				}
				ids[text] = id
			}
			texts = rapid.Permutation(texts).Draw(t, "order")
		}
	})
}

// post is a text and when it was posted.
type post struct {
	text string
	at   int64
}

// drawPosts returns posts that often copy one another, with times in hours.
func drawPosts(t *rapid.T, at *int64, most int) []post {
	pool := make([]string, 24)
	words := vocabulary()
	for i := range pool { // neighbours are copies of one another, or nearly
		pool[i] = strings.Join(words[i/3*20:][:12-i%3*2], " ")
	}
	var posts []post
	for range rapid.IntRange(0, most).Draw(t, "posts") {
		*at += rapid.Int64Range(0, 2).Draw(t, "wait") * time.Hour.Milliseconds()
		posts = append(posts, post{rapid.SampledFrom(pool).Draw(t, "text"), *at})
	}
	return posts
}

func placeAll(x *Index, posts []post) string {
	var b strings.Builder
	var s Sketch
	for _, p := range posts {
		if s.Of(p.text) {
			id, copied := x.Place(&s, p.at)
			fmt.Fprintf(&b, "%x %v\n", id, copied)
		}
	}
	return b.String()
}

// A fork goes on as its origin would, and the origin is as if there had been
// none; also when clusters must go.
func TestForks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limits := Limits{Memory: 12 * time.Hour, Clusters: rapid.IntRange(1, 12).Draw(t, "clusters")}
		x, twin := NewIndex(limits), NewIndex(limits)
		at := int64(0)
		for range rapid.IntRange(1, 6).Draw(t, "rounds") {
			before := x.Stats()
			f := x.Fork()
			later := at
			ahead := drawPosts(t, &later, 20)
			forked := placeAll(f, ahead)
			deeper := placeAll(f.Fork(), ahead)
			if got := placeAll(f, ahead); got != deeper {
				t.Fatalf("a fork's fork differs:\n%s\n%s", deeper, got)
			}
			if x.Stats() != before {
				t.Fatalf("the origin changed: %+v, %+v", before, x.Stats())
			}
			check(t, f)
			if rapid.Bool().Draw(t, "same") {
				if got := placeAll(x, ahead); got != forked {
					t.Fatalf("the origin goes on differently:\n%s\n%s", got, forked)
				}
				placeAll(twin, ahead)
				at = later
				continue
			}
			posts := drawPosts(t, &at, 20)
			if got, want := placeAll(x, posts), placeAll(twin, posts); got != want {
				t.Fatalf("a fork changed its origin:\n%s\n%s", got, want)
			}
			check(t, x)
		}
		if x.Stats() != twin.Stats() {
			t.Fatalf("stats differ: %+v, %+v", x.Stats(), twin.Stats())
		}
	})
}

// check compares what an index says in several places.
func check(t *rapid.T, x *Index) {
	listed := make(map[uint32]bool)
	turn := ^uint64(0)
	for c := x.first; c != 0; c = x.clusters.get(c - 1).older {
		row := x.clusters.get(c - 1)
		if row.turn > turn || listed[c] {
			t.Fatalf("list by last use is out of order")
		}
		turn = row.turn
		listed[c] = true
	}
	if len(listed) != int(x.live) || x.live > x.limit {
		t.Fatalf("%d clusters listed, %d live, limit %d", len(listed), x.live, x.limit)
	}
	for i := range x.postings.buckets.n {
		for _, s := range x.postings.buckets.get(i) {
			if s.cluster != 0 && !listed[s.cluster] {
				t.Fatalf("a cluster that went can still be found")
			}
		}
	}
}

func TestForgetting(t *testing.T) {
	text := func(i int) string { return strings.Join(vocabulary()[i*8:][:8], " ") }
	hour := time.Hour.Milliseconds()
	var s Sketch
	place := func(x *Index, i int, at int64) bool {
		s.Of(text(i) + " " + fmt.Sprint("#", at))
		_, copied := x.Place(&s, at)
		return copied
	}

	x := NewIndex(Limits{})
	for i, at := range []int64{0, 48 * hour, 96*hour + 1} {
		if copied := place(x, 0, at); copied != (i == 1) {
			t.Errorf("at %d: copied is %v", at, copied)
		}
	}
	if got := x.Stats(); got.Forgotten != 1 || got.Clusters != 1 {
		t.Errorf("stats are %+v", got)
	}

	x = NewIndex(Limits{Clusters: 2})
	place(x, 0, 0)
	place(x, 1, 1)
	place(x, 0, 2)
	place(x, 2, 3) // 1 goes
	for _, tc := range []struct {
		text   int
		copied bool
	}{{0, true}, {2, true}, {1, false}, {0, false}} {
		if copied := place(x, tc.text, 4); copied != tc.copied {
			t.Errorf("text %d: copied is %v", tc.text, copied)
		}
	}
	if got := x.Stats(); got.Evicted != 3 || got.Clusters != 2 {
		t.Errorf("stats are %+v", got)
	}
}

// Of two clusters that a text copies, the one it resembles more gets it, then
// the older.
func TestBestCluster(t *testing.T) {
	w := vocabulary()
	join := func(parts ...[]string) string { return strings.Join(slices.Concat(parts...), " ") }
	left, right, middle := w[:10], w[20:30], w[40:48]
	a, b := join(left[:6], middle), join(middle, right[:6])
	ids := place(a, b, join(left[4:6], middle, right[:3]), join(left[3:6], middle, right[:2]), join(left[4:6], middle, right[:2]))
	if ids[0] == ids[1] || ids[2] != ids[1] || ids[3] != ids[0] || ids[4] != ids[0] {
		t.Errorf("ids are %x", ids)
	}
}

// However many texts share their phrases, a text is compared with few.
func TestComparesFew(t *testing.T) {
	x := NewIndex(Limits{})
	var s Sketch
	w := vocabulary()
	const n = 2000
	for i := range n {
		s.Of(strings.Join(w[:8], " ") + " " + w[i%200] + " " + w[i/10] + " " + w[(i*7)%211] + " " + strings.Join(w[8:12], " "))
		x.Place(&s, int64(i))
	}
	if got := x.Stats(); got.Compared > n*maxCompared {
		t.Errorf("%d texts took %d comparisons", n, got.Compared)
	}
}
