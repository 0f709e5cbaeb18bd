package change

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// tails sums up the chances of at most n and of at least n, from the recurrence
// of the distribution. Neither is summed up by Γ functions.
func tails(n int, m, k float64) (low, high float64) {
	log := k * math.Log(k/(k+m))
	for i := 0; ; i++ {
		p := math.Exp(log)
		if i <= n {
			low += p
		}
		if i >= n {
			high += p
			if i > n && float64(i) > m && p <= 1e-15*high {
				return low, high
			}
		}
		log += math.Log((float64(i)+k)/float64(i+1)) + math.Log(m/(k+m))
	}
}

// The bits of a tail are never more than its exact surprise, and in the tails
// that count not much less.
func TestTailBitsAreABound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.Float64Range(leastMean, 60).Draw(t, "mean")
		k := rapid.Float64Range(0.2, 20).Draw(t, "k")
		n := rapid.IntRange(0, 250).Draw(t, "n")
		low, high := tails(n, m, k)
		if high < 1e-290 {
			t.Skip("beyond what a float64 holds")
		}
		rise, exact := riseBits(float64(n), m, k), -math.Log2(high)
		if rise > exact+1e-6 || rise < 0 {
			t.Fatalf("%d or more of %v, k %v: %v bits, exactly %v", n, m, k, rise, exact)
		}
		if exact > 20 && k >= 1 && rise < 0.8*exact {
			t.Fatalf("%d or more of %v, k %v: %v bits, exactly %v", n, m, k, rise, exact)
		}
		fall, exact := fallBits(float64(n), m, k), -math.Log2(low)
		if fall > exact+1e-6 || fall < 0 {
			t.Fatalf("%d or fewer of %v, k %v: %v bits, exactly %v", n, m, k, fall, exact)
		}
	})
}

// More posts are more surprising, and a campaign that strays more is less so.
func TestRiseBitsGrow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.Float64Range(leastMean, 1e5).Draw(t, "mean")
		k := rapid.Float64Range(0.2, 20).Draw(t, "k")
		n := rapid.Float64Range(2, 100).Draw(t, "ratio")*m + 1
		b := riseBits(n, m, k)
		if math.IsNaN(b) || math.IsInf(b, 0) {
			t.Fatalf("%v of %v, k %v: %v bits", n, m, k, b)
		}
		if more := riseBits(n+1, m, k); more < b-1e-6 {
			t.Fatalf("%v of %v, k %v: %v bits, one more: %v", n, m, k, b, more)
		}
		if wide := riseBits(n, m, k/2); wide > b+1e-6 {
			t.Fatalf("%v of %v, k %v: %v bits, with half of k: %v", n, m, k, b, wide)
		}
	})
}

func TestShareBits(t *testing.T) {
	for _, tc := range []struct {
		name           string
		k1, n1, k2, n2 int
		want           float64
	}{
		{"the same share", 10, 100, 20, 200, 0},
		{"nobody before", 0, 10, 0, 10, 0},
		{"one side empty", 5, 10, 0, 0, 0},
		{"all against none", 0, 10, 10, 10, 20}, // 20 yes-or-no answers, one bit each
		// G² of Dunning's table form, 2 Σ O ln(O/E), by hand: 10.925 / (2 ln 2).
		{"by hand", 5, 100, 20, 100, 7.881},
	} {
		if got := shareBits(tc.k1, tc.n1, tc.k2, tc.n2); math.Abs(got-tc.want) > 0.02 {
			t.Errorf("%s: %v bits, want %v", tc.name, got, tc.want)
		}
	}
}

// The chance of b bits or more is at most 2 * 2^-b (Chernoff's bound on either
// side), which is what the threshold of things rests on.
func TestShareBitsByChance(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	const trials, bits = 40_000, 6
	high := 0
	for range trials {
		p := 0.02 + 0.3*rng.Float64()
		draw := func(n int) int {
			k := 0
			for range n {
				if rng.Float64() < p {
					k++
				}
			}
			return k
		}
		n1, n2 := 20+rng.IntN(80), 20+rng.IntN(80)
		if shareBits(draw(n1), n1, draw(n2), n2) >= bits {
			high++
		}
	}
	if most := 2 * trials * math.Exp2(-bits); float64(high) > most || high == 0 {
		t.Errorf("%d of %d have %d bits, want some and at most %.0f", high, trials, bits, most)
	}
}

// gamma draws from a gamma distribution of mean 1 and shape k (Marsaglia, Tsang 2000).
func gamma(rng *rand.Rand, k float64) float64 {
	if k < 1 {
		return gamma(rng, k+1) * (k + 1) / k * math.Pow(rng.Float64(), 1/k)
	}
	d := k - 1./3
	for {
		x := rng.NormFloat64()
		v := math.Pow(1+x/math.Sqrt(9*d), 3)
		if v > 0 && math.Log(1-rng.Float64()) < 0.5*x*x+d-d*v+d*math.Log(v) {
			return d * v / k
		}
	}
}

func poisson(rng *rand.Rand, m float64) int {
	if m > 500 {
		return int(max(0, math.Round(m+math.Sqrt(m)*rng.NormFloat64())))
	}
	n, p := -1, 1.0
	for limit := math.Exp(-m); p > limit; n++ {
		p *= rng.Float64()
	}
	return max(n, 0)
}

// diurnal is the share of a time of day, eight times as much in the evening as
// at night.
func diurnal(b int64) float64 {
	return 1 + 0.78*math.Sin(2*math.Pi*(float64(b%perDay)/float64(perDay)-0.5))
}

// organic makes counts that stray by themselves.
type organic struct {
	name string
	next func(rng *rand.Rand) func(b int64) float64 // rate in a bucket
	// heavy says that the null model does not hold.
	heavy bool
}

// alarms counts the changes in streams of so many days.
func (o organic) alarms(bits float64, streams, days int) map[Direction]int {
	found := map[Direction]int{}
	for seed := range uint64(streams) {
		rng := rand.New(rand.NewPCG(seed, 3))
		rate := o.next(rng)
		s := &series{bits: bits, counts: newCounts(0)}
		for b := range int64(days) * perDay {
			s.now = poisson(rng, rate(b))
			was := s.open
			if g, _ := s.close(b, false); g != nil && was == nil {
				found[g.Direction]++
			}
		}
	}
	return found
}

var organics = []organic{
	{name: "Poisson", next: func(*rand.Rand) func(int64) float64 {
		return func(b int64) float64 { return 8 * diurnal(b) }
	}},
	{name: "overdispersed in each bucket", next: func(rng *rand.Rand) func(int64) float64 {
		return func(b int64) float64 { return 5 * diurnal(b) * gamma(rng, 1.5) }
	}},
	{name: "overdispersed by the hour", next: func(rng *rand.Rand) func(int64) float64 {
		hour := 1.0
		return func(b int64) float64 {
			if b%perHour == 0 {
				hour = gamma(rng, 2)
			}
			return 10 * diurnal(b) * hour
		}
	}},
	{name: "overdispersed by the day", next: func(rng *rand.Rand) func(int64) float64 {
		day := 1.0
		return func(b int64) float64 {
			if b%perDay == 0 {
				day = gamma(rng, 3)
			}
			return 10 * diurnal(b) * day
		}
	}},
	{name: "weeks with a loud weekend", next: func(rng *rand.Rand) func(int64) float64 {
		return func(b int64) float64 {
			rate := 6 * diurnal(b) * gamma(rng, 3)
			if b/perDay%7 >= 5 {
				rate *= 2.5
			}
			return rate
		}
	}},
	{name: "sparse", next: func(rng *rand.Rand) func(int64) float64 {
		return func(b int64) float64 { return 0.08 * diurnal(b) * gamma(rng, 0.7) }
	}},
	// Not the null model: its tail is heavier than any gamma distribution's.
	{name: "lognormal that wanders for hours", heavy: true, next: func(rng *rand.Rand) func(int64) float64 {
		x := 0.0
		return func(b int64) float64 {
			x = 0.92*x + 0.6*math.Sqrt(1-0.92*0.92)*rng.NormFloat64()
			return 8 * diurnal(b) * math.Exp(x-0.18)
		}
	}},
}

// Organic streams of every kind have no more changes than promised. With a
// threshold of 10 bits, where there are enough to count, neither.
func TestOrganicStreamsAreQuiet(t *testing.T) {
	streams, days := 30, 60
	if testing.Short() {
		streams = 5
	}
	for _, o := range organics {
		t.Run(o.name, func(t *testing.T) {
			for _, bits := range []float64{changeBits, 10} {
				// Half of the figure is for the tags.
				promised := float64(streams*days*24) / 1000 * FalsePer1000Hours / 2 * math.Exp2(changeBits-bits)
				found := o.alarms(bits, streams, days)
				t.Logf("%v bits: %v in %d hours, promised %.1f", bits, found, streams*days*24, promised)
				if o.heavy {
					promised *= 4 // what docs/changes.md admits
				}
				if n := found[Rise] + found[Fall]; float64(n) > max(promised, 1) {
					t.Errorf("%v bits: %v in %d hours, promised at most %.1f", bits, found, streams*days*24, promised)
				}
			}
		})
	}
}
