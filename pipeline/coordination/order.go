package coordination

import (
	"cmp"
	"container/heap"
	"hash/maphash"
	"slices"
)

// postID is a hash of a post key: eight bytes instead of a long address. It is
// seeded anew for each detector, so that nobody can make a post that hides
// another's as its duplicate.
type postID uint64

func (w *waiting) id(key string) postID { return postID(maphash.String(w.seed, key)) }

// waiting holds posts back until no earlier one can come any more, and gives
// them out in order of time; equal times are ordered by post key. It lets each
// post pass once.
type waiting struct {
	// inOrder are records that came in order, behind those that went; the
	// others are in early.
	inOrder []*record
	gone    int
	early   recordHeap
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
func (w *waiting) put(r *record, again bool) {
	w.seen.set(r.id, r.at)
	if again {
		w.replaced[r.id]++
	}
	if n := len(w.inOrder); n == w.gone || compareRecords(w.inOrder[n-1], r) <= 0 {
		if w.gone > 64 && 2*w.gone > n {
			clear(w.inOrder[copy(w.inOrder, w.inOrder[w.gone:]):])
			w.inOrder, w.gone = w.inOrder[:n-w.gone], 0
		}
		w.inOrder = append(w.inOrder, r)
	} else {
		heap.Push(&w.early, r)
	}
	if r.at > w.newest {
		w.newest = r.at
		w.horizon = max(w.horizon, w.newest-w.lateness)
	}
}

// next takes out the earliest record if nothing can come before it any more,
// else it returns nil.
func (w *waiting) next() *record {
	for w.len() > 0 {
		fromEarly := w.gone == len(w.inOrder) || len(w.early) > 0 && compareRecords(w.early[0], w.inOrder[w.gone]) < 0
		var r *record
		if fromEarly {
			r = w.early[0]
		} else {
			r = w.inOrder[w.gone]
		}
		if w.len() > w.limit {
			w.forced++
			w.horizon = max(w.horizon, r.at)
		} else if r.at >= w.horizon {
			return nil
		}
		if fromEarly {
			heap.Pop(&w.early)
		} else {
			w.gone++
		}
		if w.stale(r) {
			if w.replaced[r.id]--; w.replaced[r.id] == 0 {
				delete(w.replaced, r.id)
			}
			continue
		}
		return r
	}
	return nil
}

// stale reports whether a waiting record was replaced by an earlier one.
func (w *waiting) stale(r *record) bool {
	return len(w.replaced) > 0 && w.replaced[r.id] > 0 && w.seen.get(r.id) != r.at
}

// all returns what waits, in order, without taking it out.
func (w *waiting) all() []*record {
	rs := slices.Concat(w.inOrder[w.gone:], w.early)
	rs = slices.DeleteFunc(rs, w.stale)
	slices.SortFunc(rs, compareRecords)
	return rs
}

func compareRecords(a, b *record) int {
	return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.key, b.key))
}

// recordHeap implements heap.Interface.
type recordHeap []*record

func (h recordHeap) Len() int           { return len(h) }
func (h recordHeap) Less(i, j int) bool { return compareRecords(h[i], h[j]) < 0 }
func (h recordHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *recordHeap) Push(x any)        { *h = append(*h, x.(*record)) }
func (h *recordHeap) Pop() any {
	old := *h
	n := len(old) - 1
	r := old[n]
	old[n] = nil
	*h = old[:n]
	return r
}
