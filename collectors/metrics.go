package collectors

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"

	"winnow/pipeline/post"
)

// metrics are those of all sources, labelled by source and cause, both of
// which are few.
type metrics struct {
	state, pending, lastBytes, lastPost          *prometheus.GaugeVec
	open, buffered, bufferLimit                  *prometheus.GaugeVec
	posts, deletions, attempts, dropped          *prometheus.CounterVec
	faults, gapSeconds                           *prometheus.CounterVec
	spentToday, spentMonth, limitDay, limitMonth *prometheus.GaugeVec
	projectedToday, projectedMonth               *prometheus.GaugeVec
}

// newMetrics builds the metrics and registers them unless reg is nil.
func newMetrics(reg prometheus.Registerer) (*metrics, error) {
	var all []prometheus.Collector
	gauge := func(name, help string, more ...string) *prometheus.GaugeVec {
		g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "winnow_collector_" + name, Help: help}, append([]string{"source"}, more...))
		all = append(all, g)
		return g
	}
	counter := func(name, help string, more ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "winnow_collector_" + name, Help: help}, append([]string{"source"}, more...))
		all = append(all, c)
		return c
	}
	m := &metrics{
		state:          gauge("state", "What the source does: 0 connecting, 1 live, 2 waiting before the next attempt, 3 stopped until the operator acts."),
		open:           gauge("gap_open", "1 while the source misses posts, sampling included, by cause.", "cause"),
		buffered:       gauge("buffer_posts", "Posts and deletions that wait for the log."),
		bufferLimit:    gauge("buffer_limit_posts", "How many may wait for the log; beyond it the source is not read."),
		pending:        gauge("gaps_pending", "Closed gaps that are still to be filled."),
		lastBytes:      gauge("last_bytes_timestamp_seconds", "When bytes came last, in Unix time; 0 for not since the start."),
		lastPost:       gauge("last_post_timestamp_seconds", "When a post came last, in Unix time; 0 for not since the start."),
		posts:          counter("posts_total", "Posts that the source delivered."),
		deletions:      counter("deletions_total", "Deletions that the source delivered."),
		attempts:       counter("attempts_total", "Attempts to connect."),
		dropped:        counter("dropped_total", "Single posts, deletions or rows that the log refused for good."),
		faults:         counter("faults_total", "Faults of connections and of filling, by cause.", "cause"),
		gapSeconds:     counter("gap_seconds_total", "Seconds of closed gaps of the whole source, less the share that was seen, by cause.", "cause"),
		spentToday:     gauge("spent_posts_today", "Posts paid for since midnight UTC."),
		spentMonth:     gauge("spent_posts_month", "Posts paid for since the first of the month UTC."),
		limitDay:       gauge("limit_posts_day", "Posts that may be paid for in a day; 0 for no limit."),
		limitMonth:     gauge("limit_posts_month", "Posts that may be paid for in a month; 0 for no limit."),
		projectedToday: gauge("projected_posts_today", "What the posts of today come to at this rate."),
		projectedMonth: gauge("projected_posts_month", "What the posts of the month come to at this rate."),
	}
	if reg == nil {
		return m, nil
	}
	var errs []error
	for _, c := range all {
		errs = append(errs, reg.Register(c))
	}
	return m, errors.Join(errs...)
}

// sourceMetrics are those of one source.
type sourceMetrics struct {
	name                                  string
	all                                   *metrics
	state                                 prometheus.Gauge
	posts, deletions, attempts, discarded prometheus.Counter
}

// of returns those of a source that may have so many posts wait. Its counters are
// there from the start, so that an alert sees the first of each cause.
func (m *metrics) of(source string, buffer int) *sourceMetrics {
	m.bufferLimit.WithLabelValues(source).Set(float64(buffer))
	for _, c := range append(post.Causes(), post.OtherCause) {
		m.faults.WithLabelValues(source, c.Label())
		m.gapSeconds.WithLabelValues(source, c.Label())
	}
	return &sourceMetrics{
		name: source, all: m,
		state: m.state.WithLabelValues(source),
		posts: m.posts.WithLabelValues(source), deletions: m.deletions.WithLabelValues(source),
		attempts: m.attempts.WithLabelValues(source), discarded: m.dropped.WithLabelValues(source),
	}
}

func (s *sourceMetrics) entered(state State) {
	s.state.Set(map[State]float64{Connecting: 0, Live: 1, Waiting: 2, Ended: 3}[state])
}

func (s *sourceMetrics) delivered(posts, deletions int) {
	s.posts.Add(float64(posts))
	s.deletions.Add(float64(deletions))
}

func (s *sourceMetrics) fault(c post.Cause) {
	s.all.faults.WithLabelValues(s.name, c.Label()).Inc()
}

// closed counts a gap of the whole source that is over.
func (s *sourceMetrics) closed(g post.Gap) {
	s.all.gapSeconds.WithLabelValues(s.name, g.Cause.Label()).Add(g.To.Sub(g.From).Seconds() * (1 - g.Share))
}

// show sets the gauges.
func (s *sourceMetrics) show(now *Status, buffered int) {
	set := func(g *prometheus.GaugeVec, v float64) { g.WithLabelValues(s.name).Set(v) }
	seconds := func(ms int64, zero bool) float64 {
		if zero {
			return 0
		}
		return float64(ms) / 1000
	}
	missing := ""
	if now.Missing != nil {
		missing = now.Missing.Cause.Label()
	}
	for _, c := range append(post.Causes(), post.OtherCause) {
		open := 0.0
		if string(c) == missing {
			open = 1
		}
		s.all.open.WithLabelValues(s.name, string(c)).Set(open)
	}
	set(s.all.buffered, float64(buffered))
	set(s.all.pending, float64(now.Pending))
	set(s.all.lastBytes, seconds(now.LastBytes.UnixMilli(), now.LastBytes.IsZero()))
	set(s.all.lastPost, seconds(now.LastPost.UnixMilli(), now.LastPost.IsZero()))
	if now.Spend != nil {
		set(s.all.spentToday, float64(now.Spend.PostsToday))
		set(s.all.spentMonth, float64(now.Spend.PostsMonth))
		set(s.all.limitDay, float64(now.Spend.DayLimit))
		set(s.all.limitMonth, float64(now.Spend.MonthLimit))
		set(s.all.projectedToday, float64(now.Spend.ProjectedToday))
		set(s.all.projectedMonth, float64(now.Spend.ProjectedMonth))
	}
}
