package coordination

import (
	"cmp"
	"slices"
)

// reviews is when bursts have to be looked at again although nothing happens to
// them: that a run has stopped shows only as time passes. It is a heap by time,
// then number.
type reviews struct{ heap []appointment }

type appointment struct {
	due   int64
	burst uint32
}

func (a appointment) before(b appointment) bool {
	return a.due < b.due || a.due == b.due && a.burst < b.burst
}

func (r *reviews) fork() reviews { return reviews{slices.Clone(r.heap)} }

// appoint has a burst reviewed at a time, in place of any other time. One that
// is put off stays where it is in the heap, and moves when its turn comes.
func (c *core) appoint(id uint32, due int64) {
	b := c.bursts.rows.mut(id)
	b.due = due
	if b.booked != 0 && b.booked <= due {
		return
	}
	b.booked = due
	c.tidyReviews()
	c.reviews.heap = append(c.reviews.heap, appointment{due, id})
	h := c.reviews.heap
	for i := len(h) - 1; i > 0; {
		up := (i - 1) / 2
		if !h[i].before(h[up]) {
			break
		}
		h[i], h[up] = h[up], h[i]
		i = up
	}
}

// tidyReviews lets go of the appointments of bursts that are gone or were booked
// anew, once they are more than the others.
func (c *core) tidyReviews() {
	h := c.reviews.heap
	if len(h) <= 2*c.bursts.live+64 {
		return
	}
	h = slices.DeleteFunc(h, func(a appointment) bool {
		b := c.bursts.rows.get(a.burst)
		return !b.alive || b.booked != a.due
	})
	// What is in order is a heap.
	slices.SortFunc(h, func(a, b appointment) int {
		return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.burst, b.burst))
	})
	c.reviews.heap = h
}

// pop takes the earliest out.
func (r *reviews) pop() appointment {
	h := r.heap
	first, n := h[0], len(h)-1
	h[0], h = h[n], h[:n]
	for i := 0; ; {
		least := i
		for _, down := range [2]int{2*i + 1, 2*i + 2} {
			if down < n && h[down].before(h[least]) {
				least = down
			}
		}
		if least == i {
			break
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
	r.heap = h
	return first
}

// advance moves the time on and holds the reviews that are due by then, each at
// its own time.
func (c *core) advance(to int64) {
	for len(c.reviews.heap) > 0 && c.reviews.heap[0].due <= to {
		a := c.reviews.pop()
		b := c.bursts.rows.mut(a.burst)
		if !b.alive || b.booked != a.due {
			continue // dropped, or booked anew
		}
		b.booked = 0
		if b.due > a.due {
			c.appoint(a.burst, b.due)
			continue
		}
		b.due = 0
		c.now = max(c.now, a.due)
		if b.pace == flood {
			c.reviewFlood(a.burst)
		} else {
			c.reviewRun(a.burst)
		}
	}
	c.now = max(c.now, to)
	c.sweep()
}

// due returns when something will have to be looked at again, 0 if never.
func (c *core) due() int64 {
	if len(c.reviews.heap) == 0 {
		return 0
	}
	return c.reviews.heap[0].due
}
