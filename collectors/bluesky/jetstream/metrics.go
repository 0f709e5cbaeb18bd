package jetstream

import (
	"github.com/prometheus/client_golang/prometheus"

	"winnow/collectors/bluesky/socket"
	"winnow/collectors/bluesky/track"
)

// What became of a frame.
const (
	frameSieved    = "sieved"    // told by its bytes to be nothing
	frameUnmatched = "unmatched" // decoded, and of no campaign
	frameMatched   = "matched"
	frameRepeated  = "repeated" // delivered before
	frameNotice    = "notice"
	frameRejected  = "rejected"
)

// What came of a comparison with a second host.
const (
	comparedAgreed     = "agreed"
	comparedBlind      = "blind"
	comparedOtherBlind = "other-blind"
	comparedFailed     = "failed"
	comparedSkipped    = "skipped"
)

// metrics counts, told to whoever gave a registry.
type metrics struct {
	outcomes map[string]prometheus.Counter
	bytes    prometheus.Counter
	bare     prometheus.Counter
	opened   *prometheus.CounterVec
	compared *prometheus.CounterVec
	lag      prometheus.Gauge
}

func newMetrics(reg prometheus.Registerer, set *track.Set, hosts []socket.Host) *metrics {
	frames := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "winnow_jetstream_frames_total",
		Help: "Frames read, by what became of them.",
	}, []string{"outcome"})
	m := &metrics{
		outcomes: make(map[string]prometheus.Counter),
		bytes: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "winnow_jetstream_bytes_total",
			Help: "Bytes of frames read, as they came.",
		}),
		bare: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "winnow_jetstream_bare_reposts_total",
			Help: "Reposts of followed posts whose content was not remembered any more.",
		}),
		opened: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "winnow_jetstream_connections_total",
			Help: "Connections opened, by host and wire.",
		}, []string{"host", "wire"}),
		compared: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "winnow_jetstream_comparisons_total",
			Help: "Comparisons with a second host, by outcome.",
		}, []string{"outcome"}),
		lag: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "winnow_jetstream_lag_seconds",
			Help: "How long ago, by this machine's clock, the last event was sequenced.",
		}),
	}
	for _, o := range []string{frameSieved, frameUnmatched, frameMatched, frameRepeated, frameNotice, frameRejected} {
		m.outcomes[o] = frames.WithLabelValues(o)
	}
	for _, h := range hosts {
		for _, wire := range []socket.Wire{socket.Events, socket.Legacy} {
			m.opened.WithLabelValues(h.Name(), string(wire))
		}
	}
	for _, outcome := range []string{comparedAgreed, comparedBlind, comparedOtherBlind, comparedFailed, comparedSkipped} {
		m.compared.WithLabelValues(outcome)
	}
	if reg == nil {
		return m
	}
	count := func(name, help string, pick func(posts, contents int) int) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 {
			return float64(pick(set.Len()))
		})
	}
	reg.MustRegister(frames, m.bytes, m.bare, m.opened, m.compared, m.lag,
		count("winnow_jetstream_followed_posts", "Posts whose reposts and deletions are followed.", func(n, _ int) int { return n }),
		count("winnow_jetstream_followed_contents", "Posts whose content is remembered for reposts.", func(_, n int) int { return n }))
	return m
}

func (m *metrics) frame(outcome string) {
	m.outcomes[outcome].Inc()
}

func (m *metrics) read(bytes int) {
	m.bytes.Add(float64(bytes))
}

func (m *metrics) bareRepost() {
	m.bare.Inc()
}

func (m *metrics) open(host, wire string) {
	m.opened.WithLabelValues(host, wire).Inc()
}

func (m *metrics) comparison(outcome string) {
	m.compared.WithLabelValues(outcome).Inc()
}

func (m *metrics) behind(seconds float64) {
	m.lag.Set(seconds)
}
