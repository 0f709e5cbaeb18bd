package feed

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
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
	marks map[string]mark
	// noted is the last message acknowledged by this process, acked the last
	// one of which the log knows, trimmed the last one removed.
	noted, acked, trimmed uint64
	// bytes were acknowledged since the last trim.
	bytes int64
}

func newTrimmer(l *Log) *trimmer { return &trimmer{log: l, marks: map[string]mark{}} }

// note takes down an acknowledged message.
func (t *trimmer) note(source string, m mark, size int) {
	t.marks[source] = m
	t.noted = m.at.Seq
	t.bytes += int64(size)
}

// due says whether to trim without waiting for the next tick.
func (t *trimmer) due() bool {
	return t.bytes >= min(trimBytes, t.log.o.MaxBytes/8)
}

// leftOver trims what an earlier process acknowledged and did not remove. It
// returns the incarnation of the last such message, 0 if there is none.
func (t *trimmer) leftOver(ctx context.Context) (incarnation uint64, err error) {
	info, err := t.log.posts.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("trim: look at the stream: %w", err)
	}
	for seq := info.State.FirstSeq; seq <= t.acked && info.State.Msgs > 0; seq++ {
		raw, err := t.log.posts.GetMsg(ctx, seq)
		if isNotFound(err) {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("trim: read message %d: %w", seq, err)
		}
		source, m, err := t.log.markOf(seq, raw.Header, raw.Data)
		if err != nil {
			return 0, t.log.damage(err)
		}
		t.marks[source], incarnation = m, m.at.Incarnation
	}
	if len(t.marks) == 0 {
		return 0, nil
	}
	return incarnation, t.remove(ctx)
}

// trim removes everything up to the position that the log knows to be
// acknowledged.
func (t *trimmer) trim(ctx context.Context) error {
	t.bytes = 0
	if t.noted <= t.trimmed {
		return nil
	}
	consumer, err := t.log.consumer(ctx)
	if err != nil {
		return fmt.Errorf("trim: find the consumer: %w", err)
	}
	info, err := consumer.Info(ctx)
	if err != nil {
		return fmt.Errorf("trim: look at the consumer: %w", err)
	}
	t.acked = info.AckFloor.Stream
	if t.acked <= t.trimmed {
		return nil
	}
	return t.remove(ctx)
}

// remove keeps the cursors and removes the messages up to acked. A mark may
// stand beyond acked if the acknowledgement is still on its way: its posts are
// in the store, so its cursor may be kept all the same.
func (t *trimmer) remove(ctx context.Context) error {
	for source, m := range t.marks {
		if len(m.cursor) > 0 {
			if err := t.log.keepCursor(ctx, source, m); err != nil {
				return fmt.Errorf("trim: %w", err)
			}
		}
	}
	clear(t.marks)
	if err := t.log.posts.Purge(ctx, jetstream.WithPurgeSequence(t.acked+1)); err != nil {
		return fmt.Errorf("trim: remove messages up to %d: %w", t.acked, err)
	}
	t.trimmed = t.acked
	return nil
}
