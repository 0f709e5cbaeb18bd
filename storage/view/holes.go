package view

import (
	"container/heap"
	"math"
	"slices"
	"time"
)

// hole is a gap as far as coverage needs it.
type hole struct {
	from, to time.Time // to is zero while it is open
	// weight is the part of the posts that is missing, more than 0 to 1.
	weight float64
	partly bool
}

// newHole weighs a gap. It reports false for one in which nothing is missing.
func newHole(from time.Time, to *time.Time, share float64, fill string) (hole, bool) {
	h := hole{from: from, weight: 1, partly: fill == "partly"}
	if share > 0 { // what is no number takes the whole away
		h.weight = 1 - min(share, 1)
	}
	if to != nil {
		h.to = *to
	}
	return h, h.weight > 0 && fill != "filled"
}

// measure fills in what the holes take from c's stretch of time. At each
// instant the largest hole counts and hides the others: what is missing hides
// what was filled in part, as far as it is as large.
func (c *Coverage) measure(holes []hole) {
	inside := make([]hole, 0, len(holes))
	bounds := make([]time.Time, 0, 2*len(holes))
	for _, h := range holes {
		open := h.to.IsZero()
		if open || h.to.After(c.To) {
			h.to = c.To
		}
		if h.from.Before(c.From) {
			h.from = c.From
		}
		if !h.from.Before(h.to) {
			continue
		}
		c.Gaps++
		c.Open = c.Open || open
		inside = append(inside, h)
		bounds = append(bounds, h.from, h.to)
	}
	slices.SortFunc(inside, func(a, b hole) int { return a.from.Compare(b.from) })
	slices.SortFunc(bounds, time.Time.Compare)
	// Between two neighbouring bounds the same holes are there all the time.
	var missing, partly largest
	for i := range bounds {
		if i+1 == len(bounds) || bounds[i].Equal(bounds[i+1]) {
			continue
		}
		for len(inside) > 0 && !inside[0].from.After(bounds[i]) {
			if inside[0].partly {
				heap.Push(&partly, inside[0])
			} else {
				heap.Push(&missing, inside[0])
			}
			inside = inside[1:]
		}
		length := float64(bounds[i+1].Sub(bounds[i]))
		m, p := missing.at(bounds[i]), partly.at(bounds[i])
		c.Missing += time.Duration(math.Round(m * length))
		c.Partly += time.Duration(math.Round(max(0, p-m) * length))
	}
}

// largest is a heap of holes, the one with the greatest weight on top. It
// implements heap.Interface.
type largest []hole

// at returns the weight of the largest hole that is there at t, 0 if there is
// none. t must not go back from call to call.
func (l *largest) at(t time.Time) float64 {
	for len(*l) > 0 && !(*l)[0].to.After(t) {
		heap.Pop(l)
	}
	if len(*l) == 0 {
		return 0
	}
	return (*l)[0].weight
}

func (l largest) Len() int           { return len(l) }
func (l largest) Less(i, j int) bool { return l[i].weight > l[j].weight }
func (l largest) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }
func (l *largest) Push(x any)        { *l = append(*l, x.(hole)) }
func (l *largest) Pop() any {
	old := *l
	last := old[len(old)-1]
	*l = old[:len(old)-1]
	return last
}
