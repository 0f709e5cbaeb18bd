package pipeline

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"winnow/pipeline/campaign"
	"winnow/pipeline/change"
	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage"
)

// Store is what settling reads and replaces.
type Store interface {
	Ping(ctx context.Context) error
	Marked(ctx context.Context) ([]storage.OpenMarks, error)
	Undecided(ctx context.Context) ([]string, error)
	Posts(ctx context.Context, campaign string, f func(*post.Post) error) error
	ReplaceFindings(ctx context.Context, campaign string, fs []coordination.Finding) (changed, withdrawn int, err error)
	ReplaceChanges(ctx context.Context, campaign string, cs []change.Change) (changed, withdrawn int, err error)
	Recompute(ctx context.Context, campaign string, detected, upto uint64) error
	RecomputeDays(ctx context.Context, campaign string, upto uint64) error
	MarkReading(ctx context.Context, campaign string) error
	ReadWhole(ctx context.Context, campaign string, upto uint64) error
	Retain(ctx context.Context, campaign string, before time.Time) (time.Time, error)
}

// Campaigns is what settling knows of the campaigns.
type Campaigns interface {
	Campaigns() []campaign.Campaign
	Lookup(name string) (*campaign.Campaign, bool)
	Declared(name string, p *post.Post) string
}

// Settle brings findings and buckets in line with the stored posts.
type Settle struct {
	store     Store
	campaigns Campaigns
	coming    *Arrivals
	metrics   *settleMetrics
	log       *slog.Logger
	now       func() time.Time
	// One pass at a time: two would compute the same twice.
	pass sync.Mutex
	// due says of each campaign whose findings time alone may change when that
	// is; nil until the store was asked for what an earlier run left undecided.
	due map[string]time.Time
	// live are the detectors of campaigns that are long to read.
	live map[string]*live
	// days says when the days of campaigns were recomputed.
	days map[string]rest
	// retained is when posts were last let go of.
	retained time.Time
	// final is set while all is to be brought to its end.
	final bool
}

// NewSettle returns the stage that detects and recomputes. What comes is to be
// announced to the arrivals.
func NewSettle(s Store, c Campaigns, coming *Arrivals, reg prometheus.Registerer, log *slog.Logger, now func() time.Time) *Settle {
	return &Settle{
		store: s, campaigns: c, coming: coming, live: make(map[string]*live), days: make(map[string]rest),
		metrics: newSettleMetrics(reg), log: log, now: now,
	}
}

// settleEvery is how often marks are looked for; settleRest is how many times
// as long as a pass took it rests afterwards, so that settling a large
// campaign while it grows takes at most a fifth of the machine.
const (
	settleEvery = 2 * time.Second
	settleRest  = 4
)

// dueRest is how long a campaign that time alone may change rests at least: its
// findings may be due one soon after the other, and each time all of its posts
// are read.
const dueRest = time.Minute

// Run settles what is marked until ctx ends. It returns ctx's end as nil. A pass
// that failed is tried again: for good while the store does not answer, since
// posts wait in the log meanwhile; one that answers and fails all the same, as
// it does when its files are damaged, ends Run after a while with its error.
func (s *Settle) Run(ctx context.Context) error {
	const patience = 30
	timer := time.NewTimer(settleEvery)
	defer timer.Stop()
	failures := 0
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		begin := s.now()
		_, err := s.Pass(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			s.metrics.failures.Inc()
			if s.store.Ping(ctx) == nil {
				failures++
			}
			if failures >= patience {
				return fmt.Errorf("settling failed %d times in a row: %w", failures, err)
			}
			s.log.Warn("settling failed, trying again", "failures", failures, "error", err)
		default:
			failures = 0
		}
		timer.Reset(max(settleEvery, settleRest*s.now().Sub(begin)))
	}
}

// Drain settles until nothing is left to settle: findings and changes are then what
// the stored posts give, read from the first to the last.
func (s *Settle) Drain(ctx context.Context) error {
	for {
		n, err := s.settle(ctx, true)
		if err != nil || n == 0 {
			return err
		}
	}
}

// Pass settles every campaign that has open marks or whose findings may change
// by the passing of time, once, and returns how many there were.
func (s *Settle) Pass(ctx context.Context) (campaigns int, err error) { return s.settle(ctx, false) }

func (s *Settle) settle(ctx context.Context, final bool) (campaigns int, err error) {
	s.pass.Lock()
	defer s.pass.Unlock()
	s.final = final
	s.metrics.arrivals.Set(float64(s.coming.len()))
	if err := s.retain(ctx); err != nil {
		return 0, err
	}
	marked, err := s.store.Marked(ctx)
	if err != nil {
		return 0, err
	}
	if marked, err = s.withDue(ctx, marked); err != nil {
		return 0, err
	}
	s.metrics.begin(marked)
	for _, m := range marked {
		if m.ByPosts+m.ByFindings == 0 && !s.asksForDetection(m) && (m.Days == 0 || !s.daysRested(m.Campaign)) {
			continue // what is left may wait
		}
		if err := s.campaign(ctx, m); err != nil {
			return campaigns, fmt.Errorf("settling campaign: %w", err)
		}
		campaigns++
	}
	s.metrics.succeeded.Set(float64(s.now().UnixMilli()) / 1000)
	return campaigns, nil
}

// withDue adds the campaigns that have no marks but are due.
func (s *Settle) withDue(ctx context.Context, marked []storage.OpenMarks) ([]storage.OpenMarks, error) {
	if s.due == nil {
		undecided, err := s.store.Undecided(ctx)
		if err != nil {
			return nil, err
		}
		s.due = make(map[string]time.Time, len(undecided))
		for _, name := range undecided {
			s.due[name] = s.now()
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.due)) {
		if s.isDue(name) && !slices.ContainsFunc(marked, func(m storage.OpenMarks) bool { return m.Campaign == name }) {
			marked = append(marked, storage.OpenMarks{Campaign: name})
		}
	}
	return marked, nil
}

// isDue is true of a campaign whose findings may have changed by the passing of
// time.
func (s *Settle) isDue(name string) bool {
	at, waits := s.due[name]
	return waits && !s.now().Before(at)
}

// asksForDetection is true if posts of a campaign came, time may have changed its
// findings, or it is to be read whole.
func (s *Settle) asksForDetection(m storage.OpenMarks) bool {
	return m.ByPosts > 0 || s.isDue(m.Campaign) || s.isToRead(m)
}

// campaign detects if that is asked for, then recomputes the marked hours, those
// that changed findings touch included.
func (s *Settle) campaign(ctx context.Context, m storage.OpenMarks) error {
	begin := s.now()
	detected := m.Upto
	if s.asksForDetection(m) {
		if err := s.detect(ctx, m); err != nil {
			return err
		}
	}
	// Asked again, for the marks that the findings have just set.
	marked, err := s.store.Marked(ctx)
	if err != nil {
		return err
	}
	for _, now := range marked {
		if now.Campaign != m.Campaign {
			continue
		}
		if now.ByPosts+now.ByFindings > 0 {
			if err := s.store.Recompute(ctx, m.Campaign, detected, now.Upto); err != nil {
				return err
			}
		}
		if err := s.recomputeDays(ctx, m.Campaign); err != nil {
			return err
		}
	}
	s.metrics.passes.Inc()
	s.metrics.seconds.Observe(s.now().Sub(begin).Seconds())
	return nil
}

// remember writes down when the findings of a campaign may change by the passing
// of time, zero for never.
func (s *Settle) remember(name string, now, due time.Time) {
	if due.IsZero() {
		delete(s.due, name)
		return
	}
	if soonest := now.Add(dueRest); due.Before(soonest) {
		due = soonest
	}
	s.due[name] = due
}

// config tells the detector what the operator said about a campaign.
func (s *Settle) config(name string) coordination.Config {
	c, known := s.campaigns.Lookup(name)
	if !known {
		return coordination.Config{Campaign: name}
	}
	return coordination.Config{
		Campaign:  name,
		Protected: protectedNames(c.Protected),
		Declared:  func(p *post.Post) string { return s.campaigns.Declared(name, p) },
	}
}

// protectedNames are the ids or handles by which posts name protected accounts.
func protectedNames(ps []campaign.Protected) []string {
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = strings.ToLower(strings.TrimPrefix(p.Account, "@"))
	}
	return out
}
