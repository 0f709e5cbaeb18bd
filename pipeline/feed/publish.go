package feed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"winnow/pipeline/feed/codec"
	"winnow/pipeline/feed/stream"
	"winnow/pipeline/post"
)

// Publish hands a batch to the log and returns when the log has it on disk. A
// batch without a cursor leaves its source's cursor where it is.
//
// The error is ErrFull, ErrTooLarge or ErrInvalid if the batch is certainly
// not in the log. After any other error it may be: read Cursor and go on from
// there.
func (l *Log) Publish(ctx context.Context, b Batch) error {
	p := l.Publisher()
	if err := p.Publish(ctx, b); err != nil {
		return err
	}
	return p.Flush(ctx)
}

// Publisher publishes the batches of one source one after another, preparing
// each while the log still writes the one before. It is for one goroutine, and
// a source has one Publisher at a time.
//
// No more than one batch is under way: each is synced to disk by itself, so
// more would not be faster, and a batch that is refused can then not be
// followed by one that is taken. That is why a cursor in the log never covers
// a batch that is not.
type Publisher struct {
	log    *Log
	source string
	// cursor is the source's cursor after the last batch, known once looked
	// up or set.
	cursor      []byte
	cursorKnown bool
	flight      *flight
	err         error
}

// flight is a batch that the log has not answered for yet.
type flight struct {
	ack   jetstream.PubAckFuture
	posts int
	bytes int
	start time.Time
}

// Publisher returns a Publisher for one source, that of its first batch.
func (l *Log) Publisher() *Publisher { return &Publisher{log: l} }

// Publish hands a batch to the log. An error belongs to this batch or to the
// one before, and sticks: whatever was published since the last Flush without
// an error may be missing. Read Cursor, and go on from there with a new
// Publisher. Only the end of ctx does not stick.
//
// The batch must not be changed until Publish returns.
func (p *Publisher) Publish(ctx context.Context, b Batch) error {
	if p.err != nil {
		return p.err
	}
	payload, err := p.payload(ctx, b)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		// The batch before keeps its own answer: its error came first.
		if ferr := p.Flush(ctx); ferr != nil {
			return ferr
		}
		return p.fail(err)
	}
	if err := p.Flush(ctx); err != nil {
		return err
	}
	start := time.Now()
	p.log.publishing.RLock()
	ack, err := p.log.store.Publish(b.Source, payload)
	p.log.publishing.RUnlock()
	if err != nil {
		return p.fail(err)
	}
	p.flight = &flight{ack: ack, posts: len(b.Posts), bytes: len(payload), start: start}
	return nil
}

// Flush waits until the log has everything on disk that was published. It
// returns the error that sticks, or the cause of ctx's end.
func (p *Publisher) Flush(ctx context.Context) error {
	if p.err != nil || p.flight == nil {
		return p.err
	}
	f := p.flight
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-p.log.store.Broken():
		p.flight = nil
		return p.fail(p.log.store.Breakage())
	case <-f.ack.Ok():
		p.flight = nil
		m := p.log.metrics
		m.publishSeconds.Observe(time.Since(f.start).Seconds())
		m.batches.Inc()
		m.posts.Add(float64(f.posts))
		m.bytes.Add(float64(f.bytes))
		return nil
	case err := <-f.ack.Err():
		p.flight = nil
		return p.fail(stream.PublishError(err))
	}
}

// payload turns a batch into the bytes that the log stores.
func (p *Publisher) payload(ctx context.Context, b Batch) ([]byte, error) {
	switch {
	case p.source == "":
		p.source = strings.Clone(b.Source)
	case p.source != b.Source:
		return nil, fmt.Errorf("publish to the log: %w: a publisher carries one source", ErrInvalid)
	}
	if len(b.Cursor) > 0 {
		p.cursor, p.cursorKnown = bytes.Clone(b.Cursor), true
	} else if !p.cursorKnown && p.source != "" {
		// What a batch without a cursor leaves in place.
		cursor, _, err := p.log.Cursor(ctx, p.source)
		if err != nil {
			return nil, err
		}
		p.cursor, p.cursorKnown = cursor, true
	}
	b.Cursor = p.cursor
	head := codec.Head{Source: b.Source, Campaign: b.Campaign, Cursor: b.Cursor}
	payload, err := p.log.codec.Encode(head, codec.Body{
		Posts: b.Posts, Deletions: b.Deletions, Gaps: b.Gaps, Watches: b.Watches, Receipt: p.log.receipt(b.Posts),
	})
	if err != nil {
		return nil, fmt.Errorf("publish to the log: %w", err)
	}
	if most := p.log.store.Largest; len(payload) > most {
		return nil, fmt.Errorf("publish to the log: %w: %d bytes compressed, at most %d", ErrTooLarge, len(payload), most)
	}
	return payload, nil
}

// receipt is for posts of which one at least is evidence; zero for others.
func (l *Log) receipt(posts []post.Post) post.Receipt {
	for i := range posts {
		if posts[i].Raw != nil {
			return post.Receipt{Version: l.o.Version, Clock: l.o.Clock()}
		}
	}
	return post.Receipt{}
}

// fail remembers that the log did not take a batch, and counts it.
func (p *Publisher) fail(err error) error {
	reason := reasonFailed
	switch {
	case errors.Is(err, ErrFull):
		reason = reasonFull
	case errors.Is(err, ErrTooLarge):
		reason = reasonTooLarge
	case errors.Is(err, ErrInvalid):
		reason = reasonInvalid
	}
	p.log.metrics.refused.WithLabelValues(reason).Inc()
	p.err = err
	return err
}
