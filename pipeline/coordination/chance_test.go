package coordination

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"winnow/pipeline/post"
)

// TestPairBitsIsABound: what two accounts earn is never more than the exact
// surprise of so many successes in independent trials of the same chance.
func TestPairBitsIsABound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "shared")
		k := rapid.IntRange(1, n).Draw(t, "met")
		p := rapid.Float64Range(0.01, 0.9).Draw(t, "chance")
		got := pairBits(k, n, p*float64(n))
		tail := 0.0
		for i := k; i <= n; i++ {
			tail += math.Exp(logChoose(n, i) + float64(i)*math.Log(p) + float64(n-i)*math.Log(1-p))
		}
		if exact := -math.Log2(tail); got > exact+1e-6 || got < 0 {
			t.Fatalf("%d of %d at %v: %v bits, exactly %v", k, n, p, got, exact)
		}
	})
}

func logChoose(n, k int) float64 {
	lg := func(x int) float64 { v, _ := math.Lgamma(float64(x) + 1); return v }
	return lg(n) - lg(k) - lg(n-k)
}

// TestShareBits compares the tail with one that is summed up by integrating
// over the share.
func TestShareBits(t *testing.T) {
	for _, tc := range []struct{ peak, n int }{{5, 8}, {7, 7}, {20, 20}, {16, 18}, {50, 120}, {170, 626}} {
		const steps = 20000
		norm, tail := 0.0, 0.0
		for i := range steps {
			x := (float64(i) + 0.5) / steps
			density := math.Pow(x, shapeA-1) * math.Pow(1-x, shapeB-1)
			norm += density
			above := 0.0
			for k := tc.peak - 1; k < tc.n; k++ {
				above += math.Exp(logChoose(tc.n-1, k) + float64(k)*math.Log(x) + float64(tc.n-1-k)*math.Log(1-x))
			}
			tail += density * above
		}
		want := -math.Log2(tail / norm)
		if got := shareBits(tc.peak, tc.n); math.Abs(got-want) > 0.05 {
			t.Errorf("%d of %d: %.3f bits, want %.3f", tc.peak, tc.n, got, want)
		}
	}
}

// TestShareBitsGrow: the more of an object's actions fall into one window, the
// more surprising; the more come at other times, the less.
func TestShareBitsGrow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 3000).Draw(t, "actions")
		k := rapid.IntRange(2, n-1).Draw(t, "peak")
		b := shareBits(k, n)
		if math.IsNaN(b) || math.IsInf(b, 0) || b < 0 {
			t.Fatalf("%d of %d: %v bits", k, n, b)
		}
		if more := shareBits(k+1, n); more < b-1e-6 {
			t.Fatalf("%d of %d: %v bits, one more: %v", k, n, b, more)
		}
		if later := shareBits(k, n+1); later > b+1e-6 {
			t.Fatalf("%d of %d: %v bits, one at another time more: %v", k, n, b, later)
		}
	})
}

func TestDelayChance(t *testing.T) {
	for _, tc := range []struct{ recent, past, want float64 }{
		{1, 1, 3. / 34},          // a new object: little more than the population
		{1, 1000, leastChance},   // one that is widely spread, but not without limit
		{500, 1000, 502. / 1033}, // a hot one
		{30, 30, 32. / 63},       // all within the window
	} {
		if got := delayChance(tc.recent, tc.past); math.Abs(got-tc.want) > 1e-9 {
			t.Errorf("%v of %v: %v, want %v", tc.recent, tc.past, got, tc.want)
		}
	}
}

// TestNoChanceIsImpossible has the chances stay where logarithms are safe.
func TestNoChanceIsImpossible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		past := rapid.Float64Range(0, 1e7).Draw(t, "past")
		recent := rapid.Float64Range(0, past).Draw(t, "recent")
		if p := delayChance(recent, past); p < leastChance || p > 0.99 {
			t.Fatalf("delay chance %v", p)
		}
		var k kindStats
		k.tried[fast] = rapid.Float64Range(0, 1e9).Draw(t, "tried")
		k.met[fast] = rapid.Float64Range(0, k.tried[fast]).Draw(t, "met")
		if p := k.company(fast); p < leastCompany || p > 0.5 {
			t.Fatalf("company %v", p)
		}
		if b := rateBits(rapid.IntRange(0, 1e6).Draw(t, "n"), rapid.Float64Range(leastMean, 1e6).Draw(t, "mean")); b < 0 || math.IsInf(b, 0) {
			t.Fatalf("rate bits %v", b)
		}
	})
}

// TestSymmetry: of two accounts in step both earn the same, whoever is first.
func TestSymmetry(t *testing.T) {
	build := func(swap bool) []Finding {
		w := newWorld(1)
		for i := range 14 {
			p := w.add(&post.Post{Account: account("organic", i), PostedAt: start.Add(time.Duration(i) * 3 * time.Hour), Text: w.words(9)})
			for r := range 3 {
				who := r
				if swap {
					who = 2 - r
				}
				w.repost(account("ring", who), p, p.PostedAt.Add(time.Hour+time.Duration(r)*5*time.Second))
			}
			for j := range 20 {
				w.repost(account("other", 100*i+j), p, p.PostedAt.Add(w.delay()))
			}
		}
		return find(Config{}, w.sorted())
	}
	one, two := build(false), build(true)
	if len(one) != 1 || len(two) != 1 {
		t.Fatalf("%d and %d findings, want 1 each", len(one), len(two))
	}
	bits := map[string]float64{}
	for _, a := range one[0].Accounts {
		bits[a.AccountID] = a.Bits
	}
	// The first of the three, and the last, change places.
	bits["ring0"], bits["ring2"] = bits["ring2"], bits["ring0"]
	for _, a := range two[0].Accounts {
		if math.Abs(a.Bits-bits[a.AccountID]) > 1e-6 {
			t.Errorf("%s earns %v when the order is turned, the other %v", a.AccountID, a.Bits, bits[a.AccountID])
		}
	}
	if math.Abs(one[0].Bits-two[0].Bits) > 1e-6 {
		t.Errorf("%v bits and %v", one[0].Bits, two[0].Bits)
	}
}
