package feed

import (
	"context"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"
)

// Cursor returns where a source goes on: the cursor of its last batch in the
// log, or of the last one that was trimmed. It reports false if the source
// never published one.
func (l *Log) Cursor(ctx context.Context, source string) ([]byte, bool, error) {
	// In this order: a cursor is kept before its batch goes, so that whoever
	// finds no batch finds what was kept.
	inLog, err := l.cursorInLog(ctx, source)
	if err != nil {
		return nil, false, fmt.Errorf("read the cursor of a source from the log: %w", err)
	}
	kept, err := l.keptCursor(ctx, source)
	if err != nil {
		return nil, false, fmt.Errorf("read the kept cursor of a source: %w", err)
	}
	newest := inLog
	if kept.newerThan(inLog) {
		newest = kept
	}
	return newest.cursor, len(newest.cursor) > 0, nil
}

// mark is a source's cursor and where in the log it stood; zero for none.
type mark struct {
	cursor []byte
	at     Position
}

// newerThan says whether m, a cursor that was kept, was published after n, one
// that is in the log now. Sequences decide, unless the log lost its tail: then
// m's sequence may be higher although n came later, under a newer incarnation.
func (m mark) newerThan(n mark) bool {
	if m.at.Seq == 0 || n.at.Seq == 0 {
		return n.at.Seq == 0
	}
	return m.at.Seq > n.at.Seq && m.at.Incarnation >= n.at.Incarnation
}

func (l *Log) cursorInLog(ctx context.Context, source string) (mark, error) {
	raw, err := l.posts.GetLastMsgForSubject(ctx, postsSubject+subjectToken(source))
	if isNotFound(err) {
		return mark{}, nil
	}
	if err != nil {
		return mark{}, err
	}
	_, m, err := l.markOf(raw.Sequence, raw.Header, raw.Data)
	return m, err
}

// markOf returns source and cursor of a message of the log.
func (l *Log) markOf(seq uint64, header nats.Header, payload []byte) (string, mark, error) {
	incarnation, err := number(header, headerIncarnation)
	if err != nil {
		return "", mark{}, fmt.Errorf("message %d: %w", seq, err)
	}
	head, err := l.codec.DecodeHead(payload)
	if err != nil {
		return "", mark{}, fmt.Errorf("message %d: %w", seq, err)
	}
	return head.Source, mark{cursor: head.Cursor, at: Position{Incarnation: incarnation, Seq: seq}}, nil
}

func (l *Log) keptCursor(ctx context.Context, source string) (mark, error) {
	raw, err := l.state.GetLastMsgForSubject(ctx, cursorSubject+subjectToken(source))
	if isNotFound(err) {
		return mark{}, nil
	}
	if err != nil {
		return mark{}, err
	}
	m := mark{cursor: raw.Data}
	if m.at.Incarnation, err = number(raw.Header, headerIncarnation); err == nil {
		m.at.Seq, err = number(raw.Header, headerSeq)
	}
	if err != nil {
		return mark{}, fmt.Errorf("message %d of stream %s: %w", raw.Sequence, stateStream, err)
	}
	return m, nil
}

// keepCursor writes down a source's cursor before its batch is trimmed, unless
// a newer one is kept already. That happens when the log lost its tail and
// starts over from older messages.
func (l *Log) keepCursor(ctx context.Context, source string, m mark) error {
	kept, err := l.keptCursor(ctx, source)
	if err != nil {
		return fmt.Errorf("keep the cursor of a source: %w", err)
	}
	if kept.at.Seq != 0 && (kept.newerThan(m) || kept.at == m.at) {
		return nil
	}
	_, err = l.js.PublishMsg(ctx, &nats.Msg{
		Subject: cursorSubject + subjectToken(source),
		Header: nats.Header{
			headerIncarnation: {strconv.FormatUint(m.at.Incarnation, 10)},
			headerSeq:         {strconv.FormatUint(m.at.Seq, 10)},
		},
		Data: m.cursor,
	})
	if err != nil {
		return fmt.Errorf("keep the cursor of a source: %w", err)
	}
	return nil
}

func number(header nats.Header, name string) (uint64, error) {
	n, err := strconv.ParseUint(header.Get(name), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: its header %s is no number", ErrDamaged, name)
	}
	return n, nil
}
