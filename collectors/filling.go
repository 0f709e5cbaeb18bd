package collectors

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"winnow/collectors/ledger"
	"winnow/pipeline/post"
)

// The bounds of filling.
const (
	// fillFor is how long a gap is asked for, counted from the first attempt
	// of this process, before it is given up.
	fillFor = 24 * time.Hour
	// fillStall is how long a Fill may do nothing. It is long, since platforms
	// make those wait who ask for the past.
	fillStall = 30 * time.Minute
)

// filling asks for the gaps of one source, one at a time.
type filling struct {
	k      *keeper
	filler Filler
	climb  *climb
	tries  map[gapKey]try
}

// gapKey identifies a gap of one source.
type gapKey struct {
	campaign string
	from     int64
}

// try is what became of a gap so far.
type try struct {
	first time.Duration
	n     int
}

func keyOf(g *post.Gap) gapKey { return gapKey{g.Campaign, g.From.UnixMilli()} }

// asked tells the filling that there may be something to ask for.
func (k *keeper) asked() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// runFills fills gaps until ctx ends or the platform refuses the credentials.
func (k *keeper) runFills(ctx context.Context) {
	filler, ok := k.source.(Filler)
	if !ok {
		return
	}
	f := &filling{k: k, filler: filler, climb: newClimb(k.info.Ladder, k.rand), tries: map[gapKey]try{}}
	for {
		p, ok := f.next()
		if !ok {
			select {
			case <-ctx.Done():
				return
			case <-k.wake:
			}
			continue
		}
		fault := f.ask(ctx, p)
		if ctx.Err() != nil {
			return
		}
		if fault == nil {
			f.climb.reset()
			continue
		}
		if !f.failed(p, fault).take(ctx, k.clock) {
			return
		}
		if fault.Cause == post.Unauthorised {
			<-ctx.Done() // asking again can only make it worse
			return
		}
	}
}

// next returns the gap to ask for now: those tried least, holes before pasts,
// oldest first. There is none while no connection stands.
func (f *filling) next() (ledger.Pending, bool) {
	k := f.k
	now := k.clock.moment()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.status.State != Live {
		return ledger.Pending{}, false
	}
	k.rows(k.ledger.Expire(now))
	var best *ledger.Pending
	pending := k.ledger.Pending()
	open := make(map[gapKey]try, len(pending))
	for i := range pending {
		key := keyOf(&pending[i].Gap)
		t, tried := f.tries[key]
		if tried {
			open[key] = t
		}
		if pending[i].Ask && (best == nil || f.before(&pending[i], best)) {
			best = &pending[i]
		}
	}
	f.tries = open // of those decided meanwhile, nothing is kept
	if best == nil {
		return ledger.Pending{}, false
	}
	key := keyOf(&best.Gap)
	t, tried := f.tries[key]
	if !tried {
		t.first = now.Run
	}
	t.n++
	f.tries[key] = t
	return *best, true
}

func (f *filling) before(a, b *ledger.Pending) bool {
	if na, nb := f.tries[keyOf(&a.Gap)].n, f.tries[keyOf(&b.Gap)].n; na != nb {
		return na < nb
	}
	if pa, pb := a.Gap.Cause == post.Before, b.Gap.Cause == post.Before; pa != pb {
		return pb
	}
	return a.Gap.From.Before(b.Gap.From)
}

// ask calls Fill once and records what it achieved.
func (f *filling) ask(parent context.Context, p ledger.Pending) *Fault {
	k := f.k
	ctx, cancel := context.WithCancelCause(parent)
	out := &fillOut{k: k, ctx: ctx, last: k.clock.moment().Run}
	k.mu.Lock()
	k.fill, k.nap = out, cancel
	k.mu.Unlock()

	var stall sync.WaitGroup
	stall.Go(func() { watchStall(ctx, cancel, fillStall, out.quiet) })
	var got Filled
	err := k.guard("fill", func() (err error) {
		got, err = f.filler.Fill(ctx, p.Gap, p.Resume, out)
		return err
	})
	cause := context.Cause(ctx)
	cancel(nil)
	stall.Wait()

	k.mu.Lock()
	defer k.mu.Unlock()
	out.over, k.fill, k.nap = true, nil, nil
	var own *Fault
	switch {
	case err == nil:
		k.rows(k.ledger.Filled(p.Gap, got.From, got.Complete, got.Note))
		return nil
	case parent.Err() != nil:
		return nil
	case errors.As(cause, &own):
		return own
	}
	return faultOf(err)
}

// quiet returns for how long nothing came.
func (o *fillOut) quiet() time.Duration {
	now := o.k.clock.moment().Run
	o.k.mu.Lock()
	defer o.k.mu.Unlock()
	return now - o.last
}

// failed records why a gap was not filled, and returns how long to wait before
// anything is asked for again.
func (f *filling) failed(p ledger.Pending, fault *Fault) rest {
	k := f.k
	now := k.clock.moment()
	r := f.climb.rest(fault, now)
	k.mu.Lock()
	k.metrics.fault(fault.Cause)
	var lost string
	switch {
	case fault.Cause == post.Misconfigured:
		lost = "the platform refused to give it back"
		r = rest{}
	case fault.Cause == post.Unauthorised:
		k.status.Fault, k.status.Advice = "What was missed cannot be asked for: "+lowerFirst(words(fault)), advice(fault)
		r = rest{}
	case now.Run-f.tries[keyOf(&p.Gap)].first+r.at.Sub(now.Wall) >= fillFor:
		lost = "asked for over a day in vain"
	}
	if lost != "" {
		k.rows(k.ledger.Lose(p.Gap, lost+": "+words(fault)))
		delete(f.tries, keyOf(&p.Gap))
	}
	k.mu.Unlock()
	attrs := []any{"cause", string(fault.Cause), "error", fault.Error(), "given_up", lost != ""}
	if fault.Final() {
		k.logger.Error("what was missed cannot be asked for", attrs...)
	} else {
		k.logger.Warn("what was missed could not be asked for yet", attrs...)
	}
	return r
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
