package feed

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"winnow/pipeline/feed/codec"
)

// Log is an open log. Its methods are safe for concurrent use.
type Log struct {
	o       Options
	codec   *codec.Codec
	metrics *metrics

	// server is nil if the log lives in an external server.
	server *server.Server
	nc     *nats.Conn
	js     jetstream.JetStream

	posts jetstream.Stream
	state jetstream.Stream
	// largest is the largest message that the log takes, in bytes.
	largest     int
	incarnation uint64

	// consuming is held by the one Consume that may run.
	consuming sync.Mutex
	closing   sync.Once
	// ready is true between Open and Close.
	ready atomic.Bool
}

// scrapeTimeout bounds what a scrape of the metrics waits for the log.
const scrapeTimeout = 2 * time.Second

// Position is a place in the log. Sequences are handed out again when a log
// lost its tail; together with the incarnation they never are.
type Position struct {
	// Incarnation changes each time a log is opened for writing, and grows.
	Incarnation uint64
	// Seq is the sequence of the message, from 1.
	Seq uint64
}

// Open opens the log, and makes it if there is none. ctx bounds the opening
// only.
func Open(ctx context.Context, o Options) (*Log, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	l := &Log{o: o}
	if err := l.open(ctx); err != nil {
		return nil, errors.Join(err, l.shutdown())
	}
	return l, nil
}

func (l *Log) open(ctx context.Context) (err error) {
	if l.metrics, err = newMetrics(l.o.Registerer, l.scrapeLag); err != nil {
		return fmt.Errorf("register the log's metrics: %w", err)
	}
	if l.codec, err = codec.New(); err != nil {
		return err
	}
	if l.o.URL != "" {
		l.nc, err = connectOutside(&l.o)
	} else if l.server, err = startServer(&l.o); err == nil {
		l.nc, err = connectInside(l.server)
	}
	if err != nil {
		return err
	}
	if l.js, err = jetstream.New(l.nc, jetstream.WithPublishAsyncTimeout(publishTimeout)); err != nil {
		return fmt.Errorf("set up JetStream: %w", err)
	}
	if err := l.openStreams(ctx); err != nil {
		return err
	}
	l.largest = int(min(l.nc.MaxPayload(), l.o.MaxBytes)) - headerRoom
	if l.incarnation, err = l.takeIncarnation(ctx); err != nil {
		return err
	}
	l.metrics.maxBytes.Set(float64(l.o.MaxBytes))
	l.ready.Store(true)
	return nil
}

// Close closes the log. Publishers must be flushed before and Consume must
// have returned. What is not acknowledged is there at the next Open.
func (l *Log) Close() error {
	var err error
	l.closing.Do(func() {
		l.ready.Store(false)
		err = l.shutdown()
	})
	return err
}

// shutdown takes down whatever is up.
func (l *Log) shutdown() error {
	var err error
	if l.nc != nil && !l.nc.IsClosed() {
		// Acknowledgements are sent without waiting for an answer.
		if err = l.nc.FlushTimeout(connectTimeout); err != nil {
			err = fmt.Errorf("close the log: flush: %w", err)
		}
		l.nc.Close()
	}
	if l.server != nil {
		l.server.Shutdown()
		l.server.WaitForShutdown()
	}
	if l.codec != nil {
		l.codec.Close()
	}
	return err
}

// Lag returns how many messages are not yet acknowledged, and how many bytes
// the log holds on disk. The bytes include messages that are acknowledged and
// not yet removed, some seconds' worth.
func (l *Log) Lag(ctx context.Context) (messages, bytes uint64, err error) {
	consumer, err := l.consumer(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("look at the log's lag: %w", err)
	}
	info, err := consumer.Info(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("look at the log's lag: %w", err)
	}
	stream, err := l.posts.Info(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("look at the log's lag: %w", err)
	}
	messages = info.NumPending + uint64(max(info.NumAckPending, 0))
	return messages, stream.State.Bytes, nil
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
	ticker := time.NewTicker(often)
	defer ticker.Stop()
	for {
		messages, _, err := l.Lag(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			return err
		}
		if messages == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-ticker.C:
		}
	}
}

func isNotFound(err error) bool {
	return errors.Is(err, jetstream.ErrMsgNotFound)
}
