package feed

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"winnow/pipeline/feed/stream"
)

// settleTimeout bounds the last look at the log when Consume ends.
const settleTimeout = 5 * time.Second

// Message is a batch read from the log.
type Message struct {
	Batch    Batch
	Position stream.Position
	// Size is what the batch takes in the log, in bytes.
	Size int
}

// delivery is a message on its way to the handler, decoded ahead, or the error
// that ended reading.
type delivery struct {
	msg   stream.Message
	batch Message
	err   error
}

// Consume calls handler with every message that is not yet acknowledged, in
// the log's order, one at a time, and acknowledges a message when handler
// returned nil for it. When handler fails, it is called with the same message
// again, after a pause, until ctx ends: no message is dropped or skipped.
//
// It returns nil when ctx ends. It returns an error if a message cannot be
// decoded (ErrDamaged, naming the sequence), if the embedded log fails
// (ErrUnwritable where its disk does), or if
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
		if broken := s.log.store.Breakage(); broken != nil {
			err = broken // whatever it looked like
		}
		if ctx.Err() != nil {
			// What was interrupted has nothing to say any more.
			return s.settle(ctx)
		}
		if errors.Is(err, ErrDamaged) || errors.Is(err, ErrClosed) || l.store.Embedded() && !errors.Is(err, stream.ErrInterrupted) {
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
}

func (s *session) run(ctx context.Context) error {
	reader, err := s.log.store.Reader(ctx)
	if err != nil {
		return err
	}
	acked, err := s.trim.leftOver(ctx, reader.First, reader.Acked)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	// One batch decoded ahead: while one is handled the next is decoded.
	ahead := make(chan delivery, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(ahead)
		s.read(ctx, reader.Messages(ctx, acked), ahead)
	}()
	defer func() {
		cancel()
		<-done
	}()
	return s.handleAll(ctx, ahead)
}

// read decodes ahead of the handler until there are no more messages or one
// cannot be decoded.
func (s *session) read(ctx context.Context, messages iter.Seq2[stream.Message, error], ahead chan<- delivery) {
	for msg, err := range messages {
		d := delivery{err: err}
		if err == nil {
			d = s.open(msg)
		}
		select {
		case ahead <- d:
		case <-ctx.Done():
		}
		if d.err != nil || ctx.Err() != nil {
			return
		}
	}
}

// open decodes a message.
func (s *session) open(msg stream.Message) delivery {
	s.log.metrics.lost.Add(float64(msg.Lost))
	head, body, err := s.log.codec.Decode(msg.Payload)
	if err != nil {
		return delivery{err: s.log.store.Damage(fmt.Errorf("message %d: %w", msg.At.Seq, err))}
	}
	return delivery{msg: msg, batch: Message{
		Batch: Batch{
			Source: head.Source, Campaign: head.Campaign, Cursor: head.Cursor,
			Posts: body.Posts, Deletions: body.Deletions, Gaps: body.Gaps, Watches: body.Watches,
			Receipt: body.Receipt,
		},
		Position: msg.At,
		Size:     len(msg.Payload),
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
		case <-s.log.store.Broken():
			return s.log.store.Breakage()
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
				return err
			}
			s.log.metrics.acks.Inc()
			s.log.o.Logger.Debug("message acknowledged", "seq", d.batch.Position.Seq)
			s.trim.note(d.batch.Batch.Source, stream.Mark{Cursor: d.batch.Batch.Cursor, At: d.batch.Position}, d.batch.Size)
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
		wait(ctx, pause)
	}
	return false
}

// settle makes sure that the log knows what was acknowledged, so that it does
// not come again at the next start. Where the log cannot be asked any more it
// comes again, which is no harm.
func (s *session) settle(ctx context.Context) error {
	if s.trim.noted == 0 || s.log.store.Conn.IsClosed() {
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
