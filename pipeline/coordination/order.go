package coordination

import (
	"cmp"
	"container/heap"
	"slices"
)

// waiting holds posts back until no earlier one can come any more, and gives
// them out in order of time; equal times are ordered by post key.
type waiting struct {
	posts recordHeap
	// first is the earliest time under which each waiting post came: the same
	// post may come twice, with different times.
	first map[string]int64
	// newest is the latest time seen, horizon the time before which everything
	// was given out.
	newest, horizon int64
	lateness        int64
	limit           int
	forced          uint64 // posts given out early because of the limit
}

func newWaiting(cfg Config) waiting {
	return waiting{first: make(map[string]int64), lateness: cfg.Lateness.Milliseconds(), limit: cfg.Limits.Pending}
}

// known reports whether the same post waits already, with a time that is not
// later than at.
func (w *waiting) known(key string, at int64) (again, earlier bool) {
	t, again := w.first[key]
	return again, again && t <= at
}

// put takes a record in. The caller gives out what ready tells next.
func (w *waiting) put(r *record) {
	w.first[r.key] = r.at
	heap.Push(&w.posts, r)
	if r.at > w.newest {
		w.newest = r.at
		w.horizon = max(w.horizon, w.newest-w.lateness)
	}
}

// next gives out the earliest record if nothing can come before it, else nil.
// Of a post that came with two times it gives out both, the earlier first.
func (w *waiting) next() *record {
	if len(w.posts) == 0 {
		return nil
	}
	if len(w.posts) > w.limit {
		w.forced++
		w.horizon = max(w.horizon, w.posts[0].at)
	} else if w.posts[0].at >= w.horizon {
		return nil
	}
	r := heap.Pop(&w.posts).(*record)
	if w.first[r.key] == r.at {
		delete(w.first, r.key)
	}
	return r
}

// all returns what waits, in order, without taking it out.
func (w *waiting) all() []*record {
	rs := slices.Clone(w.posts)
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
