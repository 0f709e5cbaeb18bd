package coordination

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/pipeline/post"
)

// The worlds that the tests look at are made here: organic talk, and what is
// planted in it.

// start is when every world begins.
var start = time.Date(2015, 6, 10, 8, 0, 0, 0, time.UTC)

// world collects posts.
type world struct {
	rng   *rand.Rand
	posts []*post.Post
}

func newWorld(seed uint64) *world {
	return &world{rng: rand.New(rand.NewPCG(seed, 1))}
}

func (w *world) add(p *post.Post) *post.Post {
	p.Platform = post.X
	p.ID = fmt.Sprint(1_000_000 + len(w.posts))
	if p.Kind == "" {
		p.Kind = post.Original
	}
	w.posts = append(w.posts, p)
	return p
}

// sorted returns the posts in order of time.
func (w *world) sorted() []*post.Post {
	ps := slices.Clone(w.posts)
	slices.SortStableFunc(ps, func(a, b *post.Post) int { return a.PostedAt.Compare(b.PostedAt) })
	return ps
}

// within draws a time.
func (w *world) within(from time.Time, span time.Duration) time.Time {
	return from.Add(time.Duration(w.rng.Int64N(int64(span/time.Millisecond))) * time.Millisecond)
}

var vocabulary = strings.Fields(`river stone window morning letter garden silver market winter bridge
	coffee simple number answer orange yellow travel school engine paper valley doctor summer island
	butter castle dinner farmer guitar hammer jacket kitten ladder mirror needle office pencil rabbit
	saddle tunnel velvet wallet anchor basket candle desert empire forest gravel harbor insect jungle`)

// words draws a text of n words.
func (w *world) words(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(vocabulary[w.rng.IntN(len(vocabulary))])
	}
	return b.String()
}

func account(prefix string, n int) post.Account {
	return post.Account{ID: fmt.Sprintf("%s%d", prefix, n), Handle: fmt.Sprintf("%s_%d", prefix, n), CreatedAt: start.AddDate(-3, 0, -n%700)}
}

// delay draws from the delay curve of passing on: about six in a hundred of two
// such delays lie within a minute of each other, and the tail is days.
func (w *world) delay() time.Duration {
	u := w.rng.Float64()
	ms := 600e3 * (1/(1-u) - 1)
	return time.Duration(min(ms, 2*24*3600e3)) * time.Millisecond
}

// talk adds organic posts over some days: own texts, reposts and links that
// spread by the delay curve, replies, greetings that many say.
func (w *world) talk(accounts, originals int, span time.Duration) {
	who := func() post.Account {
		// Some people talk far more than others.
		u := w.rng.Float64()
		return account("organic", int(u*u*float64(accounts)))
	}
	for i := range originals {
		p := w.add(&post.Post{Account: who(), PostedAt: w.within(start, span), Text: w.words(6+w.rng.IntN(12)) + " #Baku2015"})
		if i%40 == 0 {
			p.Text = "good luck to everybody"
		}
		fans := int(1.2 / (1 - w.rng.Float64()))
		switch i % 4 {
		case 0, 1: // reposts
			for range min(fans, 150) {
				w.repost(who(), p, p.PostedAt.Add(w.delay()))
			}
		case 2: // a headline
			link := fmt.Sprintf("https://news.example/%d", i)
			p.Links = []string{link}
			for range min(fans, 60) {
				w.add(&post.Post{Account: who(), PostedAt: p.PostedAt.Add(w.delay()), Text: p.Text, Links: []string{link}})
			}
		default: // replies
			for range min(fans, 30) {
				w.reply(who(), p, p.PostedAt.Add(w.delay()), w.words(3+w.rng.IntN(9)))
			}
		}
	}
}

func (w *world) repost(a post.Account, of *post.Post, at time.Time) {
	w.add(&post.Post{
		Kind: post.Repost, Account: a, PostedAt: at, Text: of.Text,
		RepostOf: post.Ref{PostID: of.ID, AccountID: of.Account.ID, Handle: of.Account.Handle},
	})
}

func (w *world) reply(a post.Account, to *post.Post, at time.Time, text string) {
	w.add(&post.Post{
		Kind: post.Reply, Account: a, PostedAt: at, Text: text,
		ReplyTo: post.Ref{PostID: to.ID, AccountID: to.Account.ID, Handle: to.Account.Handle},
	})
}

// copies adds an attack: in each wave every account posts one of a few texts
// within the spread.
func (w *world) copies(prefix string, accounts, texts, waves int, at time.Time, spread time.Duration) {
	var praise []string
	for range texts {
		praise = append(praise, w.words(9))
	}
	for wave := range waves {
		for i := range accounts {
			a := account(prefix, i)
			a.CreatedAt = start.AddDate(0, 0, -12)
			w.add(&post.Post{
				Account: a, PostedAt: w.within(at.Add(time.Duration(wave)*3*time.Hour), spread),
				Text: praise[w.rng.IntN(texts)] + " #Baku2015",
			})
		}
	}
}

// viral adds a post that a crowd passes on and answers.
func (w *world) viral(reposts int, at time.Time) {
	p := w.add(&post.Post{Account: account("author", 0), PostedAt: at, Text: "a picture that everybody has to see #Baku2015"})
	for i := range reposts {
		w.repost(account("crowd", i), p, p.PostedAt.Add(w.delay()/2))
		if i%4 == 0 {
			w.reply(account("crowd", i), p, p.PostedAt.Add(w.delay()/2), w.words(2+w.rng.IntN(8)))
		}
	}
}

// pileOn adds accounts that answer one account's post within some minutes.
func (w *world) pileOn(target post.Account, accounts int, at time.Time, spread time.Duration) {
	p := w.add(&post.Post{Account: target, PostedAt: at.Add(-time.Hour), Text: w.words(9) + " #Baku2015"})
	for i := range accounts {
		a := account("piler", i)
		if i%2 == 0 {
			a.CreatedAt = start.AddDate(0, 0, -8)
		}
		w.reply(a, p, w.within(at, spread), w.words(2+w.rng.IntN(6)))
	}
}

// find gives posts to a detector and returns what it finds.
func find(cfg Config, posts []*post.Post) []Finding {
	if cfg.Campaign == "" {
		cfg.Campaign = "Baku2015"
	}
	d := New(cfg)
	for _, p := range posts {
		d.Add(p)
	}
	return d.Findings()
}

// members counts a finding's accounts whose id starts with prefix, and the
// others.
func members(f Finding, prefix string) (in, out int) {
	for _, a := range f.Accounts {
		if strings.HasPrefix(a.AccountID, prefix) {
			in++
		} else {
			out++
		}
	}
	return in, out
}

// show logs findings.
func show(t *testing.T, fs []Finding) {
	t.Helper()
	for _, f := range fs {
		t.Logf("%s %s %.1f bits, declared %q, target %q, %d posts: %s", f.ID, f.Kind, f.Bits, f.Declared, f.Target, len(f.Posts), f.Sentence)
	}
}
