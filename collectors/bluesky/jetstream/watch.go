package jetstream

import (
	"context"
	"errors"
	"time"

	"winnow/collectors"
	"winnow/pipeline/post"
)

// patience is how many times longer than Pace.Idle a server may take to begin
// a replay, or to go on with one: it reads old events from disk.
const patience = 10

// replaying is how old an event is that shows that a replay has not caught up.
const replaying = 5 * time.Second

// watch looks after what happens while nothing comes: on a quiet network it
// asks the server whether there is nothing, on a firehose that is a fault.
func (r *run) watch(ctx context.Context, cancel context.CancelCauseFunc) {
	pace := r.s.o.Pace
	ticker := time.NewTicker(max(pace.Idle/2, time.Millisecond))
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := r.s.o.Now()
		r.mu.Lock()
		idle, lag, heard := now.Sub(r.last), now.Sub(r.at.time()), now.Sub(r.pinged)
		live := r.live
		r.mu.Unlock()
		if pace.Quiet > 0 && idle >= pace.Quiet && heard < pace.Quiet {
			r.s.hosts.blind(now.Add(-idle))
			cancel(&collectors.Fault{
				Cause: post.Blind, Err: errors.New("the host is alive but sends no events"),
				Advice: "on a small network of your own, switch this check off (quiet: 0 in the configuration)",
			})
			return
		}
		wait := pace.Idle
		if !live || lag-idle > replaying {
			wait *= patience
		}
		if idle >= wait {
			r.ask(ctx, now.Add(-pace.Idle/2))
		}
	}
}

// ask pings the server. If that answers and no event came meanwhile, there was
// none up to then.
func (r *run) ask(ctx context.Context, upTo time.Time) {
	r.mu.Lock()
	before := r.last
	r.mu.Unlock()
	if ping(ctx, r.conn, r.s.o.Stall) != nil {
		return // if it is broken, the reading goroutine says so
	}
	r.mu.Lock()
	none, live, outdated := r.last.Equal(before), r.live, r.outdated
	r.mu.Unlock()
	switch {
	case !none:
	case live:
		r.tell(upTo)
	case outdated:
		r.goLive(upTo)
	default:
		r.goLive(r.start.from)
	}
}

// tell says how far the stream has come, if that is further than before.
func (r *run) tell(t time.Time) {
	r.mu.Lock()
	further := t.UnixMicro() > r.reached
	if further {
		r.reached = t.UnixMicro()
	}
	r.mu.Unlock()
	if further {
		r.out.Reached(t.UTC())
	}
}
