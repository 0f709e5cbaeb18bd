package classic

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"winnow/collectors/wire"
)

// kinds are those of the messages that are no posts.
var kinds = []string{
	"delete", "limit", "warning", "disconnect", "scrub_geo", "status_withheld", "user_withheld", "friends", "event", "direct_message",
}

// metrics counts what the stream brings beside posts.
type metrics struct {
	rejects, notices *prometheus.CounterVec
	undelivered      prometheus.Counter
}

func newMetrics(reg prometheus.Registerer, source string) (*metrics, error) {
	m := &metrics{
		rejects: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "winnow_x_classic_rejects_total", Help: "Messages of v1.1 streams that could not be used, by reason.",
		}, []string{"reason"}),
		notices: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "winnow_x_classic_notices_total", Help: "Messages of v1.1 streams that are no posts, by kind.",
		}, []string{"kind"}),
		undelivered: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "winnow_x_classic_undelivered_posts_total", Help: "Matching posts that the server says it left out.",
		}),
	}
	for _, reason := range wire.Reasons() {
		m.rejects.WithLabelValues(string(reason))
	}
	for _, kind := range kinds {
		m.notices.WithLabelValues(kind)
	}
	if reg == nil {
		return m, nil
	}
	reg = prometheus.WrapRegistererWith(prometheus.Labels{"source": source}, reg)
	for _, c := range []prometheus.Collector{m.rejects, m.notices, m.undelivered} {
		if err := reg.Register(c); err != nil {
			return nil, fmt.Errorf("registering the metrics of %s: %w", source, err)
		}
	}
	return m, nil
}

func (m *metrics) rejected(reason string) { m.rejects.WithLabelValues(reason).Inc() }
func (m *metrics) notice(kind string)     { m.notices.WithLabelValues(kind).Inc() }
func (m *metrics) missed(n int64)         { m.undelivered.Add(float64(n)) }
