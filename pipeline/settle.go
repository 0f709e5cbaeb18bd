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
}

// Campaigns is what settling knows of the campaigns.
type Campaigns interface {
	Lookup(name string) (*campaign.Campaign, bool)
	Declared(name string, p *post.Post) string
}

// Settle brings findings and buckets in line with the stored posts.
type Settle struct {
	store     Store
	campaigns Campaigns
	metrics   *settleMetrics
	log       *slog.Logger
	now       func() time.Time
	// One pass at a time: two would compute the same twice.
	pass sync.Mutex
	// due says of each campaign whose findings time alone may change when that
	// is; nil until the store was asked for what an earlier run left undecided.
	due map[string]time.Time
}

// NewSettle returns the stage that detects and recomputes.
func NewSettle(s Store, c Campaigns, reg prometheus.Registerer, log *slog.Logger, now func() time.Time) *Settle {
	return &Settle{store: s, campaigns: c, metrics: newSettleMetrics(reg), log: log, now: now}
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

// Pass settles every campaign that has open marks or whose findings may change
// by the passing of time, once, and returns how many there were.
func (s *Settle) Pass(ctx context.Context) (campaigns int, err error) {
	s.pass.Lock()
	defer s.pass.Unlock()
	marked, err := s.store.Marked(ctx)
	if err != nil {
		return 0, err
	}
	if marked, err = s.withDue(ctx, marked); err != nil {
		return 0, err
	}
	for _, m := range marked {
		if err := s.campaign(ctx, m); err != nil {
			return campaigns, fmt.Errorf("settling campaign: %w", err)
		}
		campaigns++
	}
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

// campaign detects over all stored posts of a campaign if posts came or it is
// due, then recomputes the marked hours, those that changed findings touch
// included.
func (s *Settle) campaign(ctx context.Context, m storage.OpenMarks) error {
	begin := s.now()
	detected := m.Upto
	if m.ByPosts > 0 || s.isDue(m.Campaign) {
		if err := s.detect(ctx, m.Campaign); err != nil {
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
		if err := s.store.Recompute(ctx, m.Campaign, detected, now.Upto); err != nil {
			return err
		}
	}
	s.metrics.passes.Inc()
	s.metrics.seconds.Observe(s.now().Sub(begin).Seconds())
	return nil
}

// detect replaces the findings and changes of a campaign by what its stored
// posts give, in one pass over them.
func (s *Settle) detect(ctx context.Context, name string) error {
	s.log.Debug("detecting")
	begin := s.now()
	d := coordination.New(s.config(name))
	c := change.New(change.Config{Campaign: name})
	posts := 0
	err := s.store.Posts(ctx, name, func(p *post.Post) error {
		d.Add(p)
		c.Add(p)
		posts++
		return nil
	})
	if err != nil {
		return err
	}
	// As of the begin: what the store has not read by now is no silence.
	d.Advance(begin)
	found := d.Findings()
	changed, withdrawn, err := s.store.ReplaceFindings(ctx, name, found)
	if err != nil {
		return err
	}
	s.remember(name, begin, d.Due())
	s.metrics.detection(d.Stats())
	s.metrics.open.WithLabelValues(name).Set(float64(len(found)))
	s.metrics.findings.WithLabelValues("changed").Add(float64(changed))
	s.metrics.findings.WithLabelValues("withdrawn").Add(float64(withdrawn))
	if err := s.changes(ctx, name, c); err != nil {
		return err
	}
	s.log.Debug("detection ran", "posts", posts, "findings", len(found), "changed", changed, "withdrawn", withdrawn, "took", s.now().Sub(begin))
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

// changes replaces the changes of a campaign by those of a stream of its posts.
func (s *Settle) changes(ctx context.Context, name string, c *change.Tracker) error {
	found := c.Finish()
	changed, withdrawn, err := s.store.ReplaceChanges(ctx, name, found)
	if err != nil {
		return err
	}
	s.metrics.tracking(c.Stats())
	s.metrics.changes.WithLabelValues("changed").Add(float64(changed))
	s.metrics.changes.WithLabelValues("withdrawn").Add(float64(withdrawn))
	return nil
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
