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

// note counts a call, and does what it is for if anything.
func (r *recorder) note(do func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.returned {
		r.late++
	}
	if do != nil {
		do()
	}
}

// Alive implements collectors.Out.
func (r *recorder) Alive() { r.note(nil) }

// Live implements collectors.Out.
func (r *recorder) Live(time.Time) { r.note(func() { r.lives++ }) }

// Reached implements collectors.Out.
func (r *recorder) Reached(time.Time) { r.note(nil) }

// Share implements collectors.Out.
func (r *recorder) Share(float64, post.Cause, string) { r.note(nil) }

// Deliver implements collectors.Out.
func (r *recorder) Deliver(d collectors.Delivery) (err error) {
	r.note(func() {
		if r.room == 0 {
			r.refused++
			err = collectors.ErrFull
			return
		}
		r.room--
		r.deliveries = append(r.deliveries, d)
	})
	return err
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
