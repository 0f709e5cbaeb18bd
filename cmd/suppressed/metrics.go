package suppressed

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	entries        prometheus.Gauge
	posts, emptied prometheus.Counter
}

func newMetrics() *metrics {
	return &metrics{
		entries: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "winnow_suppressed_names",
			Help: "Names of accounts, as keyed hashes, that are not to be collected: their ids and handles.",
		}),
		posts: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "winnow_suppressed_posts_total",
			Help: "Posts and deletions not stored, since their account is not to be collected.",
		}),
		emptied: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "winnow_suppressed_mentions_total",
			Help: "Posts of others that an account was taken out of before they were stored, since it is not to be collected.",
		}),
	}
}

// Describe implements prometheus.Collector.
func (l *List) Describe(out chan<- *prometheus.Desc) { prometheus.DescribeByCollect(l, out) }

// Collect implements prometheus.Collector.
func (l *List) Collect(out chan<- prometheus.Metric) {
	l.metrics.entries.Collect(out)
	l.metrics.posts.Collect(out)
	l.metrics.emptied.Collect(out)
}
