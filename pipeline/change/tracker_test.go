package change

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"winnow/pipeline/post"
)

// at is a time of the world.
func at(day, hour, minute int) time.Time {
	return start.AddDate(0, 0, day).Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

// one returns the only change of a tag.
func one(t *testing.T, cs []Change, tag string) Change {
	t.Helper()
	mine := of(cs, tag)
	for _, c := range cs {
		t.Logf("#%s %s %.1f bits, %s: %s", c.Tag, c.Direction, c.Bits, c.Hold, c.Sentence)
	}
	if len(mine) != 1 {
		t.Fatalf("%d changes of tag %q, want 1", len(mine), tag)
	}
	return mine[0]
}

func TestFlood(t *testing.T) {
	w := newWorld(1)
	w.talk(9, 5)
	w.flood("new", 400, at(7, 14, 20), 30*time.Minute)
	cs := track(Config{Campaign: "c"}, w.sorted())
	c := one(t, cs, "")
	if c.Direction != Rise || !c.From.Equal(at(7, 14, 20)) {
		t.Errorf("%s from %s, want a rise from 14:20", c.Direction, c.From)
	}
	if c.To.Before(at(7, 14, 50)) || c.To.After(at(7, 15, 10)) {
		t.Errorf("until %s, want about 14:50", c.To)
	}
	if c.Observed < 400 || c.Observed > 480 || c.Expected < 10 || c.Expected > 60 {
		t.Errorf("%d posts where %.1f are expected, want 400 and more where some 25 are", c.Observed, c.Expected)
	}
	if c.Newcomers != 400 || c.Hold != HoldDrowned {
		t.Errorf("%d newcomers, %s; want the 400, and the others drowned", c.Newcomers, c.Hold)
	}
	if c.Before.Accounts < 100 || c.After.Effective < 300 {
		t.Errorf("before %+v, after %+v", c.Before, c.After)
	}
	var rose, fell []string
	for _, i := range c.Rose {
		rose = append(rose, string(i.Kind)+" "+i.ID)
	}
	for _, i := range c.Fell {
		fell = append(fell, string(i.Kind)+" "+i.ID)
	}
	for _, want := range []string{"tag games", "language en"} {
		if !slices.Contains(rose, want) {
			t.Errorf("%s did not rise: %v", want, rose)
		}
	}
	for _, want := range []string{"tag freethem", "language az"} {
		if !slices.Contains(fell, want) {
			t.Errorf("%s did not fall: %v", want, fell)
		}
	}
	if !slices.ContainsFunc(c.Rose, func(i Item) bool {
		return i.Kind == ItemText && strings.HasPrefix(i.Label, "what wonderful games") && i.AccountsBefore == 0 && i.AccountsAfter > 100
	}) {
		t.Errorf("the text of the flood did not rise: %v", rose)
	}
	// The tag that only the flood used begins with it, and nobody held it before.
	if games := of(cs, "games"); len(games) != 1 || games[0].Hold != HoldNew || games[0].Bits < tagBits(64) {
		t.Errorf("changes of the flood's own tag: %+v", games)
	}
	if other := of(cs, "freethem"); len(other) != 0 {
		t.Errorf("a tag that nobody flooded changed: %+v", other)
	}
}

// A rise that is not over yet is told while its first ten minutes run.
func TestRiseAtTheEnd(t *testing.T) {
	w := newWorld(2)
	w.talk(8, 5)
	posts := slices.DeleteFunc(w.posts, func(p *post.Post) bool { return p.PostedAt.After(at(7, 14, 24)) })
	w.posts = posts
	w.flood("new", 150, at(7, 14, 21), 3*time.Minute)
	c := one(t, track(Config{}, w.sorted()), "")
	if !c.From.Equal(at(7, 14, 20)) || !c.To.IsZero() || c.Lasting {
		t.Errorf("from %s to %s", c.From, c.To)
	}
}

func TestSilence(t *testing.T) {
	w := newWorld(3)
	w.talk(22, 12)
	w.posts = slices.DeleteFunc(w.posts, func(p *post.Post) bool {
		return p.PostedAt.After(at(20, 12, 0)) && p.PostedAt.Before(at(20, 22, 0))
	})
	c := one(t, track(Config{}, w.sorted()), "")
	if c.Direction != Fall || c.From.Before(at(20, 11, 50)) || c.From.After(at(20, 12, 10)) || !c.To.Equal(at(20, 22, 0)) {
		t.Errorf("%s from %s to %s, want a fall from 12:00 to 22:00", c.Direction, c.From, c.To)
	}
	if !strings.Contains(c.Sentence, "everything was collected") {
		t.Errorf("the sentence does not warn of gaps: %s", c.Sentence)
	}
}

// A campaign that grows twentyfold for good has one rise, and then that is usual.
func TestLasting(t *testing.T) {
	w := newWorld(4)
	w.talk(6, 0.6)
	before := len(w.posts)
	w.talk(12, 12)
	w.posts = slices.DeleteFunc(w.posts, func(p *post.Post) bool {
		return p.PostedAt.Before(at(6, 0, 0)) && slices.Index(w.posts[:before], p) < 0
	})
	c := one(t, track(Config{}, w.sorted()), "")
	if !c.Lasting || c.From.Before(at(5, 23, 0)) || c.From.After(at(6, 3, 0)) {
		t.Errorf("lasting %v from %s", c.Lasting, c.From)
	}
}

// An attack at one hour does not make the same hour of the next day a silence,
// nor a second attack usual.
func TestYesterdaysAttackTeachesLittle(t *testing.T) {
	w := newWorld(5)
	w.talk(9, 5)
	for day := range 3 {
		w.flood(fmt.Sprint("new", day, "-"), 400, at(5+day, 14, 20), 20*time.Minute)
	}
	cs := of(track(Config{}, w.sorted()), "")
	if len(cs) != 3 {
		t.Fatalf("%d changes, want the three floods: %+v", len(cs), cs)
	}
	for i, c := range cs {
		if c.Direction != Rise || !c.From.Equal(at(5+i, 14, 20)) {
			t.Errorf("%s from %s", c.Direction, c.From)
		}
	}
}

// A loud account counts once: what it repeats does not rise.
func TestOneLoudAccount(t *testing.T) {
	w := newWorld(6)
	w.talk(8, 5)
	for i := range 500 {
		w.add("loud", w.within(at(7, 12, 0), 20*time.Minute), "the one text that I repeat and repeat", "en", "Baku2015", fmt.Sprint("mine", i%3))
	}
	c := one(t, track(Config{}, w.sorted()), "")
	if len(c.Rose) > 0 {
		t.Errorf("rose: %+v", c.Rose)
	}
	if c.After.Effective > 3 || c.Accounts[0].AccountID != "loud" || c.Accounts[0].After != 500 {
		t.Errorf("after %+v, busiest %+v", c.After, c.Accounts[0])
	}
}

func TestHold(t *testing.T) {
	for _, tc := range []struct {
		name          string
		accounts      int
		stayed, posts int
		usual         float64
		want          Hold
	}{
		{"nobody there before", 4, 0, 300, 20, HoldNew},
		{"as many by those of before", 5, 50, 100, 20, HoldKept},
		{"nobody of before, where some are usual", 40, 0, 300, 20, HoldTaken},
		{"a few of before", 40, 9, 300, 20, HoldTaken},
		{"as usual by those of before", 40, 10, 300, 20, HoldDrowned},
		{"too short to tell", 40, 0, 300, 9, HoldOutnumbered},
	} {
		c := Change{Before: Side{Accounts: tc.accounts}, After: Side{Posts: tc.posts}, StayedPosts: tc.stayed, Usual: tc.usual}
		if got := c.hold(); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

// deliver returns the posts in an order in which each may come up to late after
// others that are newer.
func deliver(rng *rand.Rand, posts []*post.Post, late time.Duration) []*post.Post {
	when := make(map[*post.Post]time.Time, len(posts))
	for _, p := range posts {
		when[p] = p.PostedAt.Add(time.Duration(rng.Int64N(int64(late) + 1)))
	}
	out := slices.Clone(posts)
	slices.SortStableFunc(out, func(a, b *post.Post) int { return when[a].Compare(when[b]) })
	return out
}

// The order of posts within five minutes changes nothing.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64Range(0, 1000).Draw(t, "seed")
		w := newWorld(seed)
		w.talk(3, 1)
		w.flood("new", 150, at(2, 12, 0), 15*time.Minute)
		for _, p := range w.posts {
			p.PostedAt = p.PostedAt.Truncate(time.Duration(1+seed%20) * time.Second) // many at the same time
		}
		posts := w.sorted()
		want := track(Config{Campaign: "c"}, posts)
		if len(want) == 0 {
			t.Fatal("no change")
		}
		got := track(Config{Campaign: "c"}, deliver(rand.New(rand.NewPCG(seed, 6)), posts, 5*time.Minute))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("up to five minutes late:\n%s", diff)
		}
	})
}

func TestLateAndImprecisePosts(t *testing.T) {
	tr := New(Config{})
	w := newWorld(1)
	tr.Add(w.add("a", at(0, 12, 0), "text", ""))
	tr.Add(w.add("b", at(0, 11, 54), "text", ""))
	vague := w.add("c", at(0, 12, 1), "text", "")
	vague.TimeSlack = 601
	tr.Add(vague)
	if s := tr.Stats(); s.Posts != 3 || s.Late != 1 || s.Imprecise != 1 || s.Pending != 1 {
		t.Errorf("stats %+v", s)
	}
}

// What the changes say adds up, whatever the posts.
func TestNumbersAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(rapid.Uint64().Draw(t, "seed"))
		w.talk(rapid.IntRange(1, 4).Draw(t, "days"), rapid.Float64Range(0, 4).Draw(t, "rate"))
		for i := range rapid.IntRange(0, 4).Draw(t, "floods") {
			w.flood(fmt.Sprint("new", i%2, "-"), rapid.IntRange(20, 300).Draw(t, "accounts"), w.within(start, 96*time.Hour),
				time.Duration(rapid.IntRange(1, 40*3600).Draw(t, "seconds"))*time.Second)
		}
		if len(w.posts) == 0 {
			t.Skip()
		}
		for _, c := range track(Config{Campaign: "c"}, w.sorted()) {
			switch {
			case c.Bits < changeBits, c.Expected <= 0, c.PeakObserved > c.Observed, c.Sentence == "", c.ID == "":
				t.Fatalf("change %+v", c)
			case !c.To.IsZero() && (!c.From.Before(c.To) || c.Lasting), c.From.UnixMilli()%bucketMs != 0:
				t.Fatalf("from %s to %s, lasting %v", c.From, c.To, c.Lasting)
			case c.Direction == Rise && float64(c.Observed) <= c.Expected:
				t.Fatalf("a rise to %d from %v", c.Observed, c.Expected)
			case c.Stayed > min(c.Before.Accounts, c.After.Accounts), c.Stayed+c.Newcomers > c.After.Accounts, c.StayedPosts > c.After.Posts:
				t.Fatalf("%d stayed with %d posts, %d newcomers: %+v", c.Stayed, c.StayedPosts, c.Newcomers, c)
			case c.After.Effective > float64(c.After.Accounts)+1e-6, c.Before.Effective > float64(c.Before.Accounts)+1e-6:
				t.Fatalf("effective numbers above those of accounts: %+v", c)
			case len(c.Rose) > topItems, len(c.Fell) > topItems, len(c.Accounts) > topItems, len(c.Languages) > topItems:
				t.Fatal("lists beyond their bounds")
			}
			for _, i := range slices.Concat(c.Rose, c.Fell) {
				if i.AccountsBefore > c.Before.Accounts || i.AccountsAfter > c.After.Accounts || i.Bits < itemBits || i.Kind == ItemTag && i.ID == c.Tag {
					t.Fatalf("item %+v of %+v", i, c)
				}
			}
		}
	})
}

// Posts dealt out to other days make no change.
func TestDealtOutPostsAreQuiet(t *testing.T) {
	for seed := range uint64(10) {
		w := newWorld(seed)
		w.talk(10, 3)
		w.flood("new", 300, at(6, 14, 0), 30*time.Minute)
		if cs := track(Config{}, dealt(seed, w.sorted())); len(cs) > 0 {
			t.Errorf("seed %d: %+v", seed, cs)
		}
	}
}

// After four weeks of silence nobody knows what is usual.
func TestLongSilence(t *testing.T) {
	w := newWorld(7)
	w.talk(5, 4)
	for i := range 300 {
		w.add(fmt.Sprint("late", i), w.within(start.AddDate(3, 0, 0), time.Hour), w.words(5), "az", "Baku2015")
	}
	tr := New(Config{})
	for _, p := range w.sorted() {
		tr.Add(p)
	}
	if cs := slices.DeleteFunc(tr.Finish(), func(c Change) bool { return c.Direction == Fall && c.From.Before(at(6, 0, 0)) }); len(cs) > 0 {
		t.Errorf("changes after three years of silence: %+v", cs)
	}
	if got := tr.since; got != start.AddDate(3, 0, 0).UnixMilli()/bucketMs {
		t.Errorf("history goes back to %s", timeOf(got))
	}
}
