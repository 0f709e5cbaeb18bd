package stream

import (
	"context"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"winnow/pipeline/feed/codec"
)

// Position is a place in the log. Sequences are handed out again when a log
// lost its tail; together with the incarnation they never are.
type Position struct {
	// Incarnation changes each time a log is opened for writing, and grows.
	Incarnation uint64
	// Seq is the sequence of the message, from 1.
	Seq uint64
}

// Stored is a message as it lies in the stream; zero for none.
type Stored struct {
	At      Position
	Payload []byte
}

// Last returns the last message of a source that is still there.
func (s *Store) Last(ctx context.Context, source string) (Stored, error) {
	return stored(s.Posts.GetLastMsgForSubject(ctx, postsSubject+subjectToken(source)))
}

// Get returns the message with a sequence.
func (s *Store) Get(ctx context.Context, seq uint64) (Stored, error) {
	return stored(s.Posts.GetMsg(ctx, seq))
}

func stored(raw *jetstream.RawStreamMsg, err error) (Stored, error) {
	if isNotFound(err) {
		return Stored{}, nil
	}
	if err != nil {
		return Stored{}, err
	}
	incarnation, err := number(raw.Header, headerIncarnation)
	if err != nil {
		return Stored{}, fmt.Errorf("message %d: %w", raw.Sequence, err)
	}
	return Stored{At: Position{Incarnation: incarnation, Seq: raw.Sequence}, Payload: raw.Data}, nil
}

// Mark is a source's cursor and where in the log it stood; zero for none.
type Mark struct {
	Cursor []byte
	At     Position
}

// NewerThan says whether m, a cursor that was kept, was published after n, one
// that is in the log now. Sequences decide, unless the log lost its tail: then
// m's sequence may be higher although n came later, under a newer incarnation.
func (m Mark) NewerThan(n Mark) bool {
	if m.At.Seq == 0 || n.At.Seq == 0 {
		return n.At.Seq == 0
	}
	return m.At.Seq > n.At.Seq && m.At.Incarnation >= n.At.Incarnation
}

// Kept returns the cursor that Keep wrote down for a source.
func (s *Store) Kept(ctx context.Context, source string) (Mark, error) {
	raw, err := s.state.GetLastMsgForSubject(ctx, cursorSubject+subjectToken(source))
	if isNotFound(err) {
		return Mark{}, nil
	}
	if err != nil {
		return Mark{}, err
	}
	m := Mark{Cursor: raw.Data}
	if m.At, err = position(raw.Header); err != nil {
		return Mark{}, fmt.Errorf("message %d of stream %s: %w", raw.Sequence, stateStream, err)
	}
	return m, nil
}

// KeepTrimmed writes down, before they are removed, up to where messages are.
func (s *Store) KeepTrimmed(ctx context.Context, at Position) error {
	_, err := s.JS.PublishMsg(ctx, &nats.Msg{Subject: trimmedSubject, Header: at.header()})
	if err != nil {
		return fmt.Errorf("keep up to where messages are removed: %w", err)
	}
	return nil
}

// trimmed is up to where messages were removed. It reports false if that was
// never written down, as in a log of an older program.
func (s *Store) trimmed(ctx context.Context) (at Position, known bool, err error) {
	raw, err := s.state.GetLastMsgForSubject(ctx, trimmedSubject)
	if isNotFound(err) {
		return Position{}, false, nil
	}
	if err != nil {
		return Position{}, false, fmt.Errorf("look up to where messages were removed: %w", err)
	}
	if at, err = position(raw.Header); err != nil {
		return Position{}, false, s.Damage(fmt.Errorf("message %d of stream %s: %w", raw.Sequence, stateStream, err))
	}
	return at, true, nil
}

// Keep writes down a source's cursor before its message is removed, unless a
// newer one is kept already. That happens when the log lost its tail and starts
// over from older messages.
func (s *Store) Keep(ctx context.Context, source string, m Mark) error {
	kept, err := s.Kept(ctx, source)
	if err != nil {
		return fmt.Errorf("keep the cursor of a source: %w", err)
	}
	if kept.At.Seq != 0 && (kept.NewerThan(m) || kept.At == m.At) {
		return nil
	}
	_, err = s.JS.PublishMsg(ctx, &nats.Msg{
		Subject: cursorSubject + subjectToken(source),
		Header:  m.At.header(),
		Data:    m.Cursor,
	})
	if err != nil {
		return fmt.Errorf("keep the cursor of a source: %w", err)
	}
	return nil
}

// header carries a position; position reads it back.
func (p Position) header() nats.Header {
	return nats.Header{
		headerIncarnation: {strconv.FormatUint(p.Incarnation, 10)},
		headerSeq:         {strconv.FormatUint(p.Seq, 10)},
	}
}

func position(header nats.Header) (p Position, err error) {
	if p.Incarnation, err = number(header, headerIncarnation); err == nil {
		p.Seq, err = number(header, headerSeq)
	}
	return p, err
}

func number(header nats.Header, name string) (uint64, error) {
	n, err := strconv.ParseUint(header.Get(name), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: its header %s is no number", codec.ErrDamaged, name)
	}
	return n, nil
}
