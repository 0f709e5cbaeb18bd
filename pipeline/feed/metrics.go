package feed

import "github.com/prometheus/client_golang/prometheus"

// metrics counts what passes through the log.
type metrics struct {
	batches        prometheus.Counter
	posts          prometheus.Counter
	bytes          prometheus.Counter
	refused        *prometheus.CounterVec
	publishSeconds prometheus.Histogram
	acks           prometheus.Counter
	retries        prometheus.Counter
	restarts       prometheus.Counter
	lost           prometheus.Counter
	maxBytes       prometheus.Gauge
}

// newMetrics builds the metrics and registers them unless reg is nil. lag is
// asked at each scrape for the messages not acknowledged and the bytes stored,
// so that both are right when nothing moves.
func newMetrics(reg prometheus.Registerer, lag func() (messages, bytes float64)) (*metrics, error) {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: "winnow_log_" + name, Help: help})
	}
	m := &metrics{
		batches: counter("published_batches_total", "Batches that the log took."),
		posts:   counter("published_posts_total", "Posts in the batches that the log took."),
		bytes:   counter("published_bytes_total", "Compressed bytes of the batches that the log took."),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "winnow_log_refused_total",
			Help: "Batches that the log did not take, by reason: full, too_large, invalid, failed.",
		}, []string{"reason"}),
		publishSeconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "winnow_log_publish_seconds",
			Help:    "Time from handing a batch over until the log had it on disk.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5},
		}),
		acks:     counter("acks_total", "Messages that the pipeline acknowledged."),
		retries:  counter("retries_total", "Attempts at a message that failed and were repeated."),
		restarts: counter("consumer_restarts_total", "Times reading went back to the acknowledged position after a lost connection."),
		lost:     counter("lost_messages_total", "Messages at the end of the log that a disk promised and did not keep."),
		maxBytes: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "winnow_log_max_bytes", Help: "Bytes at which the log refuses.",
		}),
	}
	for _, reason := range []string{reasonFull, reasonTooLarge, reasonInvalid, reasonFailed} {
		m.refused.WithLabelValues(reason)
	}
	if reg == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{
		m.batches, m.posts, m.bytes, m.refused, m.publishSeconds, m.acks, m.retries, m.restarts, m.lost,
		m.maxBytes,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "winnow_log_lag_messages", Help: "Messages not yet acknowledged; NaN if the log does not answer.",
		}, func() float64 { messages, _ := lag(); return messages }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "winnow_log_stored_bytes", Help: "Bytes that the log holds on disk; NaN if it does not answer.",
		}, func() float64 { _, bytes := lag(); return bytes }),
	} {
		if err := reg.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// The reasons for which a batch is refused.
const (
	reasonFull     = "full"
	reasonTooLarge = "too_large"
	reasonInvalid  = "invalid"
	reasonFailed   = "failed"
)
