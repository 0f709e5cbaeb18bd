package collectors

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"winnow/collectors/ledger"
	"winnow/collectors/outbox"
	"winnow/pipeline/post"
)

// keeper keeps one source going: it connects, waits, and connects again.
type keeper struct {
	source  Source
	info    Info
	logger  *slog.Logger
	clock   *clock
	metrics *sourceMetrics
	climb   *climb
	rand    func() float64
	box     *outbox.Box
	// wake tells the filling that there may be something to ask for.
	wake chan struct{}

	kept []byte // the source's own state, as it was published last

	mu     sync.Mutex
	ledger *ledger.Ledger
	status Status
	stream *streamOut
	fill   *fillOut
	nap    context.CancelCauseFunc // ends the Fill under way
}

// enter changes the state. The caller holds the lock.
func (k *keeper) enter(s State, now ledger.Moment) {
	if k.status.State != s {
		k.status.State, k.status.Since = s, now.Wall
	}
	k.metrics.entered(s)
}

// run keeps the stream going until ctx ends or the operator must act.
func (k *keeper) run(ctx context.Context) {
	for k.waitForRoom(ctx) && k.climb.attempt(ctx, k.clock) {
		fault := k.connect(ctx)
		if ctx.Err() != nil {
			return
		}
		r, final := k.fell(fault)
		if final || !r.take(ctx, k.clock) {
			return
		}
	}
}

// waitForRoom waits until the box is at most half full, since posts that
// nobody can take need not be asked for.
func (k *keeper) waitForRoom(ctx context.Context) bool {
	for {
		room := k.box.Room()
		if k.box.Calm() {
			return ctx.Err() == nil
		}
		select {
		case <-ctx.Done():
			return false
		case <-room:
		}
	}
}

// connect calls Stream once and returns why it ended.
func (k *keeper) connect(parent context.Context) *Fault {
	ctx, cancel := context.WithCancelCause(parent)
	out := k.newOut(cancel)
	k.mu.Lock()
	cursor := k.ledger.Cursor()
	k.stream = out
	k.enter(Connecting, k.clock.moment())
	k.metrics.attempts.Inc()
	k.mu.Unlock()

	var stall sync.WaitGroup
	stall.Go(func() { watchStall(ctx, out.giveUp, k.info.Stall, out.quiet) })
	err := k.guard("stream", func() error { return k.source.Stream(ctx, cursor, out) })
	cause := context.Cause(ctx)
	cancel(nil)
	stall.Wait()

	k.mu.Lock()
	defer k.mu.Unlock()
	out.over, k.stream = true, nil
	if out.up >= 0 && out.last-out.up >= k.climb.ladder.Healthy {
		k.climb.reset()
	}
	var own *Fault
	switch {
	case parent.Err() != nil:
		return nil
	case errors.As(cause, &own):
		return own
	case errors.Is(out.err, ErrFull), errors.Is(err, ErrFull):
		return &Fault{Cause: post.LogFull, Err: ErrFull, Advice: "look whether the pipeline and the store run: posts come faster than they are taken"}
	}
	return faultOf(err)
}

// giveUp cancels the stream; what still comes is no sign of life.
func (o *streamOut) giveUp(why error) {
	o.k.mu.Lock()
	o.still = true
	o.k.mu.Unlock()
	o.cancel(why)
}

// quiet returns for how long no byte came.
func (o *streamOut) quiet() time.Duration {
	now := o.k.clock.moment().Run
	o.k.mu.Lock()
	defer o.k.mu.Unlock()
	return now - o.last
}

// faultOf returns what an error of a source means.
func faultOf(err error) *Fault {
	if err == nil {
		return &Fault{Cause: post.Protocol, Err: errNil}
	}
	f := FromError(err)
	if c := known(f.Cause); c != f.Cause {
		g := *f
		g.Cause = c
		return &g
	}
	return f
}

// guard calls a source. Data from outside must not end the process, so a panic
// is a fault like others; what it says may be that data, so only those who ask
// for it are told.
func (k *keeper) guard(what string, call func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			k.logger.Debug("a collector failed on what it was given", "call", what, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = &Fault{
				Cause: post.Protocol, Err: fmt.Errorf("the collector's %s failed on what came, which is a mistake in Winnow", what),
				Advice: "set the log level to debug to see where, and report it",
			}
		}
	}()
	return call()
}

// fell records why a connection ended, and returns how long to wait, or that
// there is nothing to wait for.
func (k *keeper) fell(f *Fault) (r rest, final bool) {
	now := k.clock.moment()
	k.mu.Lock()
	k.rows(k.ledger.End(now, f.Cause))
	k.metrics.fault(f.Cause)
	k.say(f)
	if f.Final() {
		k.status.RetryAt = time.Time{}
		k.enter(Ended, now)
		k.mu.Unlock()
		k.logger.Error("the source stopped until it is started again", "cause", string(f.Cause), "error", f.Error())
		return rest{}, true
	}
	r = k.climb.rest(f, now)
	k.status.RetryAt = r.at
	k.enter(Waiting, now)
	k.mu.Unlock()
	k.logger.Warn("the source lost its connection", "cause", string(f.Cause), "error", f.Error(), "retry_at", r.at)
	return r, false
}

// say tells the operator of a fault. The caller holds the lock.
func (k *keeper) say(f *Fault) {
	k.status.Fault, k.status.Advice = words(f), advice(f)
}

// enrich looks up more about posts; what fails leaves unknown what it did not
// find.
func (k *keeper) enrich(ctx context.Context, posts []post.Post) {
	err := k.guard("look-up", func() error {
		k.source.(Enricher).Enrich(ctx, posts)
		return nil
	})
	if err != nil {
		k.metrics.fault(post.Protocol)
	}
}

// state returns what the source itself keeps; the last that could be kept if
// that is too long.
func (k *keeper) state() []byte {
	var state []byte
	err := k.guard("state", func() error {
		state = k.source.(Stateful).State()
		return nil
	})
	if err == nil && len(state) > ledger.MaxState {
		err = fmt.Errorf("it has %d bytes, at most %d", len(state), ledger.MaxState)
	}
	if err != nil {
		k.logger.Error("the source's own state cannot be kept, the last one stands", "error", err)
		return k.kept
	}
	k.kept = state
	return state
}

// mark returns the account as it is now.
func (k *keeper) mark() ledger.Mark {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.ledger.Mark()
}

// slept ends what was under way before the machine slept.
func (k *keeper) slept() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if o := k.stream; o != nil {
		o.still = true
		o.cancel(errSlept())
	}
	if k.nap != nil {
		k.nap(errSlept())
	}
}

// finish takes nothing more from the source.
func (k *keeper) finish() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.stream != nil {
		k.stream.over = true
	}
	if k.fill != nil {
		k.fill.over = true
	}
}

// now returns how the source is.
func (k *keeper) now() Status {
	k.mu.Lock()
	s := k.status
	if g, open := k.ledger.Missing(); open {
		s.Missing = &g
	}
	s.Pending = len(k.ledger.Pending())
	k.mu.Unlock()
	if spender, ok := k.source.(Spender); ok {
		spend := spender.Spend()
		s.Spend = &spend
	}
	return s
}
