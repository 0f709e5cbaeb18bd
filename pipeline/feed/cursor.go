package feed

import (
	"context"
	"fmt"

	"winnow/pipeline/feed/stream"
)

// Cursor returns where a source goes on: the cursor of its last batch in the
// log, or of the last one that was trimmed. It reports false if the source
// never published one.
func (l *Log) Cursor(ctx context.Context, source string) ([]byte, bool, error) {
	// In this order: a cursor is kept before its batch goes, so that whoever
	// finds no batch finds what was kept.
	last, err := l.store.Last(ctx, source)
	var newest stream.Mark
	if err == nil && last.At.Seq != 0 {
		_, newest, err = l.markOf(last)
	}
	if err != nil {
		return nil, false, fmt.Errorf("read the cursor of a source from the log: %w", err)
	}
	kept, err := l.store.Kept(ctx, source)
	if err != nil {
		return nil, false, fmt.Errorf("read the kept cursor of a source: %w", err)
	}
	if kept.NewerThan(newest) {
		newest = kept
	}
	return newest.Cursor, len(newest.Cursor) > 0, nil
}

// markOf returns source and cursor of a message of the log.
func (l *Log) markOf(m stream.Stored) (string, stream.Mark, error) {
	head, err := l.codec.DecodeHead(m.Payload)
	if err != nil {
		return "", stream.Mark{}, fmt.Errorf("message %d: %w", m.At.Seq, err)
	}
	return head.Source, stream.Mark{Cursor: head.Cursor, At: m.At}, nil
}
