package filtered

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"winnow/collectors"
	"winnow/collectors/x/api"
	"winnow/collectors/x/filtered/recheck"
	"winnow/collectors/x/spend"
	"winnow/pipeline/post"
)

const (
	// usageEvery is how often X is asked what was used.
	usageEvery = time.Hour
	// roundMost is how many requests a round of look-ups makes at most, which
	// stays below X's 3,500 in a quarter of an hour.
	roundMost = 200
)

// attend does what has time: it compares the bill, and looks posts up again.
// What fails is tried again in the next round.
func (s *Source) attend(ctx context.Context, out collectors.Out) {
	s.recall(ctx)
	tick := time.NewTicker(s.o.LookUpEvery)
	defer tick.Stop()
	for {
		s.compare(ctx)
		s.lookUp(ctx, out)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// recall asks once which posts are stored, to look them up.
func (s *Source) recall(ctx context.Context) {
	if s.o.Recall == nil || s.recalled || len(s.o.LookUps) == 0 {
		return
	}
	n := 0
	err := s.o.Recall(ctx, func(p *post.Post) error {
		if p.Platform == post.X {
			s.remember([]post.Post{*p})
			n++
		}
		return ctx.Err()
	})
	if err != nil {
		if ctx.Err() == nil {
			s.log.Warn("stored posts cannot be read, so their deletion is not noticed", slog.Any("error", err))
		}
		return
	}
	s.recalled = true
	s.log.Debug("stored posts are looked up again", slog.Int("posts", n))
}

// remember has posts looked up later.
func (s *Source) remember(posts []post.Post) {
	if n := s.queue.Add(posts, s.o.Now()); n > 0 {
		s.metrics.lookUps.WithLabelValues(lookCrowdedOut).Add(float64(n))
	}
}

// compare asks X what was used, once an hour.
func (s *Source) compare(ctx context.Context) {
	now := s.o.Now()
	if !s.usage.IsZero() && now.Sub(s.usage) < usageEvery {
		return
	}
	s.usage = now
	u, err := s.client.Usage(ctx)
	if err != nil {
		if ctx.Err() == nil {
			s.log.Debug("X does not say what was used", slog.Any("error", err))
		}
		return
	}
	s.guard.Observe(now, u.Used)
}

// lookUp looks up the posts whose time has come, as far as that is affordable.
func (s *Source) lookUp(ctx context.Context, out collectors.Out) {
	for range roundMost {
		now := s.o.Now()
		if ctx.Err() != nil || now.Before(s.lookAfter) {
			return
		}
		stage, batch := s.queue.Due(now, api.LookupMax)
		if len(batch) == 0 {
			return
		}
		batch = s.affordable(now, stage, batch)
		if len(batch) == 0 {
			continue
		}
		if err := s.ask(ctx, stage, batch, out); err != nil {
			s.queue.Again(stage, batch)
			if fault, ok := errors.AsType[*collectors.Fault](err); ok {
				s.lookAfter = fault.Until
				s.log.Debug("posts cannot be looked up now", slog.Any("error", err))
			}
			return
		}
	}
}

// affordable returns the posts that the budget allows to look up. The others
// pass on to the next age: whether they are gone stays unknown until then.
func (s *Source) affordable(now time.Time, stage int, batch []recheck.Post) []recheck.Post {
	var free, costly []recheck.Post
	for _, w := range batch {
		if s.guard.Unread(now, s.queue.Version(w)) == 0 {
			free = append(free, w)
		} else {
			costly = append(costly, w)
		}
	}
	if s.guard.Afford(now, spend.LookUp, len(costly)) {
		return batch
	}
	s.metrics.lookUps.WithLabelValues(lookUnaffordable).Add(float64(len(costly)))
	s.queue.Pass(stage, costly, now)
	return free
}

// ask looks up posts and delivers the deletion of those that are gone.
func (s *Source) ask(ctx context.Context, stage int, batch []recheck.Post, out collectors.Out) error {
	ids := make([]string, len(batch))
	byID := make(map[string]recheck.Post, len(batch))
	for i, w := range batch {
		ids[i] = s.queue.Version(w)
		byID[ids[i]] = w
	}
	looked, err := s.client.Lookup(ctx, ids)
	if err != nil {
		return err
	}
	now := s.o.Now()
	s.guard.Read(now, spend.LookUp, looked.Found...)
	var d collectors.Delivery
	for _, id := range looked.Gone {
		first := strconv.FormatUint(byID[id].ID, 10)
		d.Deletions = append(d.Deletions, post.Deletion{Platform: post.X, NativeID: first, At: now.UTC()})
		if first != id {
			d.Deletions = append(d.Deletions, post.Deletion{Platform: post.X, NativeID: id, At: now.UTC()})
		}
	}
	if len(d.Deletions) > 0 {
		if err := out.Deliver(d); err != nil {
			return err
		}
	}
	var left []recheck.Post
	for _, id := range looked.Gone {
		s.queue.Drop(byID[id])
	}
	for _, some := range [][]string{looked.Found, looked.Unknown} {
		for _, id := range some {
			left = append(left, byID[id])
		}
	}
	if n := s.queue.Pass(stage, left, now); n > 0 {
		s.metrics.lookUps.WithLabelValues(lookCrowdedOut).Add(float64(n))
	}
	for result, n := range map[string]int{
		lookFound: len(looked.Found), lookGone: len(looked.Gone), lookUnknown: len(looked.Unknown),
	} {
		s.metrics.lookUps.WithLabelValues(result).Add(float64(n))
	}
	return nil
}
