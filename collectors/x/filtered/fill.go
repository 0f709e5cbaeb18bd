package filtered

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"winnow/collectors"
	"winnow/collectors/wire"
	"winnow/collectors/x/api"
	"winnow/collectors/x/rules"
	"winnow/collectors/x/spend"
	v2 "winnow/collectors/x/v2"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

const (
	// overlap is how much of the time around a gap is asked for as well.
	overlap = 10 * time.Second
	// longestWait is how long Fill waits for a rate limit itself, so that what
	// it read so far is not read again.
	longestWait = 16 * time.Minute
	noReposts   = "X's search finds no retweets"
)

// Fill implements collectors.Filler: by X's search, which finds no retweets.
// Nothing is filled that was left out on purpose, or that the budget does not
// allow: the note says so.
func (s *Source) Fill(ctx context.Context, g post.Gap, _ []byte, out collectors.Out) (collectors.Filled, error) {
	switch {
	case s.o.Redundant:
		return collectors.Filled{Note: "left to the first stream"}, nil
	case g.Cause == post.CountsOnly:
		return collectors.Filled{Note: "only counted, as configured"}, nil
	case g.Cause == post.Budget:
		return collectors.Filled{Note: "left out to stay within the budget"}, nil
	case g.Cause == post.Before && s.o.Backfill == 0:
		return collectors.Filled{Note: "X bills the past like the present, and no backfill is configured"}, nil
	}
	f := &filling{Source: s, out: out, gap: g}
	if err := f.bounds(ctx); err != nil {
		return collectors.Filled{}, err
	}
	if !f.from.Before(f.to) {
		return collectors.Filled{Note: "X's search reaches back 7 days only"}, nil
	}
	queries := f.queries()
	if note, err := f.tooDear(ctx, queries); note != "" || err != nil {
		return collectors.Filled{Note: note}, err
	}
	for i, q := range queries {
		reached, err := f.search(ctx, q)
		if err != nil {
			return collectors.Filled{}, err
		}
		if reached.IsZero() {
			continue
		}
		note := fmt.Sprintf("%s; the budget ended the search after %d posts", noReposts, f.posts)
		if i+1 < len(queries) {
			// Nothing is known of the queries after this one.
			reached = time.Time{}
		}
		if !reached.IsZero() {
			reached = reached.Add(f.skew)
		}
		return collectors.Filled{From: reached, Note: note}, nil
	}
	filled := collectors.Filled{From: maxTime(f.from.Add(f.skew), g.From), Complete: s.o.NoReposts}
	if !filled.Complete {
		filled.Note = noReposts
	}
	return filled, nil
}

// filling is one Fill.
type filling struct {
	*Source
	out collectors.Out
	gap post.Gap
	// from and to are on X's clock, which ours is ahead of by skew.
	from, to time.Time
	skew     time.Duration
	posts    int
}

// bounds sets what to ask for, and waits until X's search knows the gap's end.
func (f *filling) bounds(ctx context.Context) error {
	f.skew = f.clock.skew()
	begin, end, now := f.gap.From.Add(-f.skew), f.gap.To.Add(-f.skew), f.xNow()
	f.from, f.to = begin.Add(-overlap), end.Add(overlap)
	if f.gap.To.IsZero() {
		end, f.to = now, now
	}
	if f.gap.Cause == post.Before {
		f.from = maxTime(begin, now.Add(-f.o.Backfill))
	}
	f.from = maxTime(f.from, now.Add(-lookback).Add(time.Minute))
	// X takes whole seconds: one more, or the end of the gap would be cut off.
	lag := f.o.SearchLag + time.Second
	if f.skew != 0 {
		lag += time.Second // as exactly as X's clock is known
	}
	if wait := end.Add(lag).Sub(now); wait > 0 {
		if err := collectors.Sleep(ctx, min(wait, lag)); err != nil {
			return err
		}
	}
	if known := f.xNow().Add(-f.o.SearchLag); f.to.After(known) {
		f.to = known
	}
	return nil
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (f *filling) campaigns() []campaign.Campaign {
	if f.gap.Campaign == "" {
		return f.o.Campaigns
	}
	for i := range f.o.Campaigns {
		if f.o.Campaigns[i].Name == f.gap.Campaign {
			return f.o.Campaigns[i : i+1]
		}
	}
	return nil
}

func (f *filling) queries() []string {
	var all []string
	for _, c := range f.campaigns() {
		all = append(all, rules.Query(c, f.o.rules(100))...)
	}
	return all
}

// tooDear counts what there is to read, unless nothing depends on that, and says
// why it cannot be paid for, if so.
func (f *filling) tooDear(ctx context.Context, queries []string) (note string, err error) {
	left, unlimited := f.guard.Left(f.o.Now(), spend.Search)
	if unlimited && f.gap.Cause != post.Before {
		return "", nil
	}
	if !f.guard.Afford(f.o.Now(), spend.Request, len(queries)) {
		return "the budget leaves nothing to search with", nil
	}
	g := api.Minute
	if f.to.Sub(f.from) > 2*time.Hour {
		g = api.Hour
	}
	var posts uint64
	for _, q := range queries {
		now := f.o.Now()
		_, n, err := f.client.Counts(ctx, q, f.from, f.to, g)
		if err != nil {
			return "", err
		}
		f.guard.Requested(now, 1)
		posts += n
	}
	f.log.Info("what filling a gap costs", slog.String("cause", string(f.gap.Cause)),
		slog.Uint64("posts", posts), slog.Float64("usd", f.o.Budget.USDPerPost*float64(posts)))
	if !unlimited && posts > left {
		note = fmt.Sprintf("about %d posts%s, of which the budget allows %d now",
			posts, dollars(f.o.Budget.USDPerPost, posts), left)
	}
	return note, nil
}

// dollars says what posts cost, if the price is known.
func dollars(price float64, posts uint64) string {
	if price == 0 {
		return ""
	}
	return fmt.Sprintf(" ($%.2f)", price*float64(posts))
}

// search delivers all pages of a query, newest first. It returns the oldest
// post's time if the budget ended it, else zero.
func (f *filling) search(ctx context.Context, query string) (reached time.Time, err error) {
	next := ""
	oldest := f.to // none of its posts came yet
	for {
		now := f.o.Now()
		if !f.guard.Afford(now, spend.Search, 1) {
			return oldest, nil
		}
		page, after, _, err := f.client.Search(ctx, query, f.from, f.to, "", next)
		if err != nil {
			if err := f.waitFor(ctx, err); err != nil {
				return time.Time{}, err
			}
			continue
		}
		var m wire.Message
		f.asked.page(&m, page.Asked)
		v2.Decode(page.Raw, &m)
		for _, r := range m.Rejects {
			f.metrics.rejected.WithLabelValues(string(r.Reason)).Inc()
		}
		for i := range m.Posts {
			if at := m.Posts[i].PostedAt; at.Before(oldest) {
				oldest = at
			}
		}
		f.posts += len(m.Posts)
		f.guard.Requested(now, len(m.Rejects))
		if err := f.deliver(&m, spend.Search, f.out, false); err != nil {
			return time.Time{}, err
		}
		if after == "" || after == next {
			return time.Time{}, nil
		}
		next = after
	}
}

// waitFor waits for a rate limit that is over soon; any other error comes back.
func (f *filling) waitFor(ctx context.Context, err error) error {
	fault, ok := errors.AsType[*collectors.Fault](err)
	if !ok || fault.Cause != post.RateLimited || fault.Until.IsZero() {
		return err
	}
	wait := fault.Until.Sub(f.o.Now())
	if wait > longestWait {
		return err
	}
	return collectors.Sleep(ctx, max(wait, 0)+time.Second)
}
