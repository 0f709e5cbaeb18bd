package filtered

import (
	"github.com/prometheus/client_golang/prometheus"

	"winnow/collectors/wire"
	"winnow/collectors/x/spend"
)

// What came of looking a post up.
const (
	lookFound        = "found"
	lookGone         = "gone"
	lookUnknown      = "unknown"
	lookUnaffordable = "unaffordable"
	lookCrowdedOut   = "crowded-out"
)

// metrics count what a Source does.
type metrics struct {
	posts    *prometheus.CounterVec
	rejected *prometheus.CounterVec
	lookUps  *prometheus.CounterVec
	counted  *prometheus.GaugeVec
}

// newMetrics builds the metrics and registers them unless reg is nil.
func newMetrics(reg prometheus.Registerer, s *Source) (*metrics, error) {
	own := prometheus.Labels{"source": s.o.Name}
	counter := func(name, help, label string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "winnow_x_" + name, Help: help, ConstLabels: own}, []string{label})
	}
	gauge := func(name, help string, f func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "winnow_x_" + name, Help: help, ConstLabels: own}, f)
	}
	m := &metrics{
		posts:    counter("posts_total", "Posts delivered, by how they were read: stream, search, other.", "by"),
		rejected: counter("rejected_total", "Messages that could not be used, by reason.", "reason"),
		lookUps: counter("lookups_total",
			"Posts looked up again, by what came: found, gone, unknown, unaffordable, crowded-out.", "result"),
		counted: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "winnow_x_counted_posts_per_minute", Help: "Posts a minute as X counts them, by campaign.", ConstLabels: own,
		}, []string{"campaign"}),
	}
	if s.o.Counts != nil {
		for i := range s.o.Campaigns {
			m.counted.WithLabelValues(s.o.Campaigns[i].Name)
		}
	}
	for _, k := range []spend.Kind{spend.Stream, spend.Search, spend.LookUp} {
		m.posts.WithLabelValues(kindName(k))
	}
	for _, r := range wire.Reasons() {
		m.rejected.WithLabelValues(string(r))
	}
	for _, r := range []string{lookFound, lookGone, lookUnknown, lookUnaffordable, lookCrowdedOut} {
		m.lookUps.WithLabelValues(r)
	}
	if reg == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{
		m.posts, m.rejected, m.lookUps, m.counted,
		gauge("paid_posts_today", "Posts and counts paid for since midnight UTC.",
			func() float64 { return float64(s.Spend().PostsToday) }),
		gauge("paid_posts_month", "Posts and counts paid for since the first of the month UTC.",
			func() float64 { return float64(s.Spend().PostsMonth) }),
		gauge("watched_posts", "Posts waiting to be looked up again.",
			func() float64 { return float64(s.queue.Size()) }),
	} {
		if err := reg.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func kindName(k spend.Kind) string {
	switch k {
	case spend.Stream:
		return "stream"
	case spend.Search:
		return "search"
	case spend.LookUp, spend.Request:
	}
	return "other"
}
