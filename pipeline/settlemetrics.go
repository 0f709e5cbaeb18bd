package pipeline

import (
	"github.com/prometheus/client_golang/prometheus"

	"winnow/pipeline/change"
	"winnow/pipeline/coordination"
	"winnow/storage"
)

type settleMetrics struct {
	passes, failures     prometheus.Counter
	findings, changes    *prometheus.CounterVec
	seconds              prometheus.Histogram
	succeeded, waiting   prometheus.Gauge
	open                 *prometheus.GaugeVec
	live, arrivals, most prometheus.Gauge
	late, imprecise      prometheus.Gauge
	evidenceTaken        prometheus.Gauge
	detector, tracker    *fullness
}

// What happened to a finding or a change.
const (
	eventChanged   = "changed"
	eventWithdrawn = "withdrawn"
)

func newSettleMetrics(reg prometheus.Registerer) *settleMetrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
	}
	events := func(name, help string) *prometheus.CounterVec {
		v := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{"event"})
		for _, event := range []string{eventChanged, eventWithdrawn} {
			v.WithLabelValues(event)
		}
		return v
	}
	m := &settleMetrics{
		passes:   counter("winnow_settle_passes_total", "Campaigns settled: detection run and touched buckets recomputed."),
		failures: counter("winnow_settle_failures_total", "Passes that failed and were tried again."),
		findings: events("winnow_settle_findings_total", "Findings written, by what happened to them: changed (new ones included) or withdrawn."),
		changes:  events("winnow_settle_changes_total", "Changes written, by what happened to them: changed (new ones included) or withdrawn."),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "winnow_settle_seconds",
			Help:    "Time to settle one campaign.",
			Buckets: prometheus.ExponentialBuckets(0.01, 2, 14),
		}),
		succeeded: gauge("winnow_settle_success_timestamp_seconds",
			"When a pass over all campaigns ended last without an error, in Unix time; passes with nothing to do count. 0 for not since the start."),
		waiting: gauge("winnow_settle_open_marks", "Hours of campaigns that waited to be recomputed when the last pass began."),
		open: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "winnow_findings_open",
			Help: "Open findings of a configured campaign, declared ones included.",
		}, []string{"campaign"}),
		live:          gauge("winnow_settle_live_detectors", "Detectors that are kept and given what comes, instead of reading their campaign again (bounded)."),
		arrivals:      gauge("winnow_settle_arrivals", "Posts that wait for detection when a pass begins (bounded)."),
		most:          gauge("winnow_settle_arrivals_limit", "The bound of winnow_settle_arrivals; beyond it campaigns are read from the store instead."),
		late:          gauge("winnow_detector_late_posts", "Posts that came too late to count in the last detection."),
		imprecise:     gauge("winnow_detector_imprecise_posts", "Posts left out of the last detection because their time is not known well enough."),
		evidenceTaken: gauge("winnow_detector_evidence_withdrawn", "How often evidence that stood was taken back in the last detection."),
		detector:      newFullness("winnow_detector", "the detector", detectorSizes(coordination.Stats{}), detectorHits(coordination.Stats{}), detectorLimits()),
		tracker:       newFullness("winnow_change", "what changes are found with", trackerSizes(change.Stats{}), trackerHits(change.Stats{}), trackerLimits()),
	}
	m.most.Set(maxArrivals)
	if reg != nil {
		reg.MustRegister(m.passes, m.failures, m.findings, m.changes, m.seconds, m.succeeded, m.waiting, m.open,
			m.live, m.arrivals, m.most, m.late, m.imprecise, m.evidenceTaken)
		m.detector.register(reg)
		m.tracker.register(reg)
	}
	return m
}

// begin is called when a pass begins with the hours that wait.
func (m *settleMetrics) begin(marked []storage.OpenMarks) {
	waiting := uint64(0)
	for _, o := range marked {
		waiting += o.ByPosts + o.ByFindings
	}
	m.waiting.Set(float64(waiting))
	m.detector.begin()
	m.tracker.begin()
}

// tracking shows how full the bounded structures of a change.Tracker were.
func (m *settleMetrics) tracking(s change.Stats) {
	m.tracker.observe(trackerSizes(s), trackerHits(s))
}

// detection shows how full the detector's bounded structures were.
func (m *settleMetrics) detection(s coordination.Stats) {
	m.late.Set(float64(s.Late))
	m.imprecise.Set(float64(s.Imprecise))
	m.evidenceTaken.Set(float64(s.Withdrawn))
	m.detector.observe(detectorSizes(s), detectorHits(s))
}
