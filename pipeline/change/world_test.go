package change

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"winnow/pipeline/post"
)

// The worlds that the tests look at are made here: organic talk with the rhythm
// of the day, and what is planted in it.

// start is when every world begins; a multiple of a day.
var start = time.Date(2015, 6, 1, 0, 0, 0, 0, time.UTC)

type world struct {
	rng   *rand.Rand
	posts []*post.Post
}

func newWorld(seed uint64) *world { return &world{rng: rand.New(rand.NewPCG(seed, 5))} }

func (w *world) add(account string, at time.Time, text, lang string, tags ...string) *post.Post {
	p := &post.Post{
		Platform: post.X, ID: fmt.Sprint(1_000_000 + len(w.posts)), Kind: post.Original, Account: post.Account{ID: account},
		PostedAt: at, Text: text, Lang: lang, Tags: post.NewTags(tags...),
	}
	w.posts = append(w.posts, p)
	return p
}

func (w *world) within(from time.Time, span time.Duration) time.Time {
	return from.Add(time.Duration(w.rng.Int64N(int64(span/time.Millisecond))) * time.Millisecond)
}

var vocabulary = strings.Fields(`river stone window morning letter garden silver market winter bridge coffee simple
	number answer orange yellow travel school engine paper valley doctor summer island butter castle dinner farmer`)

func (w *world) words(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = vocabulary[w.rng.IntN(len(vocabulary))]
	}
	return strings.Join(words, " ")
}

// talk adds days of organic posts, about rate in ten minutes, by some hundred
// accounts of which some talk far more than others.
func (w *world) talk(days int, rate float64) {
	for b := range int64(days) * perDay {
		m := rate * diurnal(b) * gamma(w.rng, 4)
		for range poisson(w.rng, m) {
			u := w.rng.Float64()
			w.add(fmt.Sprint("regular", int(u*u*300)), w.within(start.Add(time.Duration(b)*Bucket), Bucket), w.words(9), "az", "Baku2015", "FreeThem")
		}
	}
}

// flood adds one post each of many accounts that were never there.
func (w *world) flood(prefix string, accounts int, at time.Time, span time.Duration) {
	for i := range accounts {
		w.add(fmt.Sprint(prefix, i), w.within(at, span), "what wonderful games we all enjoy "+w.words(i%3), "en", "Baku2015", "Games")
	}
}

// sorted returns the posts in order of time.
func (w *world) sorted() []*post.Post {
	ps := slices.Clone(w.posts)
	slices.SortStableFunc(ps, func(a, b *post.Post) int { return a.PostedAt.Compare(b.PostedAt) })
	return ps
}

// of returns the changes of one tag.
func of(cs []Change, tag string) []Change {
	return slices.DeleteFunc(slices.Clone(cs), func(c Change) bool { return c.Tag != tag })
}
