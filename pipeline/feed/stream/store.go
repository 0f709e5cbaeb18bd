package stream

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Options says where the messages live. All of it is required, but for one of
// Dir and URL.
type Options struct {
	// Dir is the directory of the embedded server, which has one owner at a
	// time.
	Dir string
	// URL, unless empty, is that of an external server to use instead.
	URL string
	// MaxBytes is how much is held before what is new is refused, in bytes.
	MaxBytes int64
	// Now is the clock that incarnations are made of.
	Now func() time.Time
	// After is an incarnation that others remember of an earlier log, such as one that was
	// removed; zero for none. What comes is after it, whatever the clock says.
	After uint64
	// Logger takes what the NATS server and client have to say.
	Logger *slog.Logger
}

// Store is a running NATS with the log's streams. Its methods are safe for
// concurrent use.
type Store struct {
	// Conn, JS and Posts are NATS's own handles: the connection, JetStream, and
	// the stream of batches.
	Conn  *nats.Conn
	JS    jetstream.JetStream
	Posts jetstream.Stream
	// Incarnation is this opening's number, higher than that of any before.
	Incarnation uint64
	// Largest is the largest payload that is taken, in bytes.
	Largest int

	o      Options
	state  jetstream.Stream
	broken *breakage
	// server is nil if the messages live in an external server.
	server *server.Server
}

// Open starts or reaches the server, and makes the streams if there are none.
// ctx bounds the opening only.
func Open(ctx context.Context, o Options) (*Store, error) {
	s := &Store{o: o, broken: newBreakage()}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) (err error) {
	if s.o.URL != "" {
		s.Conn, err = connectOutside(&s.o)
	} else if s.server, err = startServer(&s.o, s.broken); err == nil {
		s.Conn, err = connectInside(s.server)
	}
	if err != nil {
		return err
	}
	if s.JS, err = jetstream.New(s.Conn, jetstream.WithPublishAsyncTimeout(publishTimeout)); err != nil {
		return fmt.Errorf("set up JetStream: %w", err)
	}
	if err := s.openStreams(ctx); err != nil {
		return err
	}
	s.Largest = int(min(s.Conn.MaxPayload(), s.o.MaxBytes)) - headerRoom
	if s.Incarnation, err = s.takeIncarnation(ctx); err != nil {
		return err
	}
	if s.Posts.CachedInfo().State.LastSeq > 0 {
		return nil
	}
	// A new log: from here on it is known what was removed.
	if _, known, err := s.trimmed(ctx); known || err != nil {
		return err
	}
	return s.KeepTrimmed(ctx, Position{Incarnation: s.Incarnation})
}

// Close takes down whatever is up. Nothing may be under way.
func (s *Store) Close() error {
	var err error
	if s.Conn != nil && !s.Conn.IsClosed() {
		// Acknowledgements are sent without waiting for an answer.
		if err = s.Conn.FlushTimeout(connectTimeout); err != nil {
			err = fmt.Errorf("close the log: flush: %w", err)
		}
		s.Conn.Close()
	}
	if s.server != nil {
		s.server.Shutdown()
		s.server.WaitForShutdown()
	}
	return err
}

// Embedded says whether the server runs in this process.
func (s *Store) Embedded() bool { return s.server != nil }

// Broken is closed when the embedded server could not write to its disk, which
// ends its work; Breakage then says how.
func (s *Store) Broken() <-chan struct{} { return s.broken.done }

// Breakage is ErrUnwritable with its circumstances, once Broken is closed.
func (s *Store) Breakage() error {
	select {
	case <-s.broken.done:
		return s.broken.err
	default:
		return nil
	}
}

// Lag returns how many messages are not yet acknowledged, and how many bytes
// are held on disk, messages included that are not yet removed.
func (s *Store) Lag(ctx context.Context) (messages, bytes uint64, err error) {
	consumer, err := s.consumer(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("look at the log's lag: %w", err)
	}
	stream, err := s.Posts.Info(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("look at the log's lag: %w", err)
	}
	// Counted from the stream's end, as the consumer learns of a message only a
	// moment after it was published.
	state := &stream.State
	next := max(consumer.CachedInfo().AckFloor.Stream+1, state.FirstSeq)
	return max(state.LastSeq+1, next) - next, state.Bytes, nil
}

// Acked returns the sequence up to which all messages are acknowledged.
func (s *Store) Acked(ctx context.Context) (uint64, error) {
	consumer, err := s.consumer(ctx)
	if err != nil {
		return 0, fmt.Errorf("find the consumer: %w", err)
	}
	return consumer.CachedInfo().AckFloor.Stream, nil
}

// Remove removes the messages up to seq.
func (s *Store) Remove(ctx context.Context, seq uint64) error {
	if err := s.Posts.Purge(ctx, jetstream.WithPurgeSequence(seq+1)); err != nil {
		return fmt.Errorf("remove messages up to %d: %w", seq, err)
	}
	return nil
}

// Damage says where damaged messages lie and what to do.
func (s *Store) Damage(err error) error {
	if !s.Embedded() {
		return fmt.Errorf("%w (stream %s): restore the stream, or remove it and take its posts in again", err, PostsStream)
	}
	return fmt.Errorf("%w (in %s): check the disk, then move that directory away and take its posts in again", err, s.o.Dir)
}
