package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"winnow/cmd/config"
	"winnow/cmd/control"
	"winnow/cmd/suppressed"
	"winnow/collectors"
	"winnow/dashboards/desk/report"
	"winnow/dashboards/notify"
	"winnow/pipeline"
	"winnow/pipeline/campaign"
	"winnow/pipeline/feed"
	"winnow/storage"
	"winnow/storage/embedded"
	"winnow/storage/evidence/witness"
	"winnow/storage/view"
)

// Deps is what the app needs from outside.
type Deps struct {
	// Version is shown on pages and in metrics.
	Version string
	// EngineCommand is the command line that runs this program as the
	// embedded engine.
	EngineCommand []string
	// Campaigns replaces those of the configuration if not nil (the demo).
	Campaigns []campaign.Campaign
	// Demo marks every page as showing synthetic posts.
	Demo bool
	// Log is never nil; Now is the clock.
	Log *slog.Logger
	Now func() time.Time
	// Progress, if not nil, is told what takes long (fetching the engine).
	Progress io.Writer
}

// App is one owner of a data directory.
type App struct {
	cfg     config.Config
	deps    Deps
	matcher *campaign.Matcher
	metrics *prometheus.Registry
	// service is what runs this app and may put another in its place; nil if nothing
	// does.
	service *Service
}

// New checks the configuration and starts nothing.
func New(cfg config.Config, deps Deps) (*App, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	campaigns := deps.Campaigns
	if campaigns == nil {
		campaigns = cfg.CampaignList()
	}
	m, err := campaign.NewMatcher(campaigns)
	if err != nil {
		return nil, fmt.Errorf("reading the campaigns: %w", err)
	}
	return &App{cfg: cfg, deps: deps, matcher: m, metrics: newRegistry(deps.Version)}, nil
}

// Role says which parts run besides log, store and ingest.
type Role struct {
	// Desk serves the pages; Settle keeps findings and buckets current all
	// the time, and not only on Drain; Collect runs the live sources; Notify tells the
	// configured receivers.
	Desk, Settle, Collect, Notify bool
	// AnyPort lets the desk take any free port if its own is in use.
	AnyPort bool
	// Ready is called once everything is up, with the address of the desk.
	Ready func(deskURL string)
}

// Running is an app at work. It is the control.Owner of its data directory.
type Running struct {
	log    *feed.Log
	store  *storage.Store
	ingest *pipeline.Ingest
	settle *pipeline.Settle
	// live looks after the live sources; nil if there are none.
	live *collectors.Supervisor
	// entrance is how people come to the desk; nil if there is none.
	entrance *entrance
	// notifier tells people who are not there; nil if nobody is to be told.
	notifier *notify.Notifier
	// about is what all reports have in common, now the clock that they are made by.
	about report.Options
	now   func() time.Time
	// exporter makes bundles, keeping looks after what was received; nil if nothing is kept.
	exporter *exporter
	keeping  *pipeline.Evidence
	// witnesses shows heads of what was received; nil if it shows them to nobody.
	witnesses *witness.Schedule

	dataDir string
	matcher *campaign.Matcher
	logger  *slog.Logger
	stop    context.CancelFunc
	// suppressed are those who are not to be collected, records where posts lie as they
	// were received.
	suppressed *suppressed.List
	records    []recordKeeper
	// writing is held for reading by whoever writes posts, forgetting by the one who
	// erases.
	writing    sync.RWMutex
	forgetting sync.Mutex
}

var _ control.Owner = (*Running)(nil)

// Run owns the data directory until ctx ends, or until work returns if there
// is any, then stops everything in order and returns the first error.
// Stopping because ctx ended is no error of Run, but may be one of work.
func (a *App) Run(ctx context.Context, role Role, work func(ctx context.Context, r *Running) error) (err error) {
	lock, err := control.Lock(a.cfg.DataDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()

	var door *entrance
	if role.Desk {
		if door, err = a.openEntrance(); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, door.close()) }()
	}

	store, engine, closeStore, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeStore()) }()

	if err := store.Declare(ctx, a.matcher.Campaigns()); err != nil {
		return err
	}
	unwanted, err := a.suppressedList()
	if err != nil {
		return err
	}
	kept, err := a.openEvidence()
	if err != nil {
		return err
	}
	if kept != nil {
		defer func() { err = errors.Join(err, kept.Close()) }()
	}
	log, err := feed.Open(ctx, feed.Options{
		After:      kept.Incarnation(),
		Dir:        a.logDir(),
		URL:        a.cfg.Log.URL.Reveal(),
		MaxBytes:   int64(a.cfg.Log.MaxBytes),
		Version:    a.deps.Version,
		Registerer: a.metrics,
		Logger:     a.deps.Log,
	})
	if err != nil {
		return fmt.Errorf("opening the log: %w", err)
	}
	defer func() { err = errors.Join(err, log.Close()) }()

	coming := pipeline.NewArrivals()
	r := &Running{
		log:      log,
		store:    store,
		ingest:   pipeline.NewIngest(a.matcher, store, coming, a.metrics, a.deps.Log, a.deps.Now),
		settle:   pipeline.NewSettle(store, a.matcher, coming, a.metrics, a.deps.Log, a.deps.Now),
		entrance: door,
		about:    a.aboutReports(),
		now:      a.deps.Now,
		dataDir:  a.cfg.DataDir, matcher: a.matcher, logger: a.deps.Log, suppressed: unwanted,
	}
	if kept != nil {
		r.keeping = a.keeping(kept, store)
		r.ingest.KeepEvidence(r.keeping)
		r.records = append(r.records, keptRecords{kept})
		if role.Notify {
			if r.witnesses, err = a.witnesses(kept); err != nil {
				return err
			}
		}
	}
	r.exporter = a.newExporter(store.View(), kept)
	if engine != nil {
		watchEngine(a.metrics, engine, a.cfg.Engine.Memory)
	}
	return a.run(ctx, role, r, engine, work)
}

// logDir is where the embedded log lives.
func (a *App) logDir() string { return filepath.Join(a.cfg.DataDir, "log") }

// run joins the loops. Each of them returns nil when its context ends.
func (a *App) run(ctx context.Context, role Role, r *Running, engine *embedded.Engine, work func(context.Context, *Running) error) error {
	socket, err := control.Listen(a.cfg.DataDir)
	if err != nil {
		return err
	}
	var live []collectors.Source
	if role.Collect && a.cfg.Collectors.Any() {
		if live, err = a.sources(r.store, a.metrics); err != nil {
			return errors.Join(err, socket.Close())
		}
		r.live = collectors.New(collectors.Options{Log: r.log, Now: a.deps.Now, Registerer: a.metrics, Logger: a.deps.Log})
	}
	if role.Notify {
		if r.notifier, err = a.notifier(r); err != nil {
			return errors.Join(err, socket.Close())
		}
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	r.stop = stop
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return control.Serve(ctx, socket, r, a.deps.Log) })
	g.Go(func() error { return untilEnd(ctx, r.log.Consume(ctx, r.handle)) })
	if engine != nil {
		g.Go(func() error { return watch(ctx, engine) })
	}
	if role.Settle {
		g.Go(func() error { return r.settle.Run(ctx) })
	}
	if role.Settle && r.keeping != nil {
		g.Go(func() error { return r.keeping.Run(ctx) })
	}
	if r.witnesses != nil {
		g.Go(func() error { return r.witnesses.Run(ctx) })
	}
	if len(live) > 0 {
		g.Go(func() error { return r.live.Run(ctx, live...) })
	}
	if r.notifier != nil {
		g.Go(func() error { return r.notifier.Run(ctx) })
	}
	url := ""
	if role.Desk {
		desk, err := a.listenDesk(ctx, r, role.AnyPort)
		if err != nil {
			stop()
			return errors.Join(err, g.Wait())
		}
		url = desk.url
		g.Go(func() error { return desk.serve(ctx) })
	}
	if role.Ready != nil {
		role.Ready(url)
	}
	if work != nil {
		g.Go(func() error {
			defer stop()
			return work(ctx, r)
		})
	}
	return g.Wait()
}

// untilEnd turns the end of a context into success.
func untilEnd(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// Publish puts a batch into the log.
func (r *Running) Publish(ctx context.Context, b feed.Batch) error { return r.log.Publish(ctx, b) }

// Publisher returns a publisher for one source that prepares a batch while the
// one before is on its way into the log.
func (r *Running) Publisher() *feed.Publisher { return r.log.Publisher() }

// Cursor returns where a source stopped.
func (r *Running) Cursor(ctx context.Context, source string) ([]byte, bool, error) {
	return r.log.Cursor(ctx, source)
}

// WaitStored waits until the log is empty: everything published is stored.
func (r *Running) WaitStored(ctx context.Context) error {
	if err := r.log.WaitDrained(ctx); err != nil {
		return fmt.Errorf("waiting for the log to drain: %w", err)
	}
	return nil
}

// Drain waits until everything is stored, then settles what is marked.
func (r *Running) Drain(ctx context.Context) error {
	if err := r.WaitStored(ctx); err != nil {
		return err
	}
	return r.settle.Drain(ctx)
}

// Query runs a reading statement in the store.
func (r *Running) Query(ctx context.Context, sql, format string) (io.ReadCloser, error) {
	return r.store.View().Query(ctx, sql, format)
}

// Rebuild settles what is marked, then computes buckets anew, or checks those stored.
func (r *Running) Rebuild(ctx context.Context, o storage.Rebuilding) (storage.Rebuilt, error) {
	if err := r.settle.Drain(ctx); err != nil {
		return storage.Rebuilt{}, err
	}
	return r.store.Rebuild(ctx, o)
}

// View answers what people ask of the store.
func (r *Running) View() *view.Reader { return r.store.View() }

// Stored is how many rows were written since the start.
func (r *Running) Stored() int64 { return r.ingest.Stored() }

// Lag is how many messages of the log wait to be stored.
func (r *Running) Lag(ctx context.Context) (uint64, error) {
	n, _, err := r.log.Lag(ctx)
	return n, err
}
