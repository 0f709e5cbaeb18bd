package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"winnow/collectors/ledger"
	"winnow/pipeline/feed"
)

// The times of publishing.
const (
	enrichFor  = 3 * time.Second
	firstPause = 100 * time.Millisecond
	mostPause  = time.Second
)

// Run puts into the log what is pushed, until stop is closed and the log has
// everything. The error says that ctx ended before.
func (b *Box) Run(ctx context.Context, stop <-chan struct{}) error {
	var said time.Time // the log knows that the source is covered until then
	for {
		stopping := b.wait(ctx, stop)
		if ctx.Err() != nil {
			return fmt.Errorf("source %s: %d posts did not get into the log; the time since the last that did is a gap, and asked for at the next start where the platform allows", b.o.Source, b.Posts())
		}
		// First the mark: what is pushed after it is then among the items.
		mark := b.o.Mark()
		items, l := b.take()
		if n := len(items); n > 0 {
			mark = items[n-1].Mark
		} else if !mark.Seen().After(said) {
			if stopping {
				return nil
			}
			continue
		}
		if b.put(ctx, items, mark) == nil {
			said = mark.Seen()
			b.done(l)
		}
	}
}

// wait returns when there is something to do: a batch is full, or Flush has
// passed since something came, or a Beat, or it is the end.
func (b *Box) wait(ctx context.Context, stop <-chan struct{}) (stopping bool) {
	timer := time.NewTimer(b.o.Beat)
	defer timer.Stop()
	flushing := false
	for {
		select {
		case <-stop:
			return true
		default:
		}
		b.mu.Lock()
		held, some := b.held, len(b.items) > 0
		b.mu.Unlock()
		if held.posts >= batchPosts || held.bytes >= batchBytes {
			return false
		}
		if some && !flushing {
			flushing = true
			timer.Reset(b.o.Flush)
		}
		select {
		case <-ctx.Done():
			return false
		case <-timer.C:
			return false
		case <-stop:
		case <-b.wake:
		}
	}
}

// put hands a batch to the log, again and again until the log has it. The
// error is the end of ctx.
func (b *Box) put(ctx context.Context, items []Item, mark ledger.Mark) error {
	out := feed.Batch{Source: b.o.Source}
	for i := range items {
		it := &items[i]
		out.Posts = append(out.Posts, it.Posts...)
		out.Deletions = append(out.Deletions, it.Deletions...)
		out.Gaps = append(out.Gaps, it.Rows.Gaps...)
		out.Watches = append(out.Watches, it.Rows.Watches...)
	}
	if b.o.Enrich != nil && len(out.Posts) > 0 {
		ectx, cancel := context.WithTimeout(ctx, enrichFor)
		b.o.Enrich(ectx, out.Posts)
		cancel()
	}
	var state []byte
	if b.o.State != nil {
		state = b.o.State()
	}
	cursor, err := mark.Envelope(state).Encode()
	if err != nil {
		// Without a cursor the last one stands: after a crash posts come
		// twice, which does no harm.
		b.o.Logger.Error("where the source goes on cannot be written", "error", err)
	}
	out.Cursor = cursor
	return b.send(ctx, out)
}

// send publishes a batch. What the log can never take is cut in two until it
// is a single record, which is dropped.
func (b *Box) send(ctx context.Context, out feed.Batch) error {
	pause := firstPause
	for failing := false; ; failing = true {
		err := b.o.Log.Publish(ctx, out)
		switch {
		case err == nil:
			if failing {
				b.o.Logger.Info("the log takes posts again")
			}
			return nil
		case errors.Is(err, feed.ErrInvalid), errors.Is(err, feed.ErrTooLarge):
			return b.split(ctx, out, err)
		}
		if !failing {
			b.o.Logger.Warn("the log takes no posts, the same are tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pause):
		}
		pause = min(2*pause, mostPause)
	}
}

// split sends the halves of a batch, the cursor with the last.
func (b *Box) split(ctx context.Context, out feed.Batch, why error) error {
	n := len(out.Posts) + len(out.Deletions) + len(out.Gaps) + len(out.Watches)
	switch {
	case n == 0:
		b.o.Logger.Error("the log refuses where the source goes on: after a restart it begins at an older place", "error", why)
		b.o.Dropped()
		return nil
	case n == 1 && out.Cursor == nil:
		b.o.Logger.Error("the log refuses a record for good, it is dropped",
			"posts", len(out.Posts), "deletions", len(out.Deletions), "gaps", len(out.Gaps), "error", why)
		b.o.Dropped()
		return nil
	}
	first := feed.Batch{Source: out.Source}
	rest := feed.Batch{Source: out.Source, Cursor: out.Cursor}
	left := (n + 1) / 2 // a single record goes without the cursor
	first.Posts, rest.Posts = cut(out.Posts, &left)
	first.Deletions, rest.Deletions = cut(out.Deletions, &left)
	first.Gaps, rest.Gaps = cut(out.Gaps, &left)
	first.Watches, rest.Watches = cut(out.Watches, &left)
	if err := b.send(ctx, first); err != nil {
		return err
	}
	return b.send(ctx, rest)
}

// cut splits a list after at most left records, and counts them off.
func cut[T any](list []T, left *int) (first, rest []T) {
	i := min(len(list), *left)
	*left -= i
	return list[:i], list[i:]
}
