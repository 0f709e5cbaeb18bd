package storage

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	inserts   *prometheus.HistogramVec
	rows      *prometheus.CounterVec
	failures  *prometheus.CounterVec
	sightings prometheus.Gauge
	firsts    prometheus.Gauge
	recompute *prometheus.HistogramVec
}

// written are the tables that rows are inserted into.
var written = []string{
	"posts", "tombstones", "aliases", "accounts", "account_sights", "marks", "gaps", "watches",
	"findings", "finding_accounts", "finding_objects", "finding_posts", "finding_evidence", "verdicts", "verdict_history",
	"changes", "change_items", "horizons", "declared_actions",
}

// The parts of recomputing.
const (
	partHours = "hours"
	partDays  = "days"
)

func newMetrics(reg prometheus.Registerer) *metrics {
	m := &metrics{
		inserts: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "winnow_store_insert_seconds",
			Help:    "Time of one insert into the store, by table.",
			Buckets: prometheus.ExponentialBuckets(0.002, 2, 14),
		}, []string{"table"}),
		rows: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "winnow_store_rows_total",
			Help: "Rows written to the store, by table; a row written twice counts twice.",
		}, []string{"table"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "winnow_store_insert_failures_total",
			Help: "Inserts that the store did not take, by table; what they were of is tried again.",
		}, []string{"table"}),
		sightings: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "winnow_store_sightings",
			Help: "Accounts whose last sight is remembered, to write only what changed (bounded).",
		}),
		firsts: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "winnow_store_first_sights",
			Help: "Posts whose first told time is remembered (bounded).",
		}),
		recompute: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "winnow_store_recompute_seconds",
			Help:    "Time to recompute the marked hours, or days, of one campaign, by part: hours, days.",
			Buckets: prometheus.ExponentialBuckets(0.01, 2, 14),
		}, []string{"part"}),
	}
	for _, table := range written {
		m.inserts.WithLabelValues(table)
		m.rows.WithLabelValues(table)
		m.failures.WithLabelValues(table)
	}
	for _, part := range []string{partHours, partDays} {
		m.recompute.WithLabelValues(part)
	}
	if reg != nil {
		reg.MustRegister(m.inserts, m.rows, m.failures, m.sightings, m.firsts, m.recompute)
	}
	return m
}
