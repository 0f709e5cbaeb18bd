package coshare

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"winnow/pipeline/post"
)

// MaxPairs is how many pairs a network may have; they take about 40 bytes each.
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
// window apart, and counts those of at least the given weight. The memory it
// takes grows with the pairs and not with their meetings. It fails if there are
// too many pairs.
func (n *Network) Join(ctx context.Context, window time.Duration, minWeight int) (Result, error) {
	limit := n.MaxPairs
	if limit == 0 {
		limit = MaxPairs
	}
	slices.SortFunc(n.actions, func(a, b action) int {
		return cmp.Or(cmp.Compare(a.object, b.object), cmp.Compare(a.at, b.at))
	})
	weights := make(map[uint64]uint32) // by both accounts, the lower first
	first, meetings := 0, 0
	for i := range n.actions {
		a := &n.actions[i]
		for n.actions[first].object != a.object || a.at-n.actions[first].at > window.Milliseconds() {
			first++
		}
		for j := first; j < i; j++ {
			if meetings++; meetings%askEvery == 0 && ctx.Err() != nil {
				return Result{}, context.Cause(ctx)
			}
			if b := n.actions[j].account; b != a.account {
				weights[uint64(min(a.account, b))<<32|uint64(max(a.account, b))]++
			}
		}
		if len(weights) > limit {
			return Result{}, fmt.Errorf("the co-share network has more than %d pairs of accounts; take a shorter window or fewer posts", limit)
		}
	}
	r := Result{Actions: len(n.actions), Without: n.without}
	in := make([]bool, len(n.accounts))
	for pair, weight := range weights {
		if int(weight) < minWeight {
			continue
		}
		r.Pairs++
		for _, account := range [...]uint32{uint32(pair >> 32), uint32(pair)} {
			if !in[account] {
				in[account] = true
				r.Accounts++
			}
		}
	}
	return r, nil
}
