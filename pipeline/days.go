package pipeline

import (
	"context"
	"math"
	"time"
)

// daysRest is how many times as long as recomputing a campaign's days took they
// rest: hours and minutes are current within seconds, days and totals of a very
// large campaign within minutes.
const daysRest = 10

// rest is when something was done that is not to be done all the time.
type rest struct {
	at   time.Time
	took time.Duration
}

// over is true when as many times as long has passed as it took.
func (r rest) over(now time.Time, times int) bool {
	return now.Sub(r.at) >= time.Duration(times)*r.took
}

func (s *Settle) daysRested(name string) bool {
	return s.final || s.days[name].over(s.now(), daysRest)
}

// recomputeDays recomputes the marked days of a campaign when they have rested.
func (s *Settle) recomputeDays(ctx context.Context, name string) error {
	if !s.daysRested(name) {
		return nil
	}
	begin := s.now()
	// Whatever is marked: what this reads is what is stored now.
	if err := s.store.RecomputeDays(ctx, name, math.MaxInt64); err != nil {
		return err
	}
	s.days[name] = rest{at: s.now(), took: s.now().Sub(begin)}
	return nil
}
