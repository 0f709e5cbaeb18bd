package pipeline

import (
	"github.com/prometheus/client_golang/prometheus"

	"winnow/pipeline/change"
	"winnow/pipeline/coordination"
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
	if reg != nil {
		reg.MustRegister(m.posts, m.rows, m.deletions, m.batches, m.dropped, m.gaps, m.droppedCoverage, m.watches, m.newest, m.seconds)
	}
	return m
}

type settleMetrics struct {
	live, arrivals   prometheus.Gauge
	passes, failures prometheus.Counter
	findings         *prometheus.CounterVec
	seconds          prometheus.Histogram
	open             *prometheus.GaugeVec
	entries, limits  *prometheus.GaugeVec
	late, imprecise  prometheus.Gauge
	evidenceTaken    prometheus.Gauge

	changes                     *prometheus.CounterVec
	changeEntries, changeLimits *prometheus.GaugeVec
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
	m.open = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "winnow_findings_open",
		Help: "Open findings of a campaign, declared ones included; campaigns are those of the configuration or of archives.",
	}, []string{"campaign"})
	m.entries = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "winnow_detector_entries",
		Help: "Size of each bounded structure of the detector at the end of the last detection.",
	}, []string{"structure"})
	m.limits = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "winnow_detector_limit_hits",
		Help: "How often a bound of the detector was hit in the last detection, by structure: evidence may be missing.",
	}, []string{"structure"})
	m.late = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "winnow_detector_late_posts",
		Help: "Posts that came too late to count in the last detection.",
	})
	m.imprecise = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "winnow_detector_imprecise_posts",
		Help: "Posts left out of the last detection because their time is not known well enough.",
	})
	m.evidenceTaken = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "winnow_detector_evidence_withdrawn",
		Help: "How often evidence that stood was taken back in the last detection.",
	})
	m.changes = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "winnow_settle_changes_total",
		Help: "Changes written, by what happened to them: changed (new ones included) or withdrawn.",
	}, []string{"event"})
	m.changeEntries = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "winnow_change_entries",
		Help: "Size of each bounded structure that changes are found with, at the end of the last detection.",
	}, []string{"structure"})
	m.changeLimits = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "winnow_change_limit_hits",
		Help: "How often a bound was hit while changes were looked for in the last detection, by structure: the sides of a change may be shorter or rougher.",
	}, []string{"structure"})
	m.live = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "winnow_settle_live_detectors",
		Help: "Detectors that are kept and given what comes, instead of reading their campaign again (bounded).",
	})
	m.arrivals = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "winnow_settle_arrivals",
		Help: "Posts that wait for detection when a pass begins (bounded).",
	})
	if reg != nil {
		reg.MustRegister(m.passes, m.failures, m.findings, m.seconds, m.live, m.arrivals, m.open, m.entries, m.limits, m.late, m.imprecise, m.evidenceTaken,
			m.changes, m.changeEntries, m.changeLimits)
	}
	return m
}

// tracking shows how full the bounded structures of a change.Tracker were.
func (m *settleMetrics) tracking(s change.Stats) {
	for structure, n := range map[string]int{
		"recent": s.Recent, "names": s.Names, "accounts": s.Accounts, "tags": s.Tags, "changes": s.Changes,
	} {
		m.changeEntries.WithLabelValues(structure).Set(float64(n))
	}
	for structure, n := range map[string]uint64{
		"pending": s.PendingForced, "recent": s.RecentForced, "accounts": s.AccountsForgotten, "tags": s.TagsReplaced, "changes": s.ChangesDropped,
	} {
		m.changeLimits.WithLabelValues(structure).Set(float64(n))
	}
}

// detection shows how full the detector's bounded structures were.
func (m *settleMetrics) detection(s coordination.Stats) {
	m.late.Set(float64(s.Late))
	m.imprecise.Set(float64(s.Imprecise))
	m.evidenceTaken.Set(float64(s.Withdrawn))
	for structure, n := range map[string]int{
		"pending": s.Pending, "known_posts": s.KnownPosts, "journal": s.Journal, "accounts": s.Accounts, "objects": s.Objects,
		"pairs": s.Pairs, "edges": s.Edges, "bursts": s.Bursts, "members": s.Members, "evidence": s.Evidence, "labels": s.Labels,
		"texts": s.Texts, "own_posts": s.OwnPosts, "reviews": s.Reviews, "groups": s.Groups, "enrolled": s.Enrolled,
	} {
		m.entries.WithLabelValues(structure).Set(float64(n))
	}
	for structure, n := range map[string]uint64{
		"pending": s.PendingForced, "known_posts": s.KnownPostsForgotten, "pairs": s.PairsForgotten + s.PairsRefused,
		"edges": s.EdgesRefused, "bursts": s.BurstsRefused, "members": s.MembersRefused, "evidence": s.EvidenceRefused,
		"labels": s.LabelsDropped, "declared": s.DeclaredIgnored, "texts": s.TextsForgotten, "own_posts": s.OwnPostsRefused,
	} {
		m.limits.WithLabelValues(structure).Set(float64(n))
	}
}
