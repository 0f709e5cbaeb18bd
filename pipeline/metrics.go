package pipeline

import (
	"github.com/prometheus/client_golang/prometheus"
)

type ingestMetrics struct {
	posts, rows, deletions, batches prometheus.Counter
	dropped                         *prometheus.CounterVec
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
			Help: "Log messages written to the store.",
		}),
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "winnow_pipeline_dropped_posts_total",
			Help: "Posts not stored, by reason.",
		}, []string{"reason"}),
		newest: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "winnow_pipeline_newest_post_timestamp_seconds",
			Help: "Time of posting of the newest post stored since the start.",
		}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "winnow_pipeline_batch_seconds",
			Help:    "Time to write one log message to the store.",
			Buckets: prometheus.ExponentialBuckets(0.002, 2, 14),
		}),
	}
	if reg != nil {
		reg.MustRegister(m.posts, m.rows, m.deletions, m.batches, m.dropped, m.newest, m.seconds)
	}
	return m
}

type settleMetrics struct {
	passes, failures prometheus.Counter
	findings         *prometheus.CounterVec
	seconds          prometheus.Histogram
}

func newSettleMetrics(reg prometheus.Registerer) *settleMetrics {
	m := &settleMetrics{
		passes: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "winnow_settle_passes_total",
			Help: "Campaigns settled: detection run and touched buckets recomputed.",
		}),
		failures: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "winnow_settle_failures_total",
			Help: "Passes that failed and were tried again.",
		}),
		findings: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "winnow_settle_findings_total",
			Help: "Findings written, by what happened to them: changed (new ones included) or withdrawn.",
		}, []string{"event"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "winnow_settle_seconds",
			Help:    "Time to settle one campaign.",
			Buckets: prometheus.ExponentialBuckets(0.01, 2, 14),
		}),
	}
	if reg != nil {
		reg.MustRegister(m.passes, m.failures, m.findings, m.seconds)
	}
	return m
}
