package collectors

import (
	"context"
	"errors"
	"fmt"
	"time"

	"winnow/collectors/ledger"
	"winnow/collectors/outbox"
	"winnow/pipeline/post"
)

// streamOut is the Out of one call of Stream. Its fields are guarded by the
// keeper's lock.
type streamOut struct {
	k      *keeper
	cancel context.CancelCauseFunc
	// over says that Stream returned or was given up: nothing is taken.
	over bool
	// still says that the connection was given up: nothing counts as a sign of
	// life, but what is delivered has its worth.
	still bool
	// err is why nothing was taken. It stays, since a later delivery's cursor
	// would cover the one that was refused.
	err error
	// up is when Live was said first, last when bytes came last; up is
	// negative before.
	up, last time.Duration
}

func (k *keeper) newOut(cancel context.CancelCauseFunc) *streamOut {
	return &streamOut{k: k, cancel: cancel, up: -1, last: k.clock.moment().Run}
}

// sign notes a sign of life, and reports whether it counts as one. The caller
// holds the lock.
func (o *streamOut) sign(now ledger.Moment) bool {
	if o.over || o.still {
		return false
	}
	if o.k.clock.jumped(now.Wall) {
		o.still = true
		o.cancel(errSlept())
		return false
	}
	o.last = now.Run
	return true
}

// Alive implements Out.
func (o *streamOut) Alive() {
	k := o.k
	now := k.clock.moment()
	k.mu.Lock()
	defer k.mu.Unlock()
	if o.sign(now) {
		k.ledger.Alive(now)
		k.status.LastBytes = now.Wall
	}
}

// Live implements Out.
func (o *streamOut) Live(from time.Time) {
	if o.live(from) {
		o.k.logger.Info("the source is live")
	}
}

// live reports whether this is the first time that the connection stands.
func (o *streamOut) live(from time.Time) bool {
	k := o.k
	now := k.clock.moment()
	k.mu.Lock()
	defer k.mu.Unlock()
	if !o.sign(now) {
		return false
	}
	first := o.up < 0
	if first {
		o.up = now.Run
	}
	k.rows(k.ledger.Live(now, from))
	k.enter(Live, now)
	k.status.LastBytes = now.Wall
	k.status.Fault, k.status.Advice, k.status.RetryAt = "", "", time.Time{}
	k.asked()
	return first
}

// Reached implements Out.
func (o *streamOut) Reached(t time.Time) {
	k := o.k
	now := k.clock.moment()
	k.mu.Lock()
	defer k.mu.Unlock()
	if !o.over {
		k.rows(k.ledger.Reached(now, t))
	}
}

// Share implements Out.
func (o *streamOut) Share(share float64, cause post.Cause, note string) {
	k := o.k
	now := k.clock.moment()
	k.mu.Lock()
	defer k.mu.Unlock()
	if !o.over && !o.still {
		k.rows(k.ledger.Share(now, share, known(cause), note))
		k.asked()
	}
}

// Deliver implements Out.
func (o *streamOut) Deliver(d Delivery) error {
	k := o.k
	now := k.clock.moment()
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case o.over:
		return context.Canceled
	case o.err != nil:
	case len(d.Cursor) > ledger.MaxCursor:
		o.err = &Fault{Cause: post.Protocol, Err: fmt.Errorf("a cursor of %d bytes, at most %d", len(d.Cursor), ledger.MaxCursor)}
	case !k.box.Fits(itemOf(&d), 1):
		o.err = ErrFull
	}
	if o.err != nil {
		return o.err
	}
	if o.sign(now) {
		k.ledger.Alive(now)
	}
	k.ledger.Delivered(d.Cursor)
	k.take(&d, now)
	return nil
}

// fillOut is the Out of one call of Fill.
type fillOut struct {
	k   *keeper
	ctx context.Context // the call's own, by which a wait ends
	// over and last are guarded by the keeper's lock; last is when bytes came
	// or posts were taken.
	over bool
	last time.Duration
}

// Alive implements Out.
func (o *fillOut) Alive() {
	now := o.k.clock.moment()
	o.k.mu.Lock()
	defer o.k.mu.Unlock()
	o.last = now.Run
}

// Live implements Out; it is the stream's to say.
func (o *fillOut) Live(time.Time) {}

// Reached implements Out; it is the stream's to say.
func (o *fillOut) Reached(time.Time) {}

// Share implements Out; it is the stream's to say.
func (o *fillOut) Share(float64, post.Cause, string) {}

// Deliver implements Out. Half of the buffer is the stream's alone, since the
// stream cannot wait.
func (o *fillOut) Deliver(d Delivery) error {
	k := o.k
	for {
		room := k.box.Room()
		now := k.clock.moment()
		k.mu.Lock()
		o.last = now.Run
		over := o.over
		fits := !over && k.box.Fits(itemOf(&d), 2)
		if fits {
			k.take(&d, now)
		}
		k.mu.Unlock()
		switch {
		case over:
			return context.Canceled
		case fits:
			return nil
		}
		select {
		case <-o.ctx.Done():
			return context.Cause(o.ctx)
		case <-room:
		}
	}
}

func itemOf(d *Delivery) outbox.Item {
	return outbox.Item{Posts: d.Posts, Deletions: d.Deletions}
}

// take puts a delivery into the box. The caller holds the lock.
func (k *keeper) take(d *Delivery, now ledger.Moment) {
	it := itemOf(d)
	it.Mark = k.ledger.Mark()
	k.box.Push(it)
	if len(d.Posts) > 0 {
		k.status.LastPost = now.Wall
		k.status.Posts += uint64(len(d.Posts))
	}
	k.metrics.delivered(len(d.Posts), len(d.Deletions))
}

// rows puts rows into the box. The caller holds the lock.
func (k *keeper) rows(gaps []post.Gap) {
	if len(gaps) > 0 {
		k.box.Push(outbox.Item{Rows: ledger.Rows{Gaps: gaps}, Mark: k.ledger.Mark()})
	}
}

// known returns a cause that has a meaning: what else a source says is its
// mistake.
func known(c post.Cause) post.Cause {
	switch c {
	case post.Unauthorised, post.Misconfigured, post.RateLimited, post.Unavailable, post.Network,
		post.Protocol, post.Stalled, post.Blind, post.LogFull, post.Stopped, post.Suspended,
		post.Budget, post.CountsOnly, post.NotWatched, post.Before:
		return c
	default:
		return post.Protocol
	}
}

// errNil is the fault of a Stream that ended without saying why.
var errNil = errors.New("the collector ended and did not say why, which is a mistake in Winnow")
