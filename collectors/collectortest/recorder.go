package collectortest

import (
	"slices"
	"sync"
	"time"

	"winnow/collectors"
	"winnow/pipeline/post"
)

// recorder is an Out that notes what it is told.
type recorder struct {
	mu         sync.Mutex
	lives      int
	deliveries []collectors.Delivery
	// room is how many deliveries it takes; below zero for all.
	room     int
	refused  int
	returned bool
	late     int // calls after the source returned
}

var _ collectors.Out = (*recorder)(nil)

func (r *recorder) enter() func() {
	r.mu.Lock()
	if r.returned {
		r.late++
	}
	return r.mu.Unlock
}

// Alive implements collectors.Out.
func (r *recorder) Alive() { defer r.enter()() }

// Live implements collectors.Out.
func (r *recorder) Live(time.Time) {
	defer r.enter()()
	r.lives++
}

// Reached implements collectors.Out.
func (r *recorder) Reached(time.Time) { defer r.enter()() }

// Share implements collectors.Out.
func (r *recorder) Share(float64, post.Cause, string) { defer r.enter()() }

// Deliver implements collectors.Out.
func (r *recorder) Deliver(d collectors.Delivery) error {
	defer r.enter()()
	if r.room == 0 {
		r.refused++
		return collectors.ErrFull
	}
	r.room--
	r.deliveries = append(r.deliveries, d)
	return nil
}

// seen is what was noted until now.
func (r *recorder) seen() (lives, refused, late int, deliveries []collectors.Delivery) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lives, r.refused, r.late, slices.Clone(r.deliveries)
}

func (r *recorder) isLive() bool {
	lives, _, _, _ := r.seen()
	return lives > 0
}

// end notes that the source returned.
func (r *recorder) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.returned = true
}
