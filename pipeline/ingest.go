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

// Writer stores what one message brings; nil means that it is safe.
type Writer interface {
	Write(ctx context.Context, m storage.Message) error
}

// Ingest writes the batches of the log to the store.
type Ingest struct {
	matcher Matcher
	writer  Writer
	coming  *Arrivals
	// evidence keeps what was received; nil if nobody asks for it.
	evidence *Evidence
	metrics  *ingestMetrics
	log      *slog.Logger
	now      func() time.Time
	last     atomic.Int64
	stored   atomic.Int64
}

// NewIngest returns the stage that matches and writes. Detection is told what
// comes by way of the arrivals.
func NewIngest(m Matcher, w Writer, coming *Arrivals, reg prometheus.Registerer, log *slog.Logger, now func() time.Time) *Ingest {
	return &Ingest{matcher: m, writer: w, coming: coming, metrics: newIngestMetrics(reg), log: log, now: now}
}

// KeepEvidence has what was received kept as well, before a message is acknowledged. It
// is called before the first message.
func (in *Ingest) KeepEvidence(e *Evidence) { in.evidence = e }

// Handle takes one message of the log. An error means that nothing may be
// acknowledged: the log hands the same message out again. A message with nothing
// to store, such as a cursor alone, does not reach the store at all: sources send
// one every few seconds.
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
			dropped[noCampaign]++
			continue
		}
		for _, name := range names {
			rows = append(rows, storage.PostRow{Campaign: name, Source: b.Source, Post: p})
		}
		if p.PostedAt.After(newest) {
			newest = p.PostedAt
		}
	}
	var stored []storage.PostRow // those that were deleted have no content there
	msg := storage.Message{Rows: rows, Deletions: b.Deletions, Storing: func(rows []storage.PostRow) {
		stored = rows
		in.coming.add(rows)
	}}
	droppedCoverage := make(map[string]int)
	msg.Gaps, msg.Watches = coverage(b, droppedCoverage)
	if !msg.Empty() {
		in.log.Debug("storing a message", "seq", m.Position.Seq)
		begin := in.now()
		if err := in.writer.Write(ctx, msg); err != nil {
			return fmt.Errorf("storing a batch of %d posts: %w", len(b.Posts), err)
		}
		if in.evidence != nil {
			in.log.Debug("keeping evidence", "seq", m.Position.Seq)
			if err := in.evidence.keep(ctx, &m, stored); err != nil {
				return err
			}
		}
		in.metrics.seconds.Observe(in.now().Sub(begin).Seconds())
		in.log.Debug("message stored", "seq", m.Position.Seq)
	}
	in.metrics.posts.Add(float64(len(b.Posts)))
	in.metrics.rows.Add(float64(len(rows)))
	in.metrics.deletions.Add(float64(len(b.Deletions)))
	in.metrics.batches.Inc()
	for i := range msg.Gaps {
		in.metrics.gaps.WithLabelValues(msg.Gaps[i].Cause.Label()).Inc()
	}
	in.metrics.watches.Add(float64(len(msg.Watches)))
	for why, n := range droppedCoverage {
		in.metrics.droppedCoverage.WithLabelValues(why).Add(float64(n))
		in.log.Warn("gaps or watches dropped: coverage is shown too high", "reason", why, "count", n)
	}
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

// The reasons for which a post is not stored, besides those of post.Check.
const (
	noCampaign = "no-campaign" // none that is watched
	invalid    = "invalid"
)

// reason turns a post's fault into a metric label.
func reason(err error) string {
	var bad *post.Invalid
	if errors.As(err, &bad) {
		return string(bad.Reason)
	}
	return invalid
}
