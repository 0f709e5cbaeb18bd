package storage

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/prometheus/client_golang/prometheus"

	"winnow/storage/schema"
	"winnow/storage/view"
)

// Options says how to reach ClickHouse.
type Options struct {
	// Writer and Reader are separate connections, so that a reader's settings
	// or load never reach the writer. Reader may be nil: then Writer's options
	// serve both, each with connections of its own.
	Writer, Reader *clickhouse.Options
	// Fresh, if not nil, is asked before the first table is made in a database
	// that is new; an error leaves it as it is and ends Open.
	Fresh func() error
	// Cluster is the name of the ClickHouse cluster that Writer leads to, over which
	// the tables are spread; empty for one server.
	Cluster string
	// Registerer receives the metrics; nil keeps none.
	Registerer prometheus.Registerer
	// Log receives what the operator should know; nil discards it.
	Log *slog.Logger
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Store is Winnow's database. It is safe for concurrent use.
type Store struct {
	write, read driver.Conn
	clustered   bool
	metrics     *metrics
	log         *slog.Logger
	now         func() time.Time
	versions    versionClock
	seen        *memory[accountKey, sighting]
	accountSeed maphash.Seed
	firsts      *memory[postKey, int64] // when posts were posted, Unix milliseconds
	buried      *buried
	// erasing is held by whoever uses the table "forgotten".
	erasing sync.Mutex
}

// Open brings the schema up to date and connects.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Reader == nil {
		o.Reader = o.Writer
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	cluster, err := prepare(ctx, &o)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, o, cluster); err != nil {
		return nil, err
	}
	s := &Store{clustered: cluster != nil, metrics: newMetrics(o.Registerer), log: o.Log, now: o.Now}
	s.seen, s.accountSeed = newMemory[accountKey, sighting](maxSightings, s.metrics.sightings), maphash.MakeSeed()
	s.firsts = newMemory[postKey, int64](maxFirsts, s.metrics.firsts)
	s.buried = newBuried()
	writer := copyOptions(o.Writer)
	// Rows of one insert that replace each other are merged later, with those of
	// other inserts, and not while the writer waits.
	writer.Settings["optimize_on_insert"] = 0
	if s.write, err = clickhouse.Open(writer); err != nil {
		return nil, fmt.Errorf("connecting to the store for writing: %w", err)
	}
	if s.read, err = clickhouse.Open(copyOptions(o.Reader)); err != nil {
		return nil, errors.Join(fmt.Errorf("connecting to the store for reading: %w", err), s.write.Close())
	}
	if err := s.restore(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// restore reads back what the writer keeps in memory.
func (s *Store) restore(ctx context.Context) error {
	var newest uint64
	if err := s.write.QueryRow(ctx, newestVersionSQL).Scan(&newest); err != nil {
		return fmt.Errorf("reading the newest version of the store: %w", err)
	}
	s.versions.raise(newest)
	if err := s.exhume(ctx); err != nil {
		return err
	}
	return s.warm(ctx)
}

// View is what people ask of the store, on the reader's connection: it ends
// with the store.
func (s *Store) View() *view.Reader { return view.New(s.read) }

// Ping asks the store for a sign of life.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.write.Ping(ctx); err != nil {
		return fmt.Errorf("asking the store for a sign of life: %w", err)
	}
	return nil
}

// Close ends the connections. What was written stays written.
func (s *Store) Close() error {
	return errors.Join(s.write.Close(), s.read.Close())
}

// Migrate makes the tables in the database of one server, or brings them up to date.
func Migrate(ctx context.Context, o *clickhouse.Options, log *slog.Logger) error {
	return migrate(ctx, Options{Writer: o, Log: log}, nil)
}

// migrate applies the migrations that the database has not seen.
func migrate(ctx context.Context, o Options, cluster *schema.Cluster) error {
	db := clickhouse.OpenDB(copyOptions(o.Writer))
	defer db.Close() //nolint:errcheck // nothing was written that Close could lose
	p, err := provider(db, cluster)
	if err != nil {
		return fmt.Errorf("preparing the schema: %w", err)
	}
	have, known, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("reading the version of the schema: %w", err)
	}
	if have > known {
		return fmt.Errorf("the store has schema version %d and this program knows up to %d: use the newer program that wrote it", have, known)
	}
	if have == 0 && o.Fresh != nil {
		if err := o.Fresh(); err != nil {
			return err
		}
	}
	o.Log.Debug("migrating", "from", have, "to", known)
	done, err := p.Up(ctx)
	if err != nil {
		return fmt.Errorf("bringing the schema up to date: %w", err)
	}
	if len(done) > 0 {
		o.Log.Info("schema brought up to date", "from", have, "to", known)
	}
	return nil
}

// copyOptions keeps clickhouse-go from filling defaults into the caller's value.
func copyOptions(o *clickhouse.Options) *clickhouse.Options {
	c := *o
	c.Settings = make(clickhouse.Settings, len(o.Settings))
	for k, v := range o.Settings {
		c.Settings[k] = v
	}
	return &c
}
