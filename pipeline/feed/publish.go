package feed

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"winnow/pipeline/feed/codec"
)

// publishTimeout bounds how long the log may take for one batch. A disk that
// writes 1 MB/s still takes a full message in that time.
const publishTimeout = time.Minute

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
	msg, err := p.message(ctx, b)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		// The batch before keeps its own answer: its error came first.
		if ferr := p.Flush(ctx); ferr != nil {
			return ferr
		}
		p.err = err
		p.log.refused(err)
		return p.err
	}
	if err := p.Flush(ctx); err != nil {
		return err
	}
	start := time.Now()
	ack, err := p.log.js.PublishMsgAsync(msg)
	if err != nil {
		p.err = publishError(err)
		p.log.refused(p.err)
		return p.err
	}
	p.flight = &flight{ack: ack, posts: len(b.Posts), bytes: len(msg.Data), start: start}
	return nil
}

// Flush waits until the log has everything on disk that was published. It
// returns the error that sticks, or the cause of ctx's end.
func (p *Publisher) Flush(ctx context.Context) error {
	if p.err != nil || p.flight == nil {
		return p.err
	}
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-p.flight.ack.Ok():
		m := p.log.metrics
		m.publishSeconds.Observe(time.Since(p.flight.start).Seconds())
		m.batches.Inc()
		m.posts.Add(float64(p.flight.posts))
		m.bytes.Add(float64(p.flight.bytes))
	case err := <-p.flight.ack.Err():
		p.err = publishError(err)
		p.log.refused(p.err)
	}
	p.flight = nil
	return p.err
}

// message turns a batch into the message that the log stores.
func (p *Publisher) message(ctx context.Context, b Batch) (*nats.Msg, error) {
	l := p.log
	switch {
	case p.source == "":
		p.source = strings.Clone(b.Source)
	case p.source != b.Source:
		return nil, fmt.Errorf("publish to the log: %w: a publisher carries one source", ErrInvalid)
	}
	if len(b.Cursor) > 0 {
		p.cursor, p.cursorKnown = append([]byte(nil), b.Cursor...), true
	} else {
		if err := p.lookUpCursor(ctx); err != nil {
			return nil, err
		}
		b.Cursor = p.cursor
	}
	head := codec.Head{Source: b.Source, Campaign: b.Campaign, Cursor: b.Cursor}
	payload, err := l.codec.Encode(head, b.Posts, b.Deletions)
	if err != nil {
		return nil, fmt.Errorf("publish to the log: %w", err)
	}
	if len(payload) > l.largest {
		return nil, fmt.Errorf("publish to the log: %w: %d bytes compressed, at most %d", ErrTooLarge, len(payload), l.largest)
	}
	return &nats.Msg{
		Subject: postsSubject + subjectToken(b.Source),
		Header:  nats.Header{headerIncarnation: {strconv.FormatUint(l.incarnation, 10)}},
		Data:    payload,
	}, nil
}

// lookUpCursor finds the cursor that a batch without one leaves in place.
func (p *Publisher) lookUpCursor(ctx context.Context) error {
	if p.cursorKnown || p.source == "" {
		return nil
	}
	cursor, _, err := p.log.Cursor(ctx, p.source)
	if err != nil {
		return err
	}
	p.cursor, p.cursorKnown = cursor, true
	return nil
}

// refused counts a batch that the log did not take.
func (l *Log) refused(err error) {
	reason := reasonFailed
	switch {
	case errors.Is(err, ErrFull):
		reason = reasonFull
	case errors.Is(err, ErrTooLarge):
		reason = reasonTooLarge
	case errors.Is(err, ErrInvalid):
		reason = reasonInvalid
	}
	l.metrics.refused.WithLabelValues(reason).Inc()
}

// publishError says what the server's refusal means.
func publishError(err error) error {
	switch {
	case hasCode(err, codeInsufficientResources),
		hasCode(err, codeStoreFailed) && strings.Contains(err.Error(), "maximum bytes exceeded"):
		return fmt.Errorf("publish to the log: %w: wait until the pipeline has caught up, or raise its size", ErrFull)
	case errors.Is(err, nats.ErrMaxPayload), hasCode(err, jetstream.JSErrCodeStreamMessageExceedsMaximum):
		return fmt.Errorf("publish to the log: %w: %w", ErrTooLarge, err)
	case errors.Is(err, nats.ErrConnectionClosed):
		return fmt.Errorf("publish to the log: %w", ErrClosed)
	case errors.Is(err, jetstream.ErrNoStreamResponse):
		return fmt.Errorf("publish to the log: its store does not answer; is the disk full? free some space and start again: %w", err)
	}
	return fmt.Errorf("publish to the log: %w", err)
}
