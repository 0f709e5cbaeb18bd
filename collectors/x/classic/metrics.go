package classic

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

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
