package collectors

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"winnow/collectors/ledger"
	"winnow/collectors/outbox"
	"winnow/pipeline/campaign"
	"winnow/pipeline/feed"
)

// Log is where posts are safe. feed.Log is one.
type Log interface {
	// Publish returns when the log has the batch; the errors are feed's.
	Publish(ctx context.Context, b feed.Batch) error
	// Cursor returns that of the last batch of a source that had one.
	Cursor(ctx context.Context, source string) ([]byte, bool, error)
}

// Options is what a Supervisor needs. Only Log is required.
type Options struct {
	Log Log
	// Now is the wall clock; time.Now if nil.
	Now func() time.Time
	// Rand returns a number from 0 to 1, for waits; math/rand's if nil.
	Rand func() float64
	// Registerer takes the metrics; nil for none.
	Registerer prometheus.Registerer
	// Logger takes what happens to the sources; nil for silence.
	Logger *slog.Logger
	// Buffer is how many posts of one source may wait for the log; 20,000 if
	// zero.
	Buffer int
	// Flush is how long posts wait for others to share a message with; 250 ms
	// if zero.
	Flush time.Duration
	// Beat is how exactly the log knows until when a live source was covered,
	// should the process be killed; 2 s if zero.
	Beat time.Duration
}

// grace is how long after the end of its context Run tries to get into the log
// what came before; streams have half of it to end.
const grace = 10 * time.Second

// logPause is how long to wait before a log that did not answer is asked again.
const logPause = 100 * time.Millisecond

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Buffer <= 0 {
		o.Buffer = 20_000
	}
	if o.Flush <= 0 {
		o.Flush = 250 * time.Millisecond
	}
	if o.Beat <= 0 {
		o.Beat = 2 * time.Second
	}
	return o
}

// slack is how long before the last sign of life posts may have been on their
// way and lost.
func (o *Options) slack() time.Duration { return (o.Beat / 4).Truncate(time.Millisecond) }

// beat is how often to publish so that slack, beat and the time that
// publishing takes come to no more than Beat.
func (o *Options) beat() time.Duration { return o.Beat / 2 }

// Supervisor keeps sources going and their account.
type Supervisor struct {
	options Options
	metrics *metrics
	err     error

	mu      sync.Mutex
	keepers []*keeper
}

// New returns a Supervisor. What is wrong with its options, Run says.
func New(o Options) *Supervisor {
	s := &Supervisor{options: o.withDefaults()}
	s.metrics, s.err = newMetrics(o.Registerer)
	if o.Log == nil {
		s.err = errors.Join(s.err, errors.New("the supervisor of the sources has no log"))
	}
	return s
}

// Status returns how the sources are, in the order given to Run.
func (s *Supervisor) Status() []Status {
	s.mu.Lock()
	keepers := s.keepers
	s.mu.Unlock()
	all := make([]Status, 0, len(keepers))
	for _, k := range keepers {
		all = append(all, k.now())
	}
	return all
}

// Run keeps the sources going until ctx ends, and is called once. It returns
// nil when everything that came is in the log; an error if a source's account
// in the log cannot be read, if two sources share a name, or if not everything
// came into the log within ten seconds after the end of ctx. A source that the
// operator must mend ends alone; the others go on.
func (s *Supervisor) Run(ctx context.Context, sources ...Source) error {
	if s.err != nil {
		return fmt.Errorf("start the sources: %w", s.err)
	}
	clk := newClock(s.options.Now)
	keepers, err := s.load(ctx, clk, sources)
	if err != nil {
		if ctx.Err() != nil {
			return nil // nothing came yet
		}
		return fmt.Errorf("start the sources: %w", err)
	}
	s.mu.Lock()
	s.keepers = keepers
	s.mu.Unlock()

	writing, abandon := context.WithCancel(context.WithoutCancel(ctx))
	defer abandon()
	stop := make(chan struct{})
	var streams, publishers, watch sync.WaitGroup
	errs := make([]error, len(keepers))
	clk.look() // the log may have taken its time to answer
	for i, k := range keepers {
		streams.Go(func() { k.live(ctx) })
		publishers.Go(func() { errs[i] = k.box.Run(writing, stop) })
	}
	watching, blind := context.WithCancel(writing)
	watch.Go(func() {
		clk.watch(watching, func() { each(keepers, (*keeper).show) }, func() { each(keepers, (*keeper).slept) })
	})

	<-ctx.Done()
	over := time.AfterFunc(grace, abandon)
	defer over.Stop()
	left := !within(&streams, grace/2)
	each(keepers, (*keeper).finish)
	close(stop)
	publishers.Wait()
	blind()
	watch.Wait()
	each(keepers, (*keeper).show)
	if left {
		errs = append(errs, errors.New("a source did not end when it was told to"))
	}
	return errors.Join(errs...)
}

func each(keepers []*keeper, do func(*keeper)) {
	for _, k := range keepers {
		do(k)
	}
}

// within waits for a group, and reports whether it ended in time.
func within(group *sync.WaitGroup, most time.Duration) bool {
	done := make(chan struct{})
	go func() {
		group.Wait()
		close(done)
	}()
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}

// live runs stream and fills of a source until both ended.
func (k *keeper) live(ctx context.Context) {
	ctx, end := context.WithCancel(ctx)
	defer end()
	var fills sync.WaitGroup
	fills.Go(func() { k.runFills(ctx) })
	k.run(ctx)
	end() // a source that ended asks for nothing more
	fills.Wait()
}

// load reads the sources' accounts from the log and goes on with them.
func (s *Supervisor) load(ctx context.Context, clk *clock, sources []Source) ([]*keeper, error) {
	names := map[string]bool{}
	keepers := make([]*keeper, 0, len(sources))
	for _, source := range sources {
		info := source.Info()
		if names[info.Name] {
			return nil, fmt.Errorf("two sources are called %q: name them apart in the configuration", info.Name)
		}
		names[info.Name] = true
		k, err := s.keeper(ctx, clk, source, info)
		if err != nil {
			return nil, err
		}
		keepers = append(keepers, k)
	}
	return keepers, nil
}

func (s *Supervisor) keeper(ctx context.Context, clk *clock, source Source, info Info) (*keeper, error) {
	o := &s.options
	k := &keeper{
		source: source, info: info, clock: clk, rand: o.Rand,
		logger:  o.Logger.With("source", info.Name),
		metrics: s.metrics.of(info.Name, o.Buffer),
		climb:   newClimb(info.Ladder, o.Rand),
		wake:    make(chan struct{}, 1),
	}
	past, err := k.past(ctx, o.Log)
	if err != nil {
		return nil, err
	}
	_, fills := source.(Filler)
	hashes := make(map[string]string, len(info.Campaigns))
	for i := range info.Campaigns {
		hashes[info.Campaigns[i].Name] = hashOf(&info.Campaigns[i])
	}
	now := clk.moment()
	var rows ledger.Rows
	k.ledger, rows, err = ledger.New(ledger.Config{
		Source: info.Name, Platform: info.Platform, Campaigns: hashes,
		Fills: fills && info.Lookback > 0, Lookback: info.Lookback, Backfill: info.Backfill,
		Slack: o.slack(), Closed: k.metrics.closed,
	}, past, now)
	if err != nil {
		return nil, err
	}
	k.status = Status{Source: info.Name, Platform: info.Platform, State: Connecting, Since: now.Wall}
	box := outbox.Options{
		Log: o.Log, Source: info.Name, Logger: k.logger, Posts: o.Buffer, Flush: o.Flush, Beat: o.beat(),
		Mark: k.mark, Dropped: k.metrics.discarded.Inc,
	}
	if _, ok := source.(Enricher); ok {
		box.Enrich = k.enrich
	}
	stateful, keeps := source.(Stateful)
	if keeps {
		box.State = k.state
	}
	k.box = outbox.New(box)
	k.box.Push(outbox.Item{Rows: rows, Mark: k.ledger.Mark()})
	if keeps && past != nil && past.State != nil {
		k.kept = past.State
		if err := k.guard("restore", func() error {
			stateful.Restore(past.State)
			return nil
		}); err != nil {
			return nil, fmt.Errorf("source %s: %w", info.Name, err)
		}
	}
	return k, nil
}

// past reads the account of a source, nil if there is none. A log that does not
// answer is asked until ctx ends.
func (k *keeper) past(ctx context.Context, log Log) (*ledger.Envelope, error) {
	pause := logPause
	for failing := false; ; failing = true {
		data, found, err := log.Cursor(ctx, k.info.Name)
		if err == nil {
			if !found || len(data) == 0 {
				return nil, nil
			}
			past, err := ledger.Decode(k.info.Name, data)
			if err != nil {
				return nil, fmt.Errorf("source %s: %w", k.info.Name, err)
			}
			return past, nil
		}
		if !failing {
			k.logger.Warn("the log does not say where the source goes on, it is asked again", "error", err)
		}
		if err := Sleep(ctx, pause); err != nil {
			return nil, err
		}
		pause = min(2*pause, 50*logPause)
	}
}

// show sets the gauges.
func (k *keeper) show() {
	now := k.now()
	k.metrics.show(&now, k.box.Posts())
}

// hashOf returns a hash of what a campaign asks a platform for. The order in
// which its words are written down changes nothing.
func hashOf(c *campaign.Campaign) string {
	sorted := func(s []string) []string { return slices.Compact(slices.Sorted(slices.Values(s))) }
	protected := make([]string, 0, len(c.Protected))
	for _, p := range c.Protected {
		protected = append(protected, string(p.Platform)+"/"+p.Account)
	}
	data, err := json.Marshal([][]string{sorted(c.Tags), sorted(c.Terms), sorted(protected)})
	if err != nil {
		return "" // strings can be marshalled
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}
