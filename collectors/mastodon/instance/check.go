package instance

import (
	"context"
	"errors"
	"fmt"
	"time"

	"winnow/collectors"
	"winnow/collectors/mastodon"
	"winnow/collectors/mastodon/rest"
	"winnow/pipeline/post"
)

const (
	// blindness is how many posts a stream that brings none must have missed
	// to count as blind.
	blindness = 3
	// checkPages is how many pages of a timeline a comparison takes at most.
	checkPages = 5
)

// mark is when a hashtag's timeline was compared last, in the server's time.
type mark struct{ checked time.Time }

// tally is what comparisons found since the stream brought a post last.
type tally struct {
	missed   int
	streamed uint64 // what the stream had brought then
}

// background compares streams with timelines and looks for boosts, until ctx
// ends, whose end is no error, or the stream has to.
func (ses *session) background(ctx context.Context) error {
	select {
	case <-ses.opened:
	case <-ctx.Done():
		return nil
	}
	// The first comparisons come soon, since a stream may begin later than it
	// seems to; they are also how the server's clock is read.
	pause := pace(ses.o.CheckEvery, len(ses.tags), 9*time.Second)
	check := time.NewTimer(min(pause, time.Second))
	defer check.Stop()
	boosts := make(<-chan time.Time)
	if ses.o.BoostsEvery > 0 {
		ticker := time.NewTicker(ses.o.BoostsEvery)
		defer ticker.Stop()
		boosts = ticker.C
	}
	for turn := 0; ; {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-check.C:
			if ses.transport() != Poll && ses.rest.Spare() {
				err = ses.check(ctx, ses.tags[turn%len(ses.tags)])
				turn++
			}
			wait := pause
			if turn < len(ses.tags) {
				wait = min(pause, time.Second)
			}
			check.Reset(wait)
		case <-boosts:
			err = ses.lookForBoosts(ctx)
		}
		if ctx.Err() != nil {
			return nil
		}
		if err := ses.tolerate(err); err != nil {
			return err
		}
	}
}

// tolerate returns the errors that end a stream. That a timeline cannot be had
// is no reason to give up a stream that works.
func (ses *session) tolerate(err error) error {
	if err == nil {
		return nil
	}
	if failed := ses.failed(); failed != nil {
		return failed
	}
	f, ok := errors.AsType[*collectors.Fault](err)
	if ok && f.Cause == post.Blind {
		return f
	}
	ses.o.Log.Debug("a request beside the stream failed", "source", ses.info.Name, "error", err)
	return nil
}

// check compares the stream with a hashtag's timeline.
func (ses *session) check(ctx context.Context, t tag) error {
	page, err := ses.ask(ctx, t, rest.Range{})
	if err != nil {
		return err
	}
	now := ses.serverTime()
	ses.mu.Lock()
	last, live := ses.marks[t.name].checked, ses.live
	ses.mu.Unlock()
	if last.IsZero() {
		last = live
	}
	sts := pointers(page.Statuses)
	if ses.rest.Spare() {
		older, err := ses.back(ctx, t, page, last.Add(-ses.o.Late), checkPages)
		if err != nil {
			return err
		}
		sts = append(older, sts...)
	}
	due := now.Add(-ses.o.Late)
	missed := 0
	if err := ses.fresh(t, sts, func(st *mastodon.Status) bool {
		if st.CreatedAt.After(due) || st.CreatedAt.Before(live.Add(-early)) {
			return false // the stream may still bring it; before, it is no business of a stream
		}
		if !st.CreatedAt.Before(live) {
			missed++
		}
		return true
	}); err != nil {
		return err
	}
	return ses.compared(t, now, missed)
}

// compared notes the outcome of a comparison, and ends a stream that is blind.
func (ses *session) compared(t tag, now time.Time, missed int) error {
	ses.metrics.missed.Add(float64(missed))
	ses.mu.Lock()
	ses.marks[t.name] = mark{now}
	if ses.round.streamed != ses.streamed {
		ses.round = tally{streamed: ses.streamed}
	}
	ses.round.missed += missed
	total := ses.round.missed
	ses.mu.Unlock()
	if total < blindness {
		return nil
	}
	ses.blind()
	return &collectors.Fault{
		Cause:  post.Blind,
		Advice: "timelines are polled for a while; if this comes again, set the transport of this instance to poll",
		Err:    fmt.Errorf("the stream stands and brought none of the last %d posts that the timelines have", total),
	}
}
