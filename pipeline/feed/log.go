package feed

import (
	"context"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"winnow/pipeline/feed/codec"
	"winnow/pipeline/feed/stream"
)

// Log is an open log. Its methods are safe for concurrent use.
type Log struct {
	o       Options
	codec   *codec.Codec
	metrics *metrics
	store   *stream.Store

	// consuming is held by the one Consume that may run.
	consuming sync.Mutex
	closing   sync.Once
	// publishing is held for reading by whoever publishes, for writing by Quiet.
	publishing sync.RWMutex
	// ready is true between Open and Close.
	ready atomic.Bool
}

// scrapeTimeout bounds what a scrape of the metrics waits for the log.
const scrapeTimeout = 2 * time.Second

// Open opens the log, and makes it if there is none. ctx bounds the opening
// only.
func Open(ctx context.Context, o Options) (*Log, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	l := &Log{o: o}
	if l.metrics, err = newMetrics(o.Registerer, l.scrapeLag); err != nil {
		return nil, fmt.Errorf("register the log's metrics: %w", err)
	}
	if l.codec, err = codec.New(); err != nil {
		return nil, err
	}
	l.store, err = stream.Open(ctx, stream.Options{Dir: o.Dir, URL: o.URL, MaxBytes: o.MaxBytes, Now: o.Now, After: o.After, Logger: o.Logger})
	if err != nil {
		l.codec.Close()
		return nil, err
	}
	l.metrics.maxBytes.Set(float64(o.MaxBytes))
	l.ready.Store(true)
	return l, nil
}

// Made reports whether there is an embedded log in a directory.
func Made(dir string) (bool, error) { return stream.Made(dir) }

// Close closes the log. Publishers must be flushed before and Consume must
// have returned. What is not acknowledged is there at the next Open.
func (l *Log) Close() error {
	var err error
	l.closing.Do(func() {
		l.ready.Store(false)
		err = l.store.Close()
		l.codec.Close()
	})
	return err
}

// Lag returns how many messages are not yet acknowledged, and how many bytes
// the log holds on disk. The bytes include messages that are acknowledged and
// not yet removed, some seconds' worth.
func (l *Log) Lag(ctx context.Context) (messages, bytes uint64, err error) {
	return l.store.Lag(ctx)
}

// scrapeLag is Lag for the metrics, which may be asked before and after the log
// is open.
func (l *Log) scrapeLag() (messages, bytes float64) {
	if !l.ready.Load() {
		return math.NaN(), math.NaN()
	}
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	m, b, err := l.Lag(ctx)
	if err != nil {
		return math.NaN(), math.NaN()
	}
	return float64(m), float64(b)
}

// WaitDrained waits until everything in the log is acknowledged. It returns
// the cause of ctx's end if that comes first.
func (l *Log) WaitDrained(ctx context.Context) error {
	const often = 20 * time.Millisecond
	for {
		messages, _, err := l.Lag(ctx)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil, messages == 0:
			return err
		}
		wait(ctx, often)
	}
}
