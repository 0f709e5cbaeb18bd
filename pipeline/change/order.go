package change

import (
	"cmp"
	"container/heap"
	"slices"
)

// record is what a Tracker needs of a post.
type record struct {
	at  int64 // Unix milliseconds
	key string
	// While it waits: whose it is, what it is about, and what that is shown by.
	who    string
	things []thing
	label  string
	repost bool // label is the text of the reposted post
	// Afterwards: numbers in the table of names, and when the account was first
	// seen in the campaign.
	account uint32
	items   []uint32
	joined  int64
}

func compareRecords(a, b *record) int {
	return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.key, b.key))
}

// waiting holds records back until no earlier one can come any more; equal
// times are ordered by post key.
type waiting struct {
	heap            recordHeap
	newest, horizon int64
	lateness        int64
	limit           int
	forced          uint64
}

// put takes a record in. The caller then takes out what next returns.
func (w *waiting) put(r *record) {
	heap.Push(&w.heap, r)
	if r.at > w.newest || w.newest == 0 {
		w.newest = r.at
		w.horizon = max(w.horizon, r.at-w.lateness)
	}
}

// next takes out the earliest record if nothing can come before it any more.
func (w *waiting) next() *record {
	if len(w.heap) == 0 {
		return nil
	}
	switch first := w.heap[0]; {
	case len(w.heap) > w.limit:
		w.forced++
		w.horizon = max(w.horizon, first.at)
	case first.at >= w.horizon:
		return nil
	}
	return heap.Pop(&w.heap).(*record)
}

// rest takes out all.
func (w *waiting) rest() []*record {
	rs := []*record(w.heap)
	w.heap = nil
	slices.SortFunc(rs, compareRecords)
	return rs
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
