package stream

import (
	"context"
	"fmt"
	"iter"

	"github.com/nats-io/nats.go/jetstream"

	"winnow/pipeline/feed/codec"
)

const (
	// maxAckPending bounds the messages that are read and not acknowledged.
	maxAckPending = 128
	// maxPulled and maxPulledBytes bound one request for messages. The bytes
	// leave room for the largest message there can be.
	maxPulled      = 64
	maxPulledBytes = maxPayload + headerRoom
)

// Message is a message that was read and is to be acknowledged.
type Message struct {
	Stored
	// Lost is how many messages before this one a disk promised and did not
	// keep.
	Lost uint64

	msg jetstream.Msg
}

// Ack acknowledges the message. It does not wait until that is stored.
func (m *Message) Ack() error {
	if err := m.msg.Ack(); err != nil {
		return fmt.Errorf("acknowledge message %d: %w", m.At.Seq, err)
	}
	return nil
}

// Reader reads messages in order over one undisturbed subscription. It is for
// one goroutine.
type Reader struct {
	// First is the sequence of the first message that is stored or will be,
	// Acked that of the last one that is acknowledged.
	First, Acked uint64

	store    *Store
	consumer jetstream.Consumer
	// last is the message before the next one.
	last Position
	// delivered counts the deliveries of the consumer, repeated ones included.
	delivered uint64
}

// Reader returns a Reader, set back to the first message that is not
// acknowledged: what was delivered to a process that is gone would otherwise
// come late and out of order.
func (s *Store) Reader(ctx context.Context) (*Reader, error) {
	consumer, err := s.consumer(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the consumer: %w", err)
	}
	stream, err := s.Posts.Info(ctx)
	if err != nil {
		return nil, fmt.Errorf("look at the stream: %w", err)
	}
	// A log that lost its tail may be behind what was acknowledged.
	floor := min(consumer.CachedInfo().AckFloor.Stream, stream.State.LastSeq)
	reset, err := s.JS.ResetConsumerToSequence(ctx, PostsStream, Consumer, floor+1)
	if err != nil {
		return nil, fmt.Errorf("set the consumer back to message %d: %w; an external server must be NATS 2.14 or later", floor+1, err)
	}
	first := max(stream.State.FirstSeq, 1)
	trimmed, known, err := s.trimmed(ctx)
	if err != nil {
		return nil, err
	}
	// What was trimmed was acknowledged, even if the consumer forgot. A first
	// message that lies behind that says that its file before it is gone. Older
	// logs did not write down what they trimmed.
	last := Position{Seq: max(floor+1, first) - 1}
	if before := max(floor, trimmed.Seq); known && before < last.Seq {
		last = Position{Incarnation: trimmed.Incarnation, Seq: before}
	}
	return &Reader{First: first, Acked: floor, store: s, consumer: consumer, last: last, delivered: reset.Delivered.Consumer}, nil
}

// Messages goes over the messages from the first one that is not acknowledged,
// and waits for more, until ctx ends or reading fails: with ErrInterrupted or
// ErrClosed, or with codec.ErrDamaged at a message that is missing. acked is
// the incarnation of the last acknowledged message that is still there, 0 if
// there is none.
//
// It asks for a bounded number of messages at a time, and for more when it has
// them all: the library's endless iterator drops messages when they come faster
// than they are taken.
func (r *Reader) Messages(ctx context.Context, acked uint64) iter.Seq2[Message, error] {
	if acked != 0 {
		r.last.Incarnation = acked
	}
	return func(yield func(Message, error) bool) {
		for {
			more, err := r.fetch(ctx, yield)
			if err != nil {
				yield(Message{}, err)
				return
			}
			if !more {
				return
			}
		}
	}
}

// fetch asks for messages once. It reports false if no more are wanted.
func (r *Reader) fetch(ctx context.Context, yield func(Message, error) bool) (more bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batch, err := r.consumer.Fetch(maxPulled, jetstream.FetchContext(ctx), jetstream.FetchMaxBytes(maxPulledBytes))
	if err == nil {
		for msg := range batch.Messages() {
			m, repeated, err := r.check(msg)
			if err != nil {
				return false, err
			}
			if !repeated && !yield(m, nil) {
				return false, nil
			}
		}
		err = batch.Error()
	}
	if err != nil {
		if r.store.Conn.IsClosed() {
			err = ErrClosed
		}
		return false, fmt.Errorf("ask for messages: %w", err)
	}
	return true, nil
}

// check sees that a message is the next one. A message may come again while it
// waits in line here.
func (r *Reader) check(msg jetstream.Msg) (m Message, repeated bool, err error) {
	meta, err := msg.Metadata()
	if err != nil {
		return Message{}, false, fmt.Errorf("%w: %w", ErrInterrupted, err)
	}
	r.delivered++
	if meta.Sequence.Consumer != r.delivered {
		return Message{}, false, fmt.Errorf("%w: delivery %d came instead of %d", ErrInterrupted, meta.Sequence.Consumer, r.delivered)
	}
	seq := meta.Sequence.Stream
	if seq <= r.last.Seq {
		return Message{}, true, nil
	}
	incarnation, err := number(msg.Headers(), headerIncarnation)
	if err != nil {
		return Message{}, false, r.store.Damage(fmt.Errorf("message %d: %w", seq, err))
	}
	at := Position{Incarnation: incarnation, Seq: seq}
	lost, err := r.hole(at)
	if err != nil {
		return Message{}, false, err
	}
	r.last = at
	return Message{Stored: Stored{At: at, Payload: msg.Data()}, Lost: lost, msg: msg}, false, nil
}

// hole returns how many messages are missing between the last one and the next.
// JetStream steps over a message whose bytes went bad as if it had never been,
// and nothing but trimming removes messages here.
//
// A hole before a new incarnation is a lost tail: the log was opened without
// those messages, so the sources went on from the cursors before them. Any
// other hole is damage: the cursors have moved past it.
func (r *Reader) hole(next Position) (lost uint64, err error) {
	lost = next.Seq - r.last.Seq - 1
	switch {
	case lost == 0:
		return 0, nil
	case r.last.Incarnation != 0 && next.Incarnation > r.last.Incarnation:
		r.store.o.Logger.Warn("the log lost its tail before it was opened; the sources went on from before",
			"first", r.last.Seq+1, "last", next.Seq-1)
		return lost, nil
	}
	return 0, r.store.Damage(fmt.Errorf("%w: messages %d to %d are missing", codec.ErrDamaged, r.last.Seq+1, next.Seq-1))
}
