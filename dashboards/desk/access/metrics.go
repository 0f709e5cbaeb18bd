package access

import "github.com/prometheus/client_golang/prometheus"

// Metrics counts what happens at a door. A nil one counts nothing.
type Metrics struct{ logins *prometheus.CounterVec }

// The outcomes of a log-in, as in the metric's label.
const (
	outcomeIn        = "in"
	outcomeWrong     = "wrong"
	outcomeThrottled = "throttled"
	outcomeUnable    = "unable"
)

// NewMetrics registers the metrics of a door. They stay at zero without users.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{logins: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "winnow_desk_login_attempts_total",
		Help: "Log-ins at the desk by outcome: unable is for too many at once, users that cannot be read and an audit log that cannot be written.",
	}, []string{"outcome"})}
	for _, o := range []string{outcomeIn, outcomeWrong, outcomeThrottled, outcomeUnable} {
		m.logins.WithLabelValues(o)
	}
	reg.MustRegister(m.logins)
	return m
}

func (m *Metrics) count(outcome string) {
	if m != nil {
		m.logins.WithLabelValues(outcome).Inc()
	}
}
