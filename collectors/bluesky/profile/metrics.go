package profile

import "github.com/prometheus/client_golang/prometheus"

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
