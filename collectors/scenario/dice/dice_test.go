package dice

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Property: a draw is below its bound, and dice of the same seed and stream
// draw the same.
func TestDraws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed, stream := rapid.Uint64().Draw(t, "seed"), rapid.Uint64().Draw(t, "stream")
		k := rapid.IntRange(-1, math.MaxInt).Draw(t, "k")
		a, b := New(seed, stream), New(seed, stream)
		for range 20 {
			n := a.N(k)
			if n < 0 || n > 0 && n >= k {
				t.Fatalf("drew %d of %d", n, k)
			}
			if m := b.N(k); m != n {
				t.Fatalf("drew %d and %d from the same dice", n, m)
			}
		}
	})
}

// Property: every curve rises, or stays, over all of its quantiles, and has no
// value below zero.
func TestCurvesRise(t *testing.T) {
	cv := NewCurves()
	rapid.Check(t, func(t *rapid.T) {
		u, v := rapid.Uint64().Draw(t, "u"), rapid.Uint64().Draw(t, "v")
		low, high := min(u, v), max(u, v)
		for i, c := range []*curve{cv.Gap, cv.Rank, cv.Delay, cv.Answer, cv.Burst, cv.Followers, cv.Fit, cv.Latency} {
			if a, b := c.At(low), c.At(high); a < 0 || a > b {
				t.Fatalf("curve %d falls from %d to %d", i, a, b)
			}
		}
	})
}
