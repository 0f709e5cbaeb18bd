package talk

import (
	"testing"
	"time"

	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/dice"
)

// Memory must not grow with the length of the story: what waits for delivery
// is what was posted within the last minute, and the rest is fixed.
func TestQueueIsBounded(t *testing.T) {
	start := time.Date(2015, 6, 10, 0, 0, 0, 0, time.UTC)
	const scale = 40
	cv := dice.NewCurves()
	g := NewStream(&Setting{
		Seed: 1, StartMs: start.UnixMilli(), EndMs: start.AddDate(0, 0, 1).UnixMilli(), Scale: scale,
		Curves: cv, Cast: cast.New(cast.Call{Seed: 1, Start: start, Scale: scale, Curves: cv}), Press: NewPress(1, start, scale),
	}, nil)
	most, inMinute := 0, map[int64]int{}
	for e := g.Next(); e != nil; e = g.Next() {
		most = max(most, len(g.queue))
		inMinute[e.At/MinuteMs]++
	}
	busiest := 0
	for _, n := range inMinute {
		busiest = max(busiest, n)
	}
	if most > 2*busiest {
		t.Errorf("%d posts wait, though the busiest minute has %d", most, busiest)
	}
}
