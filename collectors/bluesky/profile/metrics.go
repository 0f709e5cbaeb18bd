package profile

import "github.com/prometheus/client_golang/prometheus"

// What came of a look-up.
const (
	callPaused   = "paused"
	callLate     = "late"
	callFailed   = "failed"
	callAnswered = "answered"
)

// metrics counts calls; nil counts nothing.
type metrics struct {
	calls *prometheus.CounterVec
}

func newMetrics(reg prometheus.Registerer, known func() float64) *metrics {
	if reg == nil {
		return nil
	}
	m := &metrics{calls: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "winnow_bluesky_profile_calls_total",
		Help: "Look-ups of up to 25 profiles each, by outcome.",
	}, []string{"outcome"})}
	for _, outcome := range []string{callPaused, callLate, callFailed, callAnswered} {
		m.calls.WithLabelValues(outcome)
	}
	reg.MustRegister(m.calls, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "winnow_bluesky_profiles",
		Help: "Profiles remembered.",
	}, known))
	return m
}

func (m *metrics) asked(outcome string) {
	if m != nil {
		m.calls.WithLabelValues(outcome).Inc()
	}
}
