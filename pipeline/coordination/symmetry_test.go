package coordination

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"winnow/pipeline/post"
)

// names renames accounts, posts and what they pass on, and shifts times.
type names struct {
	account, post map[string]string
	shift         time.Duration
}

func (n *names) accountName(s string) string { return cmp.Or(n.account[s], s) }
func (n *names) postName(s string) string    { return cmp.Or(n.post[s], s) }

func (n *names) ref(r post.Ref) post.Ref {
	r.PostID, r.AccountID, r.Handle = n.postName(r.PostID), n.accountName(r.AccountID), n.accountName(r.Handle)
	return r
}

func (n *names) posts(posts []*post.Post) []*post.Post {
	out := make([]*post.Post, len(posts))
	for i, p := range posts {
		q := *p
		q.ID = n.postName(q.ID)
		q.Account.ID, q.Account.Handle = n.accountName(q.Account.ID), n.accountName(q.Account.Handle)
		q.RepostOf, q.ReplyTo, q.QuoteOf = n.ref(q.RepostOf), n.ref(q.ReplyTo), n.ref(q.QuoteOf)
		q.PostedAt = q.PostedAt.Add(n.shift)
		if !q.Account.CreatedAt.IsZero() {
			q.Account.CreatedAt = q.Account.CreatedAt.Add(n.shift)
		}
		q.Mentions = slices.Clone(q.Mentions)
		for m := range q.Mentions {
			q.Mentions[m].AccountID, q.Mentions[m].Handle = n.accountName(q.Mentions[m].AccountID), n.accountName(q.Mentions[m].Handle)
		}
		out[i] = &q
	}
	return out
}

// permuted gives everybody and every post another's name. Who is young by name
// of the account in the worlds stays as it is.
func permuted(posts []*post.Post, seed uint64) names {
	ids, accounts := map[string]bool{}, map[string]string{}
	for _, p := range posts {
		ids[p.ID] = true
		accounts[p.Account.ID] = p.Account.Handle
	}
	rng := rand.New(rand.NewPCG(seed, 8))
	n := names{account: map[string]string{}, post: map[string]string{}}
	sorted := slices.Sorted(maps.Keys(accounts))
	for i, j := range rng.Perm(len(sorted)) {
		n.account[sorted[i]] = sorted[j]
		n.account[accounts[sorted[i]]] = accounts[sorted[j]]
	}
	keys := slices.Sorted(maps.Keys(ids))
	for i, j := range rng.Perm(len(keys)) {
		n.post[keys[i]] = keys[j]
	}
	return n
}

// plain takes from findings what is named by a hash, and puts the rest in an
// order that does not depend on names, after naming them by n.
func (n *names) plain(fs []Finding) []Finding {
	out := slices.Clone(fs)
	for i := range out {
		f := &out[i]
		f.ID, f.Target, f.Evidence = "", n.accountName(f.Target), nil
		f.From, f.To, f.DetectedAt = f.From.Add(n.shift), f.To.Add(n.shift), f.DetectedAt.Add(n.shift)
		f.Accounts, f.Objects, f.Posts = slices.Clone(f.Accounts), slices.Clone(f.Objects), slices.Clone(f.Posts)
		for k := range f.Accounts {
			a := &f.Accounts[k]
			a.AccountID, a.First, a.Last = n.accountName(a.AccountID), a.First.Add(n.shift), a.Last.Add(n.shift)
		}
		for k := range f.Objects {
			o := &f.Objects[k]
			o.Object, o.First, o.Last = n.object(o.Object), o.First.Add(n.shift), o.Last.Add(n.shift)
			if o.Object.Kind == post.ObjectMention || o.Object.Kind == post.ObjectMoment {
				o.Label = ""
			}
		}
		for k := range f.Posts {
			p := &f.Posts[k]
			p.PostID, p.AccountID, p.Object = n.postName(p.PostID), n.accountName(p.AccountID), n.object(p.Object)
			p.At, p.DetectedAt = p.At.Add(n.shift), p.DetectedAt.Add(n.shift)
		}
		slices.SortFunc(f.Accounts, func(a, b AccountEvidence) int { return cmp.Compare(a.AccountID, b.AccountID) })
		slices.SortFunc(f.Objects, func(a, b ObjectEvidence) int {
			return cmp.Or(cmp.Compare(a.Object.Kind, b.Object.Kind), cmp.Compare(a.Object.ID, b.Object.ID))
		})
		slices.SortFunc(f.Posts, func(a, b PostEvidence) int {
			return cmp.Or(cmp.Compare(a.PostID, b.PostID), cmp.Compare(a.Object.ID, b.Object.ID))
		})
	}
	slices.SortFunc(out, func(a, b Finding) int { return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To)) })
	return out
}

func (n *names) object(o post.Object) post.Object {
	switch o.Kind {
	case post.ObjectMention:
		o.ID = n.accountName(o.ID)
	case post.ObjectRepost:
		platform, id, _ := strings.Cut(o.ID, "/")
		if id == "" {
			o.ID = n.postName(o.ID)
		} else {
			o.ID = platform + "/" + n.postName(id)
		}
	case post.ObjectMoment:
		o.ID = ""
	}
	return o
}

// sums of the same numbers in another order differ in the last digits.
var nearly = cmpopts.EquateApprox(1e-9, 1e-9)

// TestNamesDoNotMatter gives all accounts and posts each other's names.
func TestNamesDoNotMatter(t *testing.T) {
	for seed := range uint64(3) {
		posts := attackedWorld(seed).sorted()
		n := permuted(posts, seed)
		cfg := attackedConfig
		want := n.plain(find(cfg, posts))
		cfg.Protected = []string{n.accountName("victim0")}
		got := (&names{}).plain(find(cfg, n.posts(posts)))
		if diff := gocmp.Diff(want, got, nearly); diff != "" {
			t.Errorf("seed %d (-want +got):\n%s", seed, diff)
		}
	}
}

// TestTimesDoNotMatter shifts everything. Where windows are counted by the clock,
// a shift that is no multiple of them all changes the bits a little, but not who
// is found.
func TestTimesDoNotMatter(t *testing.T) {
	posts := attackedWorld(2).sorted()
	found := find(attackedConfig, posts)
	for _, shift := range []time.Duration{5 * time.Hour, 1000 * 5 * time.Hour, -300 * 5 * time.Hour} {
		n := names{shift: shift}
		if diff := gocmp.Diff(n.plain(found), (&names{}).plain(find(attackedConfig, n.posts(posts))), nearly); diff != "" {
			t.Errorf("%v later (-want +got):\n%s", shift, diff)
		}
	}
	for _, shift := range []time.Duration{123 * time.Millisecond, 77 * time.Second, 11*time.Hour + 13*time.Minute} {
		n := names{shift: shift}
		sameAttacks(t, found, find(attackedConfig, n.posts(posts)))
	}
}

// TestSidesAreEqual has a few accounts meet on posts, any number of times, in any
// order and at any pace, among others. Turning round who comes first in each
// meeting of two of them, they trade places and nothing else changes.
func TestSidesAreEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 9))
		accounts, meetings := 3+rng.IntN(3), 8+rng.IntN(16)
		kind := rng.IntN(2)
		who := make([][]int, meetings)
		when := make([][]time.Duration, meetings)
		for m := range who {
			who[m] = rng.Perm(accounts)
			for range accounts {
				when[m] = append(when[m], time.Duration(1+rng.IntN(40_000))*time.Millisecond)
			}
			if rng.IntN(4) == 0 {
				when[m][rng.IntN(accounts)] += time.Duration(rng.IntN(90)) * time.Minute
			}
			slices.Sort(when[m])
		}
		build := func(swap bool) []Finding {
			w := newWorld(1)
			for m := range meetings {
				at := start.Add(time.Duration(m) * 131 * time.Minute)
				text := fmt.Sprintf("%s %s", w.words(9), w.nonsense(1))
				p := w.add(&post.Post{Account: account("source", m), PostedAt: at, Text: w.words(9)})
				for i, a := range who[m] {
					if swap && a < 2 {
						a = 1 - a
					}
					if kind == 0 {
						w.repost(account("ring", a), p, at.Add(when[m][i]))
					} else {
						w.add(&post.Post{Account: account("ring", a), PostedAt: at.Add(when[m][i]), Text: text})
					}
				}
			}
			return find(Config{Campaign: "c"}, w.sorted())
		}
		turned := names{account: map[string]string{"ring0": "ring1", "ring1": "ring0"}}
		one, two := turned.plain(build(false)), (&names{}).plain(build(true))
		if diff := gocmp.Diff(one, two, nearly, cmpopts.IgnoreFields(PostEvidence{}, "PostID")); diff != "" {
			t.Fatalf("%d accounts, %d meetings (-turned +built anew):\n%s", accounts, meetings, diff)
		}
	})
}

// TestDetectorsAreIndependent feeds two detectors by turns with the same
// campaign under two names: each finds what it finds alone.
func TestDetectorsAreIndependent(t *testing.T) {
	posts := attackedWorld(3).sorted()
	n := permuted(posts, 3)
	other := n.posts(posts)
	one, two := attackedConfig, attackedConfig
	two.Campaign, two.Protected = "other", []string{n.accountName("victim0")}
	wantOne, wantTwo := find(one, posts), find(two, other)
	a, b := New(one), New(two)
	for i := range posts {
		a.Add(posts[i])
		b.Add(other[i])
		if i%400 == 0 {
			a.Findings()
		}
	}
	if diff := gocmp.Diff(wantOne, a.Findings()); diff != "" {
		t.Error(diff)
	}
	if diff := gocmp.Diff(wantTwo, b.Findings()); diff != "" {
		t.Error(diff)
	}
	for _, f := range wantTwo {
		if slices.ContainsFunc(wantOne, func(g Finding) bool { return g.ID == f.ID }) {
			t.Errorf("the findings of two campaigns have one id, %s", f.ID)
		}
	}
}
