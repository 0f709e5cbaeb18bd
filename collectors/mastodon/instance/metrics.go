package instance

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"winnow/collectors/mastodon/streaming"
	"winnow/collectors/wire"
)

// otherEvent is the label of all events that mean nothing to hashtags.
const otherEvent = "other"

type metrics struct {
	messages, rejects       *prometheus.CounterVec
	missed, boosts, figures prometheus.Counter
	polls, unlisted         prometheus.Counter
	watched                 prometheus.GaugeFunc
}

// newMetrics builds the metrics of one source, which its name tells apart.
func newMetrics(reg prometheus.Registerer, source string, watched func() int) (*metrics, error) {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: "winnow_mastodon_" + name, Help: help})
	}
	m := &metrics{
		messages: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "winnow_mastodon_messages_total", Help: "Messages of streams, by event; other is all that mean nothing to hashtags.",
		}, []string{"event"}),
		rejects: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "winnow_mastodon_rejects_total", Help: "Messages and items of timelines that could not be used, by reason.",
		}, []string{"reason"}),
		missed:   counter("missed_posts_total", "Posts that a stream did not bring and a timeline had."),
		boosts:   counter("boosts_total", "Boosts found by looking at posts."),
		unlisted: counter("unlisted_boosts_total", "Looks at a post that found more boosts than are asked for at once."),
		figures:  counter("refreshed_posts_total", "Posts delivered again since their figures changed."),
		polls:    counter("polls_total", "Timelines asked for, to poll or to compare."),
		watched: prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "winnow_mastodon_boost_watch_posts", Help: "Posts that are looked at for boosts.",
		}, func() float64 { return float64(watched()) }),
	}
	for _, event := range []string{streaming.Update, streaming.Edit, streaming.Delete, otherEvent} {
		m.messages.WithLabelValues(event)
	}
	for _, reason := range wire.Reasons() {
		m.rejects.WithLabelValues(string(reason))
	}
	if reg == nil {
		return m, nil
	}
	reg = prometheus.WrapRegistererWith(prometheus.Labels{"source": source}, reg)
	for _, c := range []prometheus.Collector{m.messages, m.rejects, m.missed, m.boosts, m.unlisted, m.figures, m.polls, m.watched} {
		if err := reg.Register(c); err != nil {
			return nil, fmt.Errorf("registering the metrics of %s: %w", source, err)
		}
	}
	return m, nil
}
