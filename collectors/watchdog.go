package collectors

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"winnow/collectors/ledger"
	"winnow/pipeline/post"
)

// tick is how often the watchdog looks at the clock, slept how far it must have
// jumped for the machine to have been suspended: timers stand still meanwhile.
const (
	tick  = time.Second
	slept = 10 * time.Second
)

// clock tells the time by both clocks, and whether the machine slept.
type clock struct {
	now   func() time.Time
	start time.Time
	// last is when the watchdog looked last, in Unix milliseconds.
	last atomic.Int64
}

func newClock(now func() time.Time) *clock {
	c := &clock{now: now, start: time.Now()}
	c.look()
	return c
}

// look notes that something runs.
func (c *clock) look() { c.last.Store(c.now().UnixMilli()) }

// moment returns now. Its wall time has no monotonic part, so that it compares
// with the times of other processes.
func (c *clock) moment() ledger.Moment {
	return ledger.Moment{Wall: c.now().UTC().Round(0).Truncate(time.Millisecond), Run: time.Since(c.start)}
}

// jumped reports whether the wall clock went so far ahead of the watchdog that
// nothing can have run in between.
func (c *clock) jumped(wall time.Time) bool {
	return wall.UnixMilli()-c.last.Load() > (tick + slept).Milliseconds()
}

// watch runs the watchdog until ctx ends: beat is called each second, wake
// after the machine slept.
func (c *clock) watch(ctx context.Context, beat, wake func()) {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		wall := c.now()
		if c.jumped(wall) {
			// Before the new time counts, so that no sign of life from after
			// the sleep is taken for one from before.
			wake()
		}
		c.last.Store(wall.UnixMilli())
		beat()
	}
}

// Sleep waits for d. The error is why ctx ended, if that came first; sources
// wait by it as well.
func Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// sleepUntil waits for a time of the wall clock, which may be set meanwhile or
// run on while the machine sleeps; false if ctx ended first.
func (c *clock) sleepUntil(ctx context.Context, t time.Time) bool {
	const look = 10 * time.Second
	for {
		left := t.Sub(c.now())
		if left <= 0 {
			return ctx.Err() == nil
		}
		if Sleep(ctx, min(left, look)) != nil {
			return false
		}
	}
}

// watchStall cancels a call once quiet, which tells for how long no byte came,
// says so for longer than most. It returns when ctx ends.
func watchStall(ctx context.Context, cancel context.CancelCauseFunc, most time.Duration, quiet func() time.Duration) {
	for most > 0 {
		left := most - quiet()
		if left <= 0 {
			cancel(&Fault{Cause: post.Stalled, Err: errors.New("connected, but no byte came for " + most.String())})
			return
		}
		if Sleep(ctx, left) != nil {
			return
		}
	}
}

// errSlept is what the watchdog ends calls with after a sleep of the machine.
func errSlept() *Fault {
	return &Fault{Cause: post.Suspended, Err: errors.New("the machine slept, or nothing on it ran")}
}
