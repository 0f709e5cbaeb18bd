package spend_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"winnow/collectors/x/spend"
)

// reaction is how long the simulated X keeps delivering by the decision before.
const reaction = 20

// Whatever comes, at up to 250 posts a second, with decisions each few seconds
// that take 20 seconds to have an effect, and with look-ups in between: what
// is spent on a day or in a month never exceeds nine tenths of the limit by
// more than what came in one reaction time. So it never exceeds the limit at
// all if the tenth that is kept back covers that, as it does from 75,000 on.
func TestNeverOver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := spend.Budget{
			PostsPerDay:   uint64(rapid.SampledFrom([]int{0, 300, 1000, 10_000, 33_000, 100_000, 1_000_000}).Draw(t, "day")),
			PostsPerMonth: uint64(rapid.SampledFrom([]int{0, 1000, 20_000, 100_000, 600_000}).Draw(t, "month")),
		}
		every := rapid.IntRange(1, 10).Draw(t, "decisions each seconds")
		lookUps := rapid.IntRange(0, 100).Draw(t, "look-ups each decision")
		g, err := spend.New(spend.Options{Budget: b, Every: time.Duration(every) * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2026, 2, 27, rapid.IntRange(0, 23).Draw(t, "hour"), 0, 0, 0, time.UTC)
		w := &world{g: g, now: now, every: every, lookUps: lookUps, queue: make([]float64, reaction)}
		for i := range w.queue {
			w.queue[i] = 1
		}
		for range rapid.IntRange(1, 8).Draw(t, "stretches") {
			rate := rapid.SampledFrom([]float64{0, 0.01, 0.1, 1, 5, 20, 100, 250}).Draw(t, "posts per second")
			seconds := rapid.SampledFrom([]int{5, 25, 60, 600, 3600, 3 * 3600}).Draw(t, "seconds")
			w.run(t, b, rate, seconds)
			if rapid.Bool().Draw(t, "restart") {
				again, err := spend.New(spend.Options{Budget: b, Every: time.Duration(every) * time.Second})
				if err != nil {
					t.Fatal(err)
				}
				if err := again.Restore(w.g.State()); err != nil {
					t.Fatal(err)
				}
				w.g = again
			}
		}
	})
}

// world is X and a collector that asks the guard.
type world struct {
	g              *spend.Guard
	now            time.Time
	next           int
	every, lookUps int
	// queue are the shares in force for the next seconds.
	queue []float64
	tick  int
	// paid is what X charged; recent what it delivered in the last seconds.
	paid   struct{ day, month uint64 }
	recent []uint64
	credit float64
}

func (w *world) run(t *rapid.T, b spend.Budget, rate float64, seconds int) {
	for range seconds {
		before := w.now
		w.now = w.now.Add(time.Second)
		if before.Day() != w.now.Day() {
			w.paid.day = 0
		}
		if before.Month() != w.now.Month() {
			w.paid.month = 0
		}
		if w.tick%w.every == 0 {
			d := w.g.Decide(w.now)
			if len(w.queue) > reaction {
				w.queue = w.queue[:reaction]
			}
			for len(w.queue) < reaction+w.every {
				w.queue = append(w.queue, d.Share)
			}
			if w.lookUps > 0 && w.g.Afford(w.now, spend.LookUp, w.lookUps) {
				w.charge(w.g.Read(w.now, spend.LookUp, ids(&w.next, w.lookUps)...))
			}
		}
		w.tick++
		w.credit += rate * w.queue[0]
		w.queue = w.queue[1:]
		n := int(w.credit)
		w.credit -= float64(n)
		w.charge(w.g.Read(w.now, spend.Stream, ids(&w.next, n)...))
		w.recent = append(w.recent, uint64(n))
		if len(w.recent) > reaction+w.every {
			w.recent = w.recent[1:]
		}
		var late uint64
		for _, n := range w.recent {
			late += n
		}
		if n > 0 {
			check(t, "day", b.PostsPerDay, w.paid.day, late)
			check(t, "month", b.PostsPerMonth, w.paid.month, late)
		}
	}
}

func (w *world) charge(n int) {
	w.paid.day += uint64(n)
	w.paid.month += uint64(n)
}

// check judges a second in which posts came, late being those of the last
// reaction time, this second included.
func check(t *rapid.T, period string, limit, paid, late uint64) {
	switch {
	case limit == 0 || paid <= limit:
	case limit >= 75_000:
		t.Fatalf("%d posts paid of %d a %s", paid, limit, period)
	case paid > limit-limit/10+late:
		t.Fatalf("%d posts paid of %d a %s, and only %d came in the reaction time", paid, limit, period, late)
	}
}
