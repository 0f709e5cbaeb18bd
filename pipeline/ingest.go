package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"winnow/pipeline/feed"
	"winnow/pipeline/post"
	"winnow/storage"
)

// Matcher says to which campaigns a post belongs.
type Matcher interface {
	Match(dst []string, p *post.Post) []string
}

// Writer stores one message's posts and deletions; nil means they are safe.
type Writer interface {
	Write(ctx context.Context, rows []storage.PostRow, deletions []post.Deletion) error
}

// Ingest writes the batches of the log to the store.
type Ingest struct {
	matcher Matcher
	writer  Writer
	metrics *ingestMetrics
	log     *slog.Logger
	now     func() time.Time
	last    atomic.Int64
	stored  atomic.Int64
}

// NewIngest returns the stage that matches and writes.
func NewIngest(m Matcher, w Writer, reg prometheus.Registerer, log *slog.Logger, now func() time.Time) *Ingest {
	return &Ingest{matcher: m, writer: w, metrics: newIngestMetrics(reg), log: log, now: now}
}

// Handle takes one message of the log. An error means that nothing may be
// acknowledged: the log hands the same message out again.
func (in *Ingest) Handle(ctx context.Context, m feed.Message) error {
	b := &m.Batch
	rows := make([]storage.PostRow, 0, len(b.Posts))
	var names []string
	var newest time.Time
	dropped := make(map[string]int)
	for i := range b.Posts {
		p := &b.Posts[i]
		if err := p.Check(); err != nil {
			dropped[reason(err)]++
			continue
		}
		if p.Campaign == "" {
			p.Campaign = b.Campaign
		}
		names = in.matcher.Match(names[:0], p)
		if len(names) == 0 {
			dropped["no-campaign"]++
			continue
		}
		for _, name := range names {
			rows = append(rows, storage.PostRow{Campaign: name, Source: b.Source, Post: p})
		}
		if p.PostedAt.After(newest) {
			newest = p.PostedAt
		}
	}
	begin := in.now()
	if err := in.writer.Write(ctx, rows, b.Deletions); err != nil {
		return fmt.Errorf("storing a batch of %d posts: %w", len(b.Posts), err)
	}
	in.metrics.seconds.Observe(in.now().Sub(begin).Seconds())
	in.metrics.posts.Add(float64(len(b.Posts)))
	in.metrics.rows.Add(float64(len(rows)))
	in.metrics.deletions.Add(float64(len(b.Deletions)))
	in.metrics.batches.Inc()
	for why, n := range dropped {
		in.metrics.dropped.WithLabelValues(why).Add(float64(n))
		in.log.Debug("posts dropped", "reason", why, "posts", n)
	}
	if !newest.IsZero() && newest.UnixMilli() > in.last.Load() {
		in.last.Store(newest.UnixMilli())
		in.metrics.newest.Set(float64(newest.UnixMilli()) / 1000)
	}
	in.stored.Add(int64(len(rows)))
	return nil
}

// LastPost is the time of the newest post written since the start; zero if none.
func (in *Ingest) LastPost() time.Time {
	if ms := in.last.Load(); ms != 0 {
		return time.UnixMilli(ms).UTC()
	}
	return time.Time{}
}

// Stored is how many rows were written since the start: a post in two
// campaigns is two rows.
func (in *Ingest) Stored() int64 { return in.stored.Load() }

// reason turns a post's fault into a metric label.
func reason(err error) string {
	var bad *post.Invalid
	if errors.As(err, &bad) {
		return string(bad.Reason)
	}
	return "invalid"
}
