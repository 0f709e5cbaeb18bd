package filtered

import (
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"winnow/collectors"
	"winnow/collectors/x/api"
	"winnow/collectors/x/filtered/recheck"
	"winnow/collectors/x/filtered/surge"
	"winnow/collectors/x/spend"
	"winnow/pipeline/post"
)

// Source is a filtered stream. It implements Source, Filler, Stateful, Prober
// and Spender of package collectors.
type Source struct {
	o       Options
	clock   *xClock
	client  *api.Client
	guard   *spend.Guard
	queue   *recheck.Queue
	metrics *metrics
	log     *slog.Logger
	// asked is nil unless one of the campaigns keeps evidence.
	asked *asked

	// heard is when a byte came last, in nanoseconds since 1970.
	heard atomic.Int64

	// The rest is used inside Stream only.

	// newest is the highest id that was delivered.
	newest uint64
	// percent is the sample in the rules that X holds, 0 if that is unknown.
	percent int
	// told says that what X cannot look for was logged already.
	told bool
	// exorcised is when ghost connections were closed last.
	exorcised time.Time
	// announced says that Out.Live was called in this Stream.
	announced bool
	// reading is until when posts are read at least, if they are only counted
	// otherwise; past is what was counted so far, by campaign.
	reading time.Time
	past    map[string]*surge.History
	// usage is when X was asked last what was used, lookAfter when look-ups may
	// go on; recalled says that stored posts were asked for.
	usage, lookAfter time.Time
	recalled         bool
}

// New returns a source. The error names what is wrong with the options.
func New(o Options) (*Source, error) {
	if err := o.complete(); err != nil {
		return nil, fmt.Errorf("set up X's filtered stream: %w", err)
	}
	guard, err := spend.New(spend.Options{Budget: o.Budget, Every: o.Every})
	if err != nil {
		return nil, fmt.Errorf("set up X's filtered stream: budget: %w", err)
	}
	clock := &xClock{now: o.Now}
	s := &Source{
		o:      o,
		clock:  clock,
		client: api.New(api.Options{Base: o.Base, HTTP: clock.watch(o.HTTP), Now: o.Now}),
		guard:  guard,
		queue:  recheck.New(o.LookUps),
		past:   map[string]*surge.History{},
		log:    o.Log.With(slog.String("source", o.Name)),
		asked:  newAsked(&o),
	}
	if s.metrics, err = newMetrics(o.Registerer, s); err != nil {
		return nil, fmt.Errorf("set up X's filtered stream: metrics: %w", err)
	}
	return s, nil
}

// Info implements collectors.Source.
func (s *Source) Info() collectors.Info {
	info := collectors.Info{
		Name: s.o.Name, Platform: post.X, Campaigns: s.o.Campaigns,
		Stall: s.o.Stall, Ladder: s.o.Ladder,
		Lookback: lookback, Backfill: s.o.Backfill,
	}
	if s.o.Redundant {
		info.Lookback, info.Backfill = 0, 0
	}
	return info
}

// State implements collectors.Stateful: what was spent.
func (s *Source) State() []byte { return s.guard.State() }

// Restore implements collectors.Stateful.
func (s *Source) Restore(state []byte) {
	if err := s.guard.Restore(state); err != nil {
		s.log.Warn("what was spent before the restart is not known", slog.Any("error", err))
	}
}

// Spend implements collectors.Spender.
func (s *Source) Spend() collectors.Spend { return s.guard.Spend(s.o.Now()) }

var (
	_ collectors.Filler   = (*Source)(nil)
	_ collectors.Stateful = (*Source)(nil)
	_ collectors.Prober   = (*Source)(nil)
	_ collectors.Spender  = (*Source)(nil)
)
