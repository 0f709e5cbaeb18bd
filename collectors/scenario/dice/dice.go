package dice

import (
	"math"
	"math/bits"
	"math/rand/v2"
)

// Dice draws numbers from a PCG. It draws integers only, since these come out
// the same on every machine, which cannot be said of floating point.
type Dice struct{ pcg rand.PCG }

// New returns dice of their own for each seed and stream.
func New(seed, stream uint64) Dice {
	var d Dice
	d.pcg.Seed(seed, stream)
	return d
}

// Bits draws 64 bits.
func (d *Dice) Bits() uint64 { return d.pcg.Uint64() }

// N draws from [0, k); 0 if k is not positive.
func (d *Dice) N(k int) int {
	if k <= 0 {
		return 0
	}
	hi, _ := bits.Mul64(d.pcg.Uint64(), uint64(k))
	return int(hi)
}

// Ms draws from [0, k).
func (d *Dice) Ms(k int64) int64 { return int64(d.N(int(k))) }

// Chance is true in permille of a thousand cases.
func (d *Dice) Chance(permille int) bool { return d.N(1000) < permille }

// Mix hashes a number together with a seed (the finaliser of SplitMix64).
func Mix(seed, n uint64) uint64 {
	x := seed ^ (n+1)*0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// curve is a distribution as a table of its quantiles, with straight lines in
// between: drawing from it needs no logarithm.
type curve [curveSteps + 1]int64

const curveSteps = 4096

// newCurve tabulates quantile, which maps [0, 1) to values. The open end is cut
// a quarter of a step before 1.
func newCurve(quantile func(u float64) float64) *curve {
	var c curve
	for i := range c {
		u := min(float64(i), curveSteps-0.25) / curveSteps
		c[i] = int64(math.Round(quantile(u)))
	}
	return &c
}

// At returns the value at the quantile u / 2^64.
func (c *curve) At(u uint64) int64 {
	i, f := u>>52, int64(u>>32&0xfffff)
	a, b := c[i], c[i+1]
	return a + (b-a)*f>>20
}

// Curves are the distributions of the scenario.
type Curves struct {
	// Gap is the time to the next event in thousandths of the mean.
	Gap *curve
	// Rank is the place of an account in its cast by activity, of 2^32: Zipf
	// with exponent 1.3, flattened at the top so that the busiest account posts
	// some thirty times a day at any scale.
	Rank *curve
	// Delay is the milliseconds from a post to a repost of it.
	Delay *curve
	// Answer is the milliseconds from a post to a reply.
	Answer *curve
	// Burst is the milliseconds from a hub to the reposts it triggers.
	Burst *curve
	// Followers is an organic account's number of followers.
	Followers *curve
	// Fit is how attractive a post is, 1 to 60,000.
	Fit *curve
	// Latency is the milliseconds from posting on X to delivery.
	Latency *curve
}

// NewCurves tabulates the distributions; some milliseconds.
func NewCurves() *Curves {
	return &Curves{
		Gap: newCurve(func(u float64) float64 { return -1000 * math.Log(1-u) }),
		Rank: newCurve(func(u float64) float64 {
			const s, v = 1.3, 1. / 90
			a, b := math.Pow(v, 1-s), math.Pow(1+v, 1-s)
			return min((math.Pow(a+u*(b-a), 1/(1-s))-v)*(1<<32), 1<<32-1)
		}),
		Delay:     newCurve(powerLaw(150e3, 0.9, 3*24*3600e3)),
		Answer:    newCurve(powerLaw(240e3, 1.2, 24*3600e3)),
		Burst:     newCurve(powerLaw(720e3, 1.1, 3*24*3600e3)),
		Followers: newCurve(logNormal(190, 1.7, 3e6)),
		Fit:       newCurve(func(u float64) float64 { return min(10*math.Pow(1-u, -1/1.1), 60_000) }),
		Latency:   newCurve(logNormal(2200, 0.7, 55e3)),
	}
}

// powerLaw is the quantile function of a delay whose survival is
// (1 + d/knee)^-slope, cut at top; milliseconds.
func powerLaw(knee, slope, top float64) func(float64) float64 {
	return func(u float64) float64 { return min(knee*(math.Pow(1-u, -1/slope)-1), top) }
}

// logNormal is the quantile function of a log-normal distribution, cut at top.
func logNormal(median, sigma, top float64) func(float64) float64 {
	return func(u float64) float64 {
		u = max(u, 0.25/curveSteps)
		return min(median*math.Exp(sigma*math.Sqrt2*math.Erfinv(2*u-1)), top)
	}
}
