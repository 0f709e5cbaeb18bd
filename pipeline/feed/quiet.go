package feed

import (
	"context"
	"fmt"
)

// Quiet calls f while the log takes nothing and all that it took is acknowledged. Consume
// must be running. Whoever publishes waits.
func (l *Log) Quiet(ctx context.Context, f func(context.Context) error) error {
	l.publishing.Lock()
	defer l.publishing.Unlock()
	if err := l.store.Answered(ctx); err != nil {
		return err
	}
	if err := l.WaitDrained(ctx); err != nil {
		return fmt.Errorf("waiting for the log to drain: %w", err)
	}
	return f(ctx)
}

// Scrub removes from disk what was acknowledged, and returns when no file of the embedded
// log has it any more. To be called within Quiet. What an external server has on its
// disks is its operator's.
func (l *Log) Scrub(ctx context.Context) error {
	last, err := l.store.LastPosition(ctx)
	if err != nil || last.Seq == 0 {
		return err
	}
	sources, err := l.store.Sources(ctx)
	if err != nil {
		return err
	}
	for _, source := range sources {
		m, err := l.store.Last(ctx, source)
		if err != nil {
			return fmt.Errorf("scrub the log: %w", err)
		}
		if m.At.Seq == 0 {
			continue // trimmed, and its cursor is kept
		}
		_, mark, err := l.markOf(m)
		if err != nil {
			return l.store.Damage(err)
		}
		if len(mark.Cursor) == 0 {
			continue
		}
		if err := l.store.Keep(ctx, source, mark); err != nil {
			return fmt.Errorf("scrub the log: %w", err)
		}
	}
	if err := l.store.KeepTrimmed(ctx, last); err != nil {
		return fmt.Errorf("scrub the log: %w", err)
	}
	if err := l.store.Remove(ctx, last.Seq); err != nil {
		return fmt.Errorf("scrub the log: %w", err)
	}
	return l.store.Scrubbed(ctx)
}

// Cursors returns where each source stopped, by its name. Within Quiet, all before that is
// stored.
func (l *Log) Cursors(ctx context.Context) (map[string][]byte, error) {
	sources, err := l.store.Sources(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string][]byte, len(sources))
	for _, source := range sources {
		cursor, ok, err := l.Cursor(ctx, source)
		if err != nil {
			return nil, err
		}
		if ok {
			out[source] = cursor
		}
	}
	return out, nil
}
