package filtered

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"winnow/collectors"
	"winnow/collectors/x/api"
	"winnow/collectors/x/rules"
	"winnow/collectors/x/spend"
	"winnow/pipeline/post"
)

const (
	// exorcism is how often ghost connections are ended at most.
	exorcism = 15 * time.Minute
	// late is how long a post may be on its way to us.
	late = 10 * time.Second
	// cappedWait is how long to wait when X says that the money is gone and
	// not until when.
	cappedWait = time.Hour
)

// setRules makes X's rules those of the campaigns, sampled to percent, and
// reports whether any was added.
func (s *Source) setRules(ctx context.Context, percent int) (added bool, err error) {
	o := s.o.rules(percent)
	want, unwatchable := rules.Build(s.o.Campaigns, o)
	if len(want) == 0 {
		return false, &collectors.Fault{
			Cause: post.Misconfigured, Err: errors.New("the campaigns hold nothing that X can look for"),
			Advice: "give the campaigns hashtags, terms or protected accounts",
		}
	}
	report, err := rules.Reconcile(ctx, s.client, want, o, false)
	if err != nil {
		return false, err
	}
	if len(report.Refused) == len(want) && len(report.Add)+len(report.Keep) == 0 {
		return false, &collectors.Fault{
			Cause: post.Misconfigured, Err: errors.New("none of the rules is taken by X"),
			Advice: "run winnow check to see which hashtags and terms X refuses",
		}
	}
	if n := len(unwatchable) + len(report.Refused); n > 0 && !s.told {
		s.told = true
		s.log.Warn("X cannot look for everything in the campaigns, winnow check says for what", slog.Int("parts", n))
	}
	if len(report.Add)+len(report.Remove) > 0 {
		s.log.Info("the rules of X's stream were changed", slog.Int("added", len(report.Add)),
			slog.Int("deleted", len(report.Remove)), slog.Int("percent", percent))
	}
	return len(report.Add) > 0, nil
}

// prepare sets the rules before connecting. It returns how long X may still
// deliver by the old ones.
func (s *Source) prepare(ctx context.Context, out collectors.Out, percent int) (time.Duration, error) {
	if s.o.Redundant {
		return 0, nil
	}
	added, err := s.setRules(ctx, percent)
	if err != nil {
		return 0, err
	}
	out.Alive()
	before := s.percent
	s.percent = percent
	if !added {
		return 0, nil
	}
	if percent < 100 && (before == 0 || before > percent) {
		// Connecting at once would cost what the lower share is to save.
		return 0, s.rest(ctx, out, s.o.RuleDelay)
	}
	return s.o.RuleDelay, nil
}

// connect opens the stream. from is since when it brings everything, if it
// brings anything from before.
func (s *Source) connect(ctx context.Context, out collectors.Out, fresh bool) (body io.ReadCloser, from time.Time, err error) {
	o, from := s.backfill()
	body, err = s.client.Stream(ctx, o)
	if errors.Is(err, api.ErrTooManyConnections) && s.exorcise(ctx) {
		out.Alive()
		body, err = s.client.Stream(ctx, o)
	}
	if fault, ok := errors.AsType[*collectors.Fault](err); ok {
		switch {
		case errors.Is(err, api.ErrNoRules) && fresh:
			// X has not taken note of the new rules yet.
			return nil, from, &collectors.Fault{Cause: post.Unavailable, Until: s.o.Now().Add(s.o.RuleDelay), Err: fault.Err}
		case fault.Cause == post.Budget:
			return nil, from, s.capped(fault)
		}
	}
	return body, from, err
}

// capped says until when to wait for money.
func (s *Source) capped(fault *collectors.Fault) error {
	f := *fault
	if f.Until.IsZero() {
		f.Until = s.o.Now().Add(cappedWait)
	}
	return &f
}

// backfill asks for what was missed if X gives that and it was short enough.
func (s *Source) backfill() (api.StreamOptions, time.Time) {
	heard := s.heard.Load()
	if s.o.BackfillMinutes == 0 || heard == 0 {
		return api.StreamOptions{}, time.Time{}
	}
	from := time.Unix(0, heard).Add(-late)
	gap := s.o.Now().Sub(from)
	minutes := int((gap + time.Minute - 1) / time.Minute)
	if minutes < 1 || minutes > s.o.BackfillMinutes {
		return api.StreamOptions{}, time.Time{}
	}
	return api.StreamOptions{BackfillMinutes: minutes}, from.UTC()
}

// exorcise ends the connections that X still counts though they are dead, and
// reports whether to try again at once.
func (s *Source) exorcise(ctx context.Context) bool {
	now := s.o.Now()
	if s.o.Redundant || !s.exorcised.IsZero() && now.Sub(s.exorcised) < exorcism {
		return false
	}
	s.exorcised = now
	open, err := s.client.Connections(ctx)
	if err != nil {
		s.log.Warn("X does not say which connections are open", slog.Any("error", err))
		return false
	}
	closed, err := s.client.CloseConnections(ctx)
	if err != nil {
		s.log.Warn("X does not close connections", slog.Any("error", err))
		return false
	}
	s.log.Info("connections that X still counted were closed", slog.Int("open", len(open)), slog.Int("closed", closed))
	return true
}

// paused is the end of a stream for which there is no money.
func paused(d spend.Decision) error {
	return &collectors.Fault{
		Cause: post.Budget, Until: d.Until, Err: fmt.Errorf("the budget for X: %s", d.Note),
		Advice: "raise posts_per_day or posts_per_month if you can pay for more",
	}
}

// rest waits while no connection is open that could stall, for which Alive stands.
func (s *Source) rest(ctx context.Context, out collectors.Out, d time.Duration) error {
	end := time.NewTimer(d)
	defer end.Stop()
	beat := time.NewTicker(max(s.o.Stall/3, time.Millisecond))
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-beat.C:
			out.Alive()
		case <-end.C:
			return nil
		}
	}
}
