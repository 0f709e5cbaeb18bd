package witness

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"winnow/storage/evidence"
	"winnow/storage/evidence/chain"
)

// Witness is somebody that a head is shown to.
type Witness interface {
	// Means is how, in one word that is written down with the head.
	Means() string
	// Show shows a head, and returns what is to be kept as an answer, if anything.
	Show(ctx context.Context, h evidence.Head) (answer []byte, err error)
}

// Store is what the heads come from, and where it is written down who saw them.
type Store interface {
	Campaigns() []string
	Head(campaign string) (evidence.Head, error)
	Notices(campaign string) ([]chain.Notice, error)
	Witnessed(campaign string, h chain.Head, means string, at time.Time, answer []byte) error
}

// Options are those of a schedule.
type Options struct {
	// Every is how long after a head was shown the next one is.
	Every time.Duration
	// Now is the time that is written down.
	Now func() time.Time
	Log *slog.Logger
	// Metrics may be nil.
	Metrics prometheus.Registerer
}

// retry is after how long a witness that failed is asked again, and how often it is
// looked whether a head is due.
const retry = 10 * time.Minute

// Schedule shows heads.
type Schedule struct {
	store     Store
	witnesses []Witness
	o         Options
	metrics   *metrics
}

// New makes a schedule, and asks no network. Each witness has a means of its own.
func New(s Store, witnesses []Witness, o Options) (*Schedule, error) {
	means := make([]string, 0, len(witnesses))
	seen := map[string]bool{}
	for _, w := range witnesses {
		m := w.Means()
		if err := chain.CheckMeans(m); err != nil {
			return nil, fmt.Errorf("show heads by %.40q: %w", m, err)
		}
		if seen[m] {
			return nil, fmt.Errorf("show heads by %s: there are two such witnesses", m)
		}
		seen[m] = true
		means = append(means, m)
	}
	ms, err := newMetrics(o.Metrics, means)
	if err != nil {
		return nil, fmt.Errorf("show heads: %w", err)
	}
	return &Schedule{store: s, witnesses: witnesses, o: o, metrics: ms}, nil
}

// Run shows heads when they are due, until ctx ends. What fails is logged, counted and
// tried again.
func (s *Schedule) Run(ctx context.Context) error {
	tick := time.NewTicker(min(retry, s.o.Every))
	defer tick.Stop()
	for {
		s.Once(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Once shows all heads that are due, and returns how many it showed.
func (s *Schedule) Once(ctx context.Context) int {
	shown := 0
	for _, campaign := range s.store.Campaigns() {
		for _, w := range s.witnesses {
			if ctx.Err() != nil {
				return shown
			}
			done, err := s.show(ctx, campaign, w)
			switch {
			case err != nil && ctx.Err() == nil:
				s.metrics.failed.WithLabelValues(w.Means()).Inc()
				s.o.Log.Warn("evidence: a head was not shown to a witness; it is tried again", "means", w.Means(), "error", err)
			case done:
				shown++
			}
		}
	}
	return shown
}

func (s *Schedule) show(ctx context.Context, campaign string, w Witness) (bool, error) {
	h, err := s.store.Head(campaign)
	if err != nil || h.Records == 0 {
		return false, err
	}
	notices, err := s.store.Notices(campaign)
	if err != nil {
		return false, err
	}
	now := s.o.Now()
	for _, n := range notices {
		if n.Means != w.Means() {
			continue
		}
		s.metrics.at(n.Means, n.Time)
		// A clock that was put back must not keep heads from being shown.
		since := now.Sub(n.Time)
		if n.Head == h.Head || since >= 0 && since < s.o.Every {
			return false, nil
		}
	}
	answer, err := w.Show(ctx, h)
	if errors.Is(err, ErrNobody) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := s.store.Witnessed(campaign, h.Head, w.Means(), now, answer); err != nil {
		return false, err
	}
	s.metrics.shown.WithLabelValues(w.Means()).Inc()
	s.metrics.at(w.Means(), now)
	return true, nil
}

// metrics counts what was shown.
type metrics struct {
	shown, failed *prometheus.CounterVec
	last          *prometheus.GaugeVec
}

func newMetrics(reg prometheus.Registerer, means []string) (*metrics, error) {
	label := []string{"means"}
	m := &metrics{
		shown:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "winnow_evidence_heads_shown_total", Help: "Heads of evidence that a witness was shown, by means."}, label),
		failed: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "winnow_evidence_heads_failed_total", Help: "Attempts to show a head of evidence that failed, by means."}, label),
		last: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "winnow_evidence_head_shown_timestamp_seconds", Help: "When a witness was shown a head of evidence last, in Unix time, by means; 0 for never.",
		}, label),
	}
	for _, name := range means {
		m.shown.WithLabelValues(name)
		m.failed.WithLabelValues(name)
		m.last.WithLabelValues(name)
	}
	if reg == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.shown, m.failed, m.last} {
		if err := reg.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *metrics) at(means string, t time.Time) {
	m.last.WithLabelValues(means).Set(float64(t.UnixMilli()) / 1000)
}
