package notify

import (
	"github.com/prometheus/client_golang/prometheus"

	"winnow/dashboards/notify/alert"
)

// metrics counts what is told. Names of receivers come from the configuration.
type metrics struct {
	alerts   *prometheus.CounterVec
	messages *prometheus.CounterVec
	waiting  *prometheus.GaugeVec
	failing  *prometheus.GaugeVec
	looks    *prometheus.CounterVec
}

// The outcomes, as in the metrics' labels.
const (
	outcomeDelivered = "delivered"
	outcomeFailed    = "failed"
	outcomeOK        = "ok"
)

func newMetrics(reg prometheus.Registerer, receivers []Receiver) *metrics {
	m := &metrics{
		alerts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "winnow_notify_alerts_total",
			Help: "What there was to tell, by kind, whoever wants to be told of it.",
		}, []string{"kind"}),
		messages: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "winnow_notify_messages_total",
			Help: "Attempts to send a message, by outcome.",
		}, []string{"receiver", "outcome"}),
		waiting: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "winnow_notify_waiting_alerts",
			Help: "Alerts that wait for others to go with them, for the end of quiet hours, for the limit of messages an hour, or for the next attempt.",
		}, []string{"receiver"}),
		failing: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "winnow_notify_failing",
			Help: "1 while the last attempt to send to a receiver failed.",
		}, []string{"receiver"}),
		looks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "winnow_notify_looks_total",
			Help: "Looks at the store for something to tell, by outcome; failed is also for a state that could not be kept.",
		}, []string{"outcome"}),
	}
	for _, k := range alert.Kinds() {
		m.alerts.WithLabelValues(string(k))
	}
	for _, r := range receivers {
		m.waiting.WithLabelValues(r.Name)
		m.failing.WithLabelValues(r.Name)
		for _, o := range []string{outcomeDelivered, outcomeFailed} {
			m.messages.WithLabelValues(r.Name, o)
		}
	}
	for _, o := range []string{outcomeOK, outcomeFailed} {
		m.looks.WithLabelValues(o)
	}
	if reg != nil {
		reg.MustRegister(m.alerts, m.messages, m.waiting, m.failing, m.looks)
	}
	return m
}

func (m *metrics) looked(err error) {
	outcome := outcomeOK
	if err != nil {
		outcome = outcomeFailed
	}
	m.looks.WithLabelValues(outcome).Inc()
}

func (m *metrics) delivered(receiver string) {
	m.messages.WithLabelValues(receiver, outcomeDelivered).Inc()
	m.failing.WithLabelValues(receiver).Set(0)
}

func (m *metrics) failed(receiver string) {
	m.messages.WithLabelValues(receiver, outcomeFailed).Inc()
	m.failing.WithLabelValues(receiver).Set(1)
}
