package storage

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	inserts   *prometheus.HistogramVec
	rows      *prometheus.CounterVec
	sightings prometheus.Gauge
	firsts    prometheus.Gauge
	recompute prometheus.Histogram
}

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
		sightings: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "winnow_store_sightings",
			Help: "Accounts whose last sight is remembered, to write only what changed (bounded).",
		}),
		firsts: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "winnow_store_first_sights",
			Help: "Posts whose first told time is remembered (bounded).",
		}),
		recompute: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "winnow_store_recompute_seconds",
			Help:    "Time to recompute the marked buckets of one campaign.",
			Buckets: prometheus.ExponentialBuckets(0.01, 2, 14),
		}),
	}
	if reg != nil {
		reg.MustRegister(m.inserts, m.rows, m.sightings, m.firsts, m.recompute)
	}
	return m
}
