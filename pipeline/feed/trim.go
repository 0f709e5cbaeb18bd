package feed

import (
	"context"
	"errors"
	"fmt"

	"winnow/pipeline/feed/stream"
)

// trimBytes is how much may be acknowledged before it is removed at once
// instead of at the next tick. A small log is trimmed sooner.
const trimBytes = 64 << 20

// trimmer removes what is acknowledged, and keeps every source's last cursor
// before. It belongs to the one goroutine that handles messages.
type trimmer struct {
	log *Log
	// marks are the cursors of messages that were acknowledged and perhaps
	// not yet removed, by source. It is emptied by each trim, so it is no
	// longer than the number of messages between two.
	marks map[string]stream.Mark
	// noted is the last message acknowledged by this process, acked the last
	// one of which the log knows, trimmed the last one removed.
	noted, acked, trimmed uint64
	// incarnation is that of the last message in marks.
	incarnation uint64
	// bytes were acknowledged since the last trim.
	bytes int64
}

func newTrimmer(l *Log) *trimmer { return &trimmer{log: l, marks: map[string]stream.Mark{}} }

// note takes down an acknowledged message.
func (t *trimmer) note(source string, m stream.Mark, size int) {
	t.marks[source] = m
	t.noted, t.incarnation = m.At.Seq, m.At.Incarnation
	t.bytes += int64(size)
}

// due says whether to trim without waiting for the next tick.
func (t *trimmer) due() bool {
	return t.bytes >= min(trimBytes, t.log.o.MaxBytes/8)
}

// leftOver trims what an earlier process acknowledged and did not remove: the
// messages from first to last. It returns the incarnation of the last one that
// is there, 0 if there is none.
func (t *trimmer) leftOver(ctx context.Context, first, last uint64) (incarnation uint64, err error) {
	t.acked = last
	for seq := first; seq <= last; seq++ {
		m, err := t.log.store.Get(ctx, seq)
		switch {
		case errors.Is(err, ErrDamaged):
			return 0, t.log.store.Damage(err)
		case err != nil:
			return 0, fmt.Errorf("trim: read message %d: %w", seq, err)
		case m.At.Seq == 0: // its bytes went bad
			continue
		}
		source, mark, err := t.log.markOf(m)
		if err != nil {
			return 0, t.log.store.Damage(err)
		}
		t.marks[source], incarnation = mark, m.At.Incarnation
	}
	if len(t.marks) == 0 {
		return 0, nil
	}
	t.incarnation = incarnation
	return incarnation, t.remove(ctx)
}

// trim removes everything up to the position that the log knows to be
// acknowledged.
func (t *trimmer) trim(ctx context.Context) error {
	t.bytes = 0
	if t.noted <= t.trimmed {
		return nil
	}
	acked, err := t.log.store.Acked(ctx)
	if err != nil {
		return fmt.Errorf("trim: %w", err)
	}
	t.acked = acked
	if t.acked <= t.trimmed {
		return nil
	}
	return t.remove(ctx)
}

// remove keeps the cursors and removes the messages up to acked. A mark may
// stand beyond acked if the acknowledgement is still on its way: its posts are
// in the store, so its cursor may be kept all the same.
func (t *trimmer) remove(ctx context.Context) error {
	t.log.o.Logger.Debug("trimming the log", "upto", t.acked, "sources", len(t.marks))
	for source, m := range t.marks {
		if len(m.Cursor) > 0 {
			if err := t.log.store.Keep(ctx, source, m); err != nil {
				return fmt.Errorf("trim: %w", err)
			}
		}
	}
	clear(t.marks)
	if err := t.log.store.KeepTrimmed(ctx, stream.Position{Incarnation: t.incarnation, Seq: t.acked}); err != nil {
		return fmt.Errorf("trim: %w", err)
	}
	if err := t.log.store.Remove(ctx, t.acked); err != nil {
		return fmt.Errorf("trim: %w", err)
	}
	t.trimmed = t.acked
	return nil
}
