package feed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	// maxAckPending bounds the messages that are read and not acknowledged.
	maxAckPending = 128
	// maxPulled and maxPulledBytes bound one request for messages. The bytes
	// leave room for the largest message there can be.
	maxPulled      = 64
	maxPulledBytes = maxPayload + headerRoom
	// settleTimeout bounds the last look at the log when Consume ends.
	settleTimeout = 5 * time.Second
)

// Message is a batch read from the log.
type Message struct {
	Batch    Batch
	Position Position
	// Size is what the batch takes in the log, in bytes.
	Size int
}

// errInterrupted says that messages were lost on their way here.
var errInterrupted = errors.New("reading the log was interrupted")

// delivery is a message on its way to the handler, decoded ahead, or the error
// that ended reading.
type delivery struct {
	msg   jetstream.Msg
	batch Message
	err   error
}

// Consume calls handler with every message that is not yet acknowledged, in
// the log's order, one at a time, and acknowledges a message when handler
// returned nil for it. When handler fails, it is called with the same message
// again, after a pause, until ctx ends: no message is dropped or skipped.
//
// It returns nil when ctx ends. It returns an error if a message cannot be
// decoded (ErrDamaged, naming the sequence), if the embedded log fails, or if
// the log is closed; a lost external server is waited for. One Consume runs at
// a time.
//
// A message may come again after a crash: handler must not mind.
func (l *Log) Consume(ctx context.Context, handler func(context.Context, Message) error) error {
	if !l.consuming.TryLock() {
		return fmt.Errorf("read the log: %w: it is being read already", ErrInvalid)
	}
	defer l.consuming.Unlock()

	for attempt := 1; ; attempt++ {
		started := time.Now()
		s := session{log: l, handler: handler, trim: newTrimmer(l)}
		err := s.run(ctx)
		if ctx.Err() != nil {
			// What was interrupted has nothing to say any more.
			return s.settle(ctx)
		}
		if errors.Is(err, ErrDamaged) || errors.Is(err, ErrClosed) || l.server != nil && !errors.Is(err, errInterrupted) {
			return fmt.Errorf("read the log: %w", err)
		}
		if time.Since(started) > time.Minute {
			attempt = 1
		}
		l.metrics.restarts.Inc()
		l.o.Logger.Warn("reading the log was interrupted; starting again at the acknowledged position", "attempt", attempt, "error", err)
		if !wait(ctx, l.o.Backoff(attempt)) {
			return nil
		}
	}
}

// session reads the log over one undisturbed subscription.
type session struct {
	log     *Log
	handler func(context.Context, Message) error
	trim    *trimmer
	// last is the message before the next one.
	last before
}

// before is what is known of the message before the next one.
type before struct {
	at Position
	// delivered counts the deliveries of the consumer, repeated ones included.
	delivered uint64
}

func (s *session) run(ctx context.Context) error {
	consumer, err := s.start(ctx)
	if err != nil {
		return err
	}
	if s.last.at.Incarnation, err = s.trim.leftOver(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	// One batch decoded ahead: while one is handled the next is decoded.
	ahead := make(chan delivery, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(ahead)
		s.read(ctx, consumer, ahead)
	}()
	defer func() {
		cancel()
		<-done
	}()
	return s.handleAll(ctx, ahead)
}

// start returns the consumer, set back to the first message that is not
// acknowledged: what was delivered to a process that is gone would otherwise
// come late and out of order.
func (s *session) start(ctx context.Context) (jetstream.Consumer, error) {
	l := s.log
	consumer, err := l.consumer(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the consumer: %w", err)
	}
	info, err := consumer.Info(ctx)
	if err != nil {
		return nil, fmt.Errorf("look at the consumer: %w", err)
	}
	stream, err := l.posts.Info(ctx)
	if err != nil {
		return nil, fmt.Errorf("look at the stream: %w", err)
	}
	// A log that lost its tail may be behind what was acknowledged.
	floor := min(info.AckFloor.Stream, stream.State.LastSeq)
	reset, err := l.js.ResetConsumerToSequence(ctx, postsStream, consumerName, floor+1)
	if err != nil {
		return nil, fmt.Errorf("set the consumer back to message %d: %w; an external server must be NATS 2.14 or later", floor+1, err)
	}
	s.trim.acked = floor
	// What lies before the first message was trimmed, so it was acknowledged,
	// even if the consumer forgot.
	s.last = before{at: Position{Seq: max(floor+1, stream.State.FirstSeq) - 1}, delivered: reset.Delivered.Consumer}
	return consumer, nil
}

// read decodes ahead of the handler until ctx ends or reading fails. It asks
// for a bounded number of messages at a time, and for more when it has them
// all: the library's endless iterator drops messages when they come faster
// than they are decoded.
func (s *session) read(ctx context.Context, consumer jetstream.Consumer, ahead chan<- delivery) {
	for {
		request, cancel := context.WithCancel(ctx)
		batch, err := consumer.Fetch(maxPulled, jetstream.FetchContext(request), jetstream.FetchMaxBytes(maxPulledBytes))
		if err == nil {
			for msg := range batch.Messages() {
				d := s.open(msg)
				if d.msg == nil && d.err == nil {
					continue
				}
				select {
				case ahead <- d:
				case <-ctx.Done():
				}
				if d.err != nil || ctx.Err() != nil {
					cancel()
					return
				}
			}
			err = batch.Error()
		}
		cancel()
		if err != nil {
			if s.log.nc.IsClosed() {
				err = ErrClosed
			}
			select {
			case ahead <- delivery{err: fmt.Errorf("ask for messages: %w", err)}:
			case <-ctx.Done():
			}
			return
		}
	}
}

// open decodes a message. It returns an empty delivery for one that came again
// while it waits in line here.
func (s *session) open(msg jetstream.Msg) delivery {
	meta, err := msg.Metadata()
	if err != nil {
		return delivery{err: fmt.Errorf("%w: %w", errInterrupted, err)}
	}
	s.last.delivered++
	if meta.Sequence.Consumer != s.last.delivered {
		return delivery{err: fmt.Errorf("%w: delivery %d came instead of %d", errInterrupted, meta.Sequence.Consumer, s.last.delivered)}
	}
	seq := meta.Sequence.Stream
	if seq <= s.last.at.Seq {
		return delivery{}
	}
	incarnation, err := number(msg.Headers(), headerIncarnation)
	if err != nil {
		return delivery{err: s.log.damage(fmt.Errorf("message %d: %w", seq, err))}
	}
	if err := s.log.checkHole(s.last.at, Position{Incarnation: incarnation, Seq: seq}); err != nil {
		return delivery{err: err}
	}
	s.last.at = Position{Incarnation: incarnation, Seq: seq}
	head, posts, deletions, err := s.log.codec.Decode(msg.Data())
	if err != nil {
		return delivery{err: s.log.damage(fmt.Errorf("message %d: %w", seq, err))}
	}
	return delivery{msg: msg, batch: Message{
		Batch: Batch{
			Source: head.Source, Campaign: head.Campaign, Cursor: head.Cursor,
			Posts: posts, Deletions: deletions,
		},
		Position: s.last.at,
		Size:     len(msg.Data()),
	}}
}

// handleAll takes what was read to the handler, and trims in between.
func (s *session) handleAll(ctx context.Context, ahead <-chan delivery) error {
	ticker := time.NewTicker(s.log.o.TrimEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			if err := s.trim.trim(ctx); err != nil {
				return err
			}
		case d, more := <-ahead:
			if !more {
				return nil
			}
			if d.err != nil {
				return d.err
			}
			if !s.handle(ctx, d.batch) {
				return nil
			}
			if err := d.msg.Ack(); err != nil {
				return fmt.Errorf("acknowledge message %d: %w", d.batch.Position.Seq, err)
			}
			s.log.metrics.acks.Inc()
			s.trim.note(d.batch.Batch.Source, mark{cursor: d.batch.Batch.Cursor, at: d.batch.Position}, d.batch.Size)
			if s.trim.due() {
				if err := s.trim.trim(ctx); err != nil {
					return err
				}
			}
		}
	}
}

// handle calls the handler until it succeeds. It reports false if ctx ended
// first.
func (s *session) handle(ctx context.Context, m Message) bool {
	for attempt := 1; ctx.Err() == nil; attempt++ {
		err := s.handler(ctx, m)
		if err == nil {
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		pause := s.log.o.Backoff(attempt)
		s.log.metrics.retries.Inc()
		s.log.o.Logger.Warn("a message of the log could not be handled; trying again",
			"seq", m.Position.Seq, "attempt", attempt, "pause", pause, "error", err)
		if !wait(ctx, pause) {
			return false
		}
	}
	return false
}

// settle makes sure that the log knows what was acknowledged, so that it does
// not come again at the next start. Where the log cannot be asked any more it
// comes again, which is no harm.
func (s *session) settle(ctx context.Context) error {
	if s.trim.noted == 0 || s.log.nc.IsClosed() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	for {
		err := s.trim.trim(ctx)
		if err == nil && s.trim.acked >= s.trim.noted {
			return nil
		}
		if err != nil || !wait(ctx, time.Millisecond) {
			s.log.o.Logger.Warn("the last acknowledgements may not have reached the log; their messages will come again", "error", err)
			return nil
		}
	}
}

// wait pauses for d. It reports false if ctx ended first.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
