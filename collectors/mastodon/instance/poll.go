package instance

import (
	"context"
	"errors"
	"time"

	"winnow/collectors"
	"winnow/collectors/mastodon"
	"winnow/collectors/mastodon/rest"
)

// errTryStream ends polling when a stream is to be tried again.
var errTryStream = errors.New("it is time to try a stream again")

const (
	// pollPages is how many pages of one timeline are asked for in one turn at
	// most; the next turn goes on behind them.
	pollPages = 50
	// early is how much before a session the posts may be that it takes when
	// no cursor says where to begin: clocks differ.
	early = 30 * time.Second
)

// poll asks for each timeline in turn, from the newest id known on. It ends
// with a fault, or when a stream is to be tried again. The first turn of a
// session only finds out where each timeline is: what came before is a gap, and
// filling waits for the log, which polling cannot.
func (ses *session) poll(ctx context.Context) error {
	every := ses.o.PollEvery
	if ses.o.Transport == Auto {
		every = min(every, ses.o.Stall/3) // the stall is that of a stream
	}
	pause := pace(every, len(ses.tags), 2*time.Second)
	begin := ses.o.Now()
	for {
		for _, t := range ses.tags {
			if !ses.stood() {
				if err := ses.locate(ctx, t); err != nil {
					return err
				}
				continue // as fast as the limits allow, until all are asked
			}
			if err := ses.pollTag(ctx, t, begin); err != nil {
				return err
			}
			if err := collectors.Sleep(ctx, pause); err != nil {
				return err
			}
		}
		ses.stands()
		if ses.o.Transport == Auto && ses.transport() != Poll {
			return errTryStream
		}
	}
}

// locate finds the newest id of a timeline.
func (ses *session) locate(ctx context.Context, t tag) error {
	page, err := ses.ask(ctx, t, rest.Range{})
	if err != nil {
		return err
	}
	ses.out.Alive()
	ses.advance(t, page.Newest)
	return ses.refresh(pointers(page.Statuses))
}

// pace is the time between requests if each of n things is to be asked for
// every so often, but requests come no closer than least.
func pace(every time.Duration, n int, least time.Duration) time.Duration {
	return max(every/time.Duration(n), min(least, every))
}

// ask asks for a page of a timeline.
func (ses *session) ask(ctx context.Context, t tag, r rest.Range) (rest.Page, error) {
	ses.metrics.polls.Inc()
	page, err := ses.rest.Timeline(ctx, t.ask, r)
	for _, err := range page.Rejects {
		ses.reject(err)
	}
	return page, err
}

// mark is the newest id known of a hashtag.
func (ses *session) mark(t tag) string {
	ses.mu.Lock()
	defer ses.mu.Unlock()
	return ses.cursor[t.name]
}

func (ses *session) pollTag(ctx context.Context, t tag, begin time.Time) error {
	page, err := ses.ask(ctx, t, rest.Range{})
	if err != nil {
		return err
	}
	ses.out.Alive()
	mark := ses.mark(t)
	if mark != "" && page.Oldest != "" && mastodon.CompareIDs(page.Oldest, mark) > 0 {
		// More came than a page has.
		if err := ses.forward(ctx, t, mark); err != nil {
			return err
		}
		return ses.refresh(pointers(page.Statuses))
	}
	since := begin.Add(ses.rest.Skew() - early)
	sts := pointers(page.Statuses)
	if mark == "" {
		older, err := ses.back(ctx, t, page, since, pollPages)
		if err != nil {
			return err
		}
		sts = append(older, sts...)
	}
	if err := ses.fresh(t, sts, func(st *mastodon.Status) bool {
		return mark != "" && mastodon.CompareIDs(string(st.ID), mark) > 0 || !st.CreatedAt.Before(since)
	}); err != nil {
		return err
	}
	ses.advance(t, page.Newest)
	return nil
}

// advance moves a hashtag's cursor on.
func (ses *session) advance(t tag, id string) {
	ses.mu.Lock()
	defer ses.mu.Unlock()
	ses.cursor.advance(t.name, id)
}

// fresh delivers those of statuses that are wanted and were not delivered yet,
// or not as edited, and the others whose figures changed.
func (ses *session) fresh(t tag, sts []*mastodon.Status, want func(*mastodon.Status) bool) error {
	var fresh, known []*mastodon.Status
	for _, st := range sts {
		edited, seen := ses.seen.Get(string(st.ID))
		switch {
		case ses.isGone(st):
		case seen && !st.EditedAt.After(edited):
			known = append(known, st)
		case seen || want(st):
			fresh = append(fresh, st)
		}
	}
	if err := ses.deliver(fresh, t.name); err != nil {
		return err
	}
	return ses.refresh(known)
}

// forward delivers what a timeline has after an id, oldest first.
func (ses *session) forward(ctx context.Context, t tag, after string) error {
	for range pollPages {
		page, err := ses.ask(ctx, t, rest.Range{After: after})
		if err != nil {
			return err
		}
		ses.out.Alive()
		if page.Newest == "" || mastodon.CompareIDs(page.Newest, after) <= 0 {
			return nil
		}
		if err := ses.fresh(t, pointers(page.Statuses), func(*mastodon.Status) bool { return true }); err != nil {
			return err
		}
		after = page.Newest
		ses.advance(t, after)
	}
	return nil
}

// back returns the statuses before a page, down to a time, oldest first.
func (ses *session) back(ctx context.Context, t tag, page rest.Page, since time.Time, most int) ([]*mastodon.Status, error) {
	var all []*mastodon.Status
	for range most {
		if page.Oldest == "" || before(page.Statuses, since) {
			break
		}
		oldest := page.Oldest
		var err error
		if page, err = ses.ask(ctx, t, rest.Range{Before: oldest}); err != nil {
			return nil, err
		}
		if page.Oldest == "" || mastodon.CompareIDs(page.Oldest, oldest) >= 0 {
			break
		}
		all = append(pointers(page.Statuses), all...)
	}
	return all, nil
}

// before reports whether some status is from before a time. Timelines are
// roughly in order.
func before(sts []mastodon.Status, t time.Time) bool {
	for i := range sts {
		if sts[i].CreatedAt.Before(t) {
			return true
		}
	}
	return false
}

func pointers(sts []mastodon.Status) []*mastodon.Status {
	out := make([]*mastodon.Status, len(sts))
	for i := range sts {
		out[i] = &sts[i]
	}
	return out
}
