package pipeline

import (
	"github.com/prometheus/client_golang/prometheus"

	"winnow/pipeline/post"
)

type ingestMetrics struct {
	posts, rows, deletions, batches prometheus.Counter
	dropped                         *prometheus.CounterVec
	gaps, droppedCoverage           *prometheus.CounterVec
	watches                         prometheus.Counter
	newest                          prometheus.Gauge
	seconds                         prometheus.Histogram
}

func newIngestMetrics(reg prometheus.Registerer) *ingestMetrics {
	m := &ingestMetrics{
		posts: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "winnow_pipeline_posts_total",
			Help: "Posts taken from the log.",
		}),
		rows: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "winnow_pipeline_rows_total",
			Help: "Rows written for them: one for each campaign that a post belongs to.",
		}),
		deletions: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "winnow_pipeline_deletions_total",
			Help: "Deletions taken from the log.",
		}),
		batches: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "winnow_pipeline_batches_total",
			Help: "Log messages dealt with, those with nothing to store included.",
		}),
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "winnow_pipeline_dropped_posts_total",
			Help: "Posts not stored, by reason.",
		}, []string{"reason"}),
		gaps: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "winnow_pipeline_gap_reports_total",
			Help: "Rows written about gaps, by cause: a gap that opens, closes and is filled has at least three.",
		}, []string{"cause"}),
		droppedCoverage: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "winnow_pipeline_dropped_coverage_total",
			Help: "Reports about gaps and watches not stored, by reason; any makes coverage look better than it was.",
		}, []string{"reason"}),
		watches: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "winnow_pipeline_watch_reports_total",
			Help: "Rows written about since when a source watches a campaign.",
		}),
		newest: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "winnow_pipeline_newest_post_timestamp_seconds",
			Help: "Time of posting of the newest post stored since the start.",
		}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "winnow_pipeline_batch_seconds",
			Help:    "Time to write one log message to the store; messages with nothing to store are left out.",
			Buckets: prometheus.ExponentialBuckets(0.002, 2, 14),
		}),
	}
	// Labels that are there from the start make an alert see the first of each.
	for _, r := range post.Reasons() {
		m.dropped.WithLabelValues(string(r))
	}
	for _, r := range []string{noCampaign, invalid} {
		m.dropped.WithLabelValues(r)
	}
	for _, c := range post.Causes() {
		m.gaps.WithLabelValues(c.Label())
	}
	m.gaps.WithLabelValues(post.OtherCause)
	for _, r := range []string{unnamed, badTime} {
		m.droppedCoverage.WithLabelValues(r)
	}
	if reg != nil {
		reg.MustRegister(m.posts, m.rows, m.deletions, m.batches, m.dropped, m.gaps, m.droppedCoverage, m.watches, m.newest, m.seconds)
	}
	return m
}
