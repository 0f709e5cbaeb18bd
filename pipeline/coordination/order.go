package coordination

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
)

// postID is a hash of a post key: eight bytes instead of a long address. It is
// seeded anew for each detector, so that nobody can make a post that hides
// another's as its duplicate.
type postID uint64

func (w *waiting) id(key []byte) postID { return postID(maphash.Bytes(w.seed, key)) }

// waiter is a record that waits.
type waiter struct {
	at int64 // Unix milliseconds
	parcel
}

// waiting holds posts back until no earlier one can come any more, and gives
// them out in order of time; equal times are ordered by post key. It lets each
// post pass once.
type waiting struct {
	// inOrder are records that came in order, behind those that went; the
	// others are in early.
	inOrder []waiter
	gone    int
	early   waiterHeap
	// seen is the earliest time under which each post came. Sources may tell
	// different times of one post: the earliest of those that wait counts.
	seen sightings
	seed maphash.Seed
	// replaced counts, for posts that wait under several times, the later
	// ones, which will not pass.
	replaced map[postID]int
	// newest is the latest time seen, horizon the time before which everything
	// was given out.
	newest, horizon int64
	lateness        int64
	limit           int
	forced          uint64 // posts given out early because of the limit
}

func newWaiting(cfg Config) waiting {
	return waiting{
		seen: newSightings(cfg.Limits.Posts), seed: maphash.MakeSeed(), replaced: make(map[postID]int),
		lateness: cfg.Lateness.Milliseconds(), limit: cfg.Limits.Pending,
	}
}

func (w *waiting) len() int { return len(w.inOrder) - w.gone + len(w.early) }

// knows reports whether the post came already, and whether it still waits, with
// a later time than at, and should come again.
func (w *waiting) knows(id postID, at int64) (known, again bool) {
	t := w.seen.get(id)
	return t != 0, t > at && t >= w.horizon
}

// put takes a record in. The caller then gives out what next returns.
func (w *waiting) put(r waiter, id postID, again bool) {
	w.seen.set(id, r.at)
	if again {
		w.replaced[id]++
	}
	if n := len(w.inOrder); n == w.gone || compareWaiters(&w.inOrder[n-1], &r) <= 0 {
		if w.gone > 64 && 2*w.gone > n {
			clear(w.inOrder[copy(w.inOrder, w.inOrder[w.gone:]):])
			w.inOrder, w.gone = w.inOrder[:n-w.gone], 0
		}
		w.inOrder = append(w.inOrder, r)
	} else {
		w.early.push(r)
	}
	if r.at > w.newest {
		w.newest = r.at
		w.horizon = max(w.horizon, w.newest-w.lateness)
	}
}

// next takes out the earliest record if nothing can come before it any more.
func (w *waiting) next() (r waiter, ok bool) {
	for w.len() > 0 {
		fromEarly := w.gone == len(w.inOrder) || len(w.early) > 0 && compareWaiters(&w.early[0], &w.inOrder[w.gone]) < 0
		if fromEarly {
			r = w.early[0]
		} else {
			r = w.inOrder[w.gone]
		}
		if w.len() > w.limit {
			w.forced++
			w.horizon = max(w.horizon, r.at)
		} else if r.at >= w.horizon {
			return waiter{}, false
		}
		if fromEarly {
			w.early.pop()
		} else {
			w.inOrder[w.gone] = waiter{}
			w.gone++
		}
		if w.stale(r) {
			id := w.id([]byte(r.key()))
			if w.replaced[id]--; w.replaced[id] == 0 {
				delete(w.replaced, id)
			}
			continue
		}
		return r, true
	}
	return waiter{}, false
}

// stale reports whether a waiting record was replaced by an earlier one.
func (w *waiting) stale(r waiter) bool {
	if len(w.replaced) == 0 {
		return false
	}
	id := w.id([]byte(r.key()))
	return w.replaced[id] > 0 && w.seen.get(id) != r.at
}

// all returns what waits, in order, without taking it out.
func (w *waiting) all() []waiter {
	rs := slices.Concat(w.inOrder[w.gone:], w.early)
	rs = slices.DeleteFunc(rs, w.stale)
	slices.SortFunc(rs, func(a, b waiter) int { return compareWaiters(&a, &b) })
	return rs
}

func compareWaiters(a, b *waiter) int {
	if a.at != b.at {
		return cmp.Compare(a.at, b.at)
	}
	return strings.Compare(a.key(), b.key())
}

// waiterHeap has the earliest first.
type waiterHeap []waiter

func (h *waiterHeap) push(r waiter) {
	s := append(*h, r)
	for i := len(s) - 1; i > 0; {
		up := (i - 1) / 2
		if compareWaiters(&s[i], &s[up]) >= 0 {
			break
		}
		s[i], s[up] = s[up], s[i]
		i = up
	}
	*h = s
}

func (h *waiterHeap) pop() {
	s := *h
	n := len(s) - 1
	s[0], s[n] = s[n], waiter{}
	s = s[:n]
	for i := 0; ; {
		least := i
		for down := 2*i + 1; down <= 2*i+2 && down < n; down++ {
			if compareWaiters(&s[down], &s[least]) < 0 {
				least = down
			}
		}
		if least == i {
			break
		}
		s[i], s[least] = s[least], s[i]
		i = least
	}
	*h = s
}
