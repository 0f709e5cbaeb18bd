package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"

	"winnow/collectors/archive/format"
	"winnow/collectors/archive/input"
	"winnow/collectors/wire"
	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

const (
	// batchBytes is the weight of posts after which a batch is cut whatever
	// their number: well below what the log takes in one message.
	batchBytes = 8 << 20
	// batchRecords cuts a batch where few records are posts, so that a stream
	// of likes has a cursor as well.
	batchRecords = 20
	// readAhead is how many batches are decoded while one is published.
	readAhead = 2
)

// cut is a batch that is ready to be published.
type cut struct {
	batch   feed.Batch
	state   state // after the batch
	rejects []byte
	bytes   int64 // read from the file so far
}

// pump decodes in one goroutine and publishes in this one.
func (r *replay) pump(ctx context.Context, s format.Shape) error {
	g, gctx := errgroup.WithContext(ctx)
	cuts := make(chan cut, readAhead)
	g.Go(func() error {
		defer close(cuts)
		return r.decode(gctx, s, cuts)
	})
	g.Go(func() error {
		for c := range cuts {
			// What is decoded is not published any more once ctx has ended.
			if gctx.Err() != nil {
				return context.Cause(gctx)
			}
			if err := r.commit(gctx, c); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// commit makes one batch safe: first its rejects, then its posts.
func (r *replay) commit(ctx context.Context, c cut) error {
	if err := r.rejects.write(c.rejects); err != nil {
		return err
	}
	p := Progress{
		Stage: Waiting, Bytes: c.bytes, TotalBytes: r.src.Size(),
		Lines: r.state.Record, Posts: r.state.Posts, Rejected: total(r.state.Rejected),
	}
	if err := r.publish(ctx, c.batch, func() { r.o.Progress(p) }); err != nil {
		return fmt.Errorf("replay %s: %w", r.name, err)
	}
	r.state = c.state
	p.Stage, p.Lines, p.Posts, p.Rejected = Replaying, c.state.Record, c.state.Posts, total(c.state.Rejected)
	r.o.Progress(p)
	return nil
}

// grace is how long the batch at hand may take after ctx has ended.
const grace = 10 * time.Second

// outlive returns a context that ends only some time after ctx, so that the
// end of a replay does not leave open whether its last batch is safe.
func outlive(ctx context.Context) (context.Context, context.CancelFunc) {
	long, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	var timer *time.Timer
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		timer = time.AfterFunc(grace, func() { cancel(context.Cause(ctx)) })
	})
	return long, func() {
		if !stop() {
			<-ended
			timer.Stop()
		}
		cancel(nil)
	}
}

// The waits for a log that is full.
const (
	firstWait   = 50 * time.Millisecond
	longestWait = 5 * time.Second
)

// publish hands a batch to the log: in two halves if it is too large for one
// message, as often as it takes if the log is full.
func (r *replay) publish(ctx context.Context, b feed.Batch, waiting func()) error {
	for wait := firstWait; ; wait = min(2*wait, longestWait) {
		err := r.publishOnce(ctx, b)
		switch {
		case errors.Is(err, feed.ErrTooLarge) && len(b.Posts) > 1:
			first, last := b, b
			half := len(b.Posts) / 2
			first.Posts, first.Deletions, first.Cursor = b.Posts[:half], nil, nil
			last.Posts = b.Posts[half:]
			if err := r.publish(ctx, first, waiting); err != nil {
				return err
			}
			b = last
			continue
		case !errors.Is(err, feed.ErrFull):
			return err
		}
		waiting()
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		case <-timer.C:
		}
	}
}

func (r *replay) publishOnce(ctx context.Context, b feed.Batch) error {
	long, cancel := outlive(ctx)
	defer cancel()
	return r.log.Publish(long, b)
}

// decoding is the state of the goroutine that decodes.
type decoding struct {
	*replay
	state   state // including the batch at hand
	message wire.Message
	rejects rejectLines
	seen    int // posts of message that are weighed
	weight  int
	records int // in the batch at hand
}

// decode cuts the file into batches. Where it cuts depends on the records
// alone, so that a replay that is continued has the same batches.
func (r *replay) decode(ctx context.Context, s format.Shape, out chan<- cut) error {
	in, err := r.src.Text()
	if err != nil {
		return err
	}
	defer in.Close()
	records, decode, err := s.Open(in)
	if err != nil {
		return err
	}
	before := r.state.Record // dealt with by an earlier run
	d := decoding{replay: r, state: r.state.clone(), message: r.message(0)}
	send := func() error {
		c, err := d.cut()
		if err != nil {
			return err
		}
		select {
		case out <- c:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	for {
		f, err := records.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if f.Record <= before {
			if f.Record%4096 == 0 && ctx.Err() != nil {
				return context.Cause(ctx)
			}
			continue
		}
		d.take(f, decode)
		if d.full() {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if err := r.src.Unchanged(); err != nil {
		return err
	}
	if !d.state.readable() {
		if err := r.rejects.write(d.rejects.take()); err != nil {
			return err
		}
		return d.nothing()
	}
	d.state.Done = true
	return send()
}

// message returns an empty one with room for posts.
func (r *replay) message(posts int) wire.Message {
	m := wire.Message{Posts: make([]post.Post, 0, posts)}
	if r.o.Evidence {
		m.Evidence, m.Query = true, r.name
	}
	return m
}

// take decodes one record.
func (d *decoding) take(f input.Frame, decode func([]byte, *wire.Message)) {
	d.state.Record = f.Record
	d.records++
	m := &d.message
	deletions := len(m.Deletions)
	switch {
	case f.Fault != nil:
		m.Reject(f.Fault)
	case input.Blank(f.Raw):
		return
	default:
		decode(f.Raw, m)
	}
	for _, kind := range m.Ignored {
		count(d.state.Ignored, kind)
	}
	for i, rej := range m.Rejects {
		count(d.state.Rejected, string(rej.Reason))
		d.rejects.add(f, rej, i == 0)
	}
	m.Ignored, m.Rejects = m.Ignored[:0], m.Rejects[:0]
	d.state.Posts += int64(len(m.Posts) - d.seen)
	d.state.Deletions += int64(len(m.Deletions) - deletions)
	for ; d.seen < len(m.Posts); d.seen++ {
		d.weight += weigh(&m.Posts[d.seen])
	}
}

// full reports whether the batch at hand ends with this record. While nothing
// was readable there is no batch: the file may be no archive at all.
func (d *decoding) full() bool {
	n := len(d.message.Posts) + len(d.message.Deletions)
	return d.state.readable() && (n >= d.o.BatchPosts || d.weight >= batchBytes || d.records >= batchRecords*d.o.BatchPosts)
}

// cut takes the batch at hand.
func (d *decoding) cut() (cut, error) {
	m := &d.message
	cursor, err := d.state.cursor()
	if err != nil {
		return cut{}, fmt.Errorf("replay %s: write the cursor: %w", d.name, err)
	}
	c := cut{
		batch: feed.Batch{
			Source:    d.source,
			Campaign:  d.campaign(),
			Posts:     m.Posts,
			Deletions: m.Deletions,
			Cursor:    cursor,
		},
		state:   d.state.clone(),
		rejects: d.rejects.take(),
		bytes:   d.src.Pos(),
	}
	d.message = d.replay.message(len(m.Posts))
	d.seen, d.weight, d.records = 0, 0, 0
	return c, nil
}

func (d *decoding) nothing() error {
	if d.state.Record == 0 {
		return fmt.Errorf("replay %s: %w: it holds not one record", d.name, format.ErrNothingReadable)
	}
	return fmt.Errorf("replay %s as %s: %w: all %d records were rejected; %s tells why",
		d.name, d.format, format.ErrNothingReadable, d.state.Record, d.rejectPath())
}

// weigh estimates what a post takes in a message, in bytes.
func weigh(p *post.Post) int {
	n := 200 + len(p.ID) + len(p.Account.ID) + len(p.Account.Name) + len(p.Text) + len(p.URL) + len(p.Shared)
	n += len(p.Raw) + len(p.Query)
	for _, t := range p.Tags {
		n += len(t.Key) + len(t.Posted)
	}
	for _, l := range p.Links {
		n += len(l)
	}
	for _, m := range p.Mentions {
		n += len(m.AccountID) + len(m.Handle)
	}
	for _, im := range p.Images {
		n += len(im)
	}
	return n
}
