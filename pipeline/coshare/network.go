package coshare

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"winnow/pipeline/post"
)

// MaxPairs is how many pairs a network may have: counting them takes time, and a
// network of more tells nobody anything.
const MaxPairs = 50_000_000

// Network collects actions and joins accounts by them. It is not safe for
// concurrent use.
type Network struct {
	// MaxPairs is the most pairs of accounts, MaxPairs if zero.
	MaxPairs int

	accounts map[accountKey]uint32
	objects  map[post.Object]uint32
	actions  []action
	scratch  []post.Action
	without  int
}

type accountKey struct {
	platform post.Platform
	id       string
}

type action struct {
	at              int64 // Unix milliseconds
	object, account uint32
}

// Result is what a network amounts to.
type Result struct {
	// Accounts have at least one pair, Pairs a weight of at least the least
	// asked for.
	Accounts, Pairs int
	// Actions is how many there were; Without counts posts that act on nothing.
	Actions, Without int
}

// Add takes the actions of a post in. Its object is the one that a co-share
// archive names; else the post that it reposts or quotes; else the links that
// it shares, each; else its text in folded form, if that is long enough to be a
// copy (see fold.TextHash). p is not kept.
func (n *Network) Add(p *post.Post) {
	if p.Shared != "" {
		n.act(p, post.Object{Kind: post.ObjectShared, ID: p.Shared})
		return
	}
	n.scratch = p.AppendActions(n.scratch[:0])
	for _, kind := range [...]post.ObjectKind{post.ObjectRepost, post.ObjectLink, post.ObjectText} {
		found := false
		for i := range n.scratch {
			if o := n.scratch[i].Object; o.Kind == kind {
				n.act(p, o)
				found = true
			}
		}
		if found {
			return
		}
	}
	n.without++
}

func (n *Network) act(p *post.Post, o post.Object) {
	if n.accounts == nil {
		n.accounts, n.objects = make(map[accountKey]uint32), make(map[post.Object]uint32)
	}
	object, ok := n.objects[o]
	if !ok {
		object = uint32(len(n.objects))
		o.ID = strings.Clone(o.ID) // it may be part of a row
		n.objects[o] = object
	}
	who := accountKey{p.Platform, p.Account.ID}
	account, ok := n.accounts[who]
	if !ok {
		account = uint32(len(n.accounts))
		who.id = strings.Clone(who.id)
		n.accounts[who] = account
	}
	n.actions = append(n.actions, action{p.PostedAt.UnixMilli(), object, account})
}

// askEvery is how many meetings pass between two looks at the context.
const askEvery = 1 << 20

// Join joins all pairs of accounts whose actions on one object are at most
// window apart, and counts those of at least the given weight. Its memory grows
// with the actions and accounts, not with their pairs: it deals with one account
// at a time. It fails if there are more than MaxPairs pairs of any weight.
func (n *Network) Join(ctx context.Context, window time.Duration, minWeight int) (Result, error) {
	limit := n.MaxPairs
	if limit == 0 {
		limit = MaxPairs
	}
	slices.SortFunc(n.actions, func(a, b action) int {
		return cmp.Or(cmp.Compare(a.object, b.object), cmp.Compare(a.at, b.at))
	})
	w := walk{actions: n.actions, window: window.Milliseconds(), weights: make([]uint32, len(n.accounts))}
	r := Result{Actions: len(n.actions), Without: n.without}
	in := make([]bool, len(n.accounts))
	all, asked := 0, 0
	for account, places := range n.places() {
		for _, i := range places {
			w.meet(i)
			if w.meetings-asked >= askEvery {
				asked = w.meetings
				if ctx.Err() != nil {
					return Result{}, context.Cause(ctx)
				}
			}
		}
		if all += len(w.partners); all > limit {
			return Result{}, fmt.Errorf("the co-share network has more than %d pairs of accounts; take a shorter window or fewer posts", limit)
		}
		for _, partner := range w.partners {
			if int(w.weights[partner]) >= minWeight {
				r.Pairs++
				in[account], in[partner] = true, true
			}
			w.weights[partner] = 0
		}
		w.partners = w.partners[:0]
	}
	for _, is := range in {
		if is {
			r.Accounts++
		}
	}
	return r, nil
}

// places gives each account with the places of its actions.
func (n *Network) places() iter.Seq2[uint32, []uint32] {
	begin := make([]uint32, len(n.accounts)+1)
	for i := range n.actions {
		begin[n.actions[i].account+1]++
	}
	for a := 1; a < len(begin); a++ {
		begin[a] += begin[a-1]
	}
	next := slices.Clone(begin)
	all := make([]uint32, len(n.actions))
	for i := range n.actions {
		a := n.actions[i].account
		all[next[a]] = uint32(i)
		next[a]++
	}
	return func(yield func(uint32, []uint32) bool) {
		for a := range uint32(len(n.accounts)) {
			if !yield(a, all[begin[a]:begin[a+1]]) {
				return
			}
		}
	}
}

// walk counts whom one account meets.
type walk struct {
	actions  []action // by object, then time
	window   int64    // milliseconds
	weights  []uint32 // by the other account
	partners []uint32 // those with a weight
	meetings int
}

// meet counts the meetings of the action at a place with those of accounts that
// come later: each pair is counted from its first account's side.
func (w *walk) meet(place uint32) {
	a := &w.actions[place]
	one := func(b *action) bool {
		if b.object != a.object || max(a.at-b.at, b.at-a.at) > w.window {
			return false
		}
		w.meetings++
		if b.account > a.account {
			if w.weights[b.account] == 0 {
				w.partners = append(w.partners, b.account)
			}
			w.weights[b.account]++
		}
		return true
	}
	for i := int(place) - 1; i >= 0 && one(&w.actions[i]); i-- {
	}
	for i := int(place) + 1; i < len(w.actions) && one(&w.actions[i]); i++ {
	}
}
