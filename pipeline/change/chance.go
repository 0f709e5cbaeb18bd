package change

import "math"

// The null model: what a campaign does by itself. docs/changes.md explains it.
//
// The posts in a stretch of w buckets follow a negative binomial distribution
// with mean M, which is what earlier days had at that time, and variance
// M + M²/k. 1/k is learnt from how far earlier stretches of the same length
// strayed, so that neither liveliness nor its going on from one bucket to the
// next is taken for a change. Nothing is assumed about the dependence of
// stretches: the expected number of false changes is the sum of their chances.
const (
	// changeBits is what a stretch of the whole campaign must earn. With five
	// lengths in one direction and three in the other, 1,000 hours have 48,000
	// stretches, so chance makes at most 48,000 / 2^20 = 0.05 changes in them.
	changeBits = 20
	// leastExcess is how many posts more or fewer than usual a change must have.
	leastExcess = 20
	// itemBits is what a thing must earn beyond log2 of how many are compared.
	itemBits = 7

	// leastMean is the least that is expected in a bucket: silence so far is
	// no proof of silence. In its first day a campaign may have slept so far.
	leastMean, leastFirstDay = 0.1, 1
	// priorSpread is 1/k before anything is known: as an exponential
	// distribution. priorWeight is how many stretches that counts for.
	priorSpread, priorWeight = 1, 8
	// leastSpread and mostSpread bound 1/k.
	leastSpread, mostSpread = 0.05, 4
)

// stretches are the lengths, in buckets, in which changes are looked for; falls
// from shortestFall on.
var stretches = [...]int{1, 3, 6, 18, 36}

const (
	longest      = 36
	shortestFall = 6
)

// FalsePer1000Hours is the most changes that chance makes in 1,000 hours of a
// campaign, under the null model: as many in the whole of it as in all its tags.
const FalsePer1000Hours = 2 * 1000 * float64(perHour) * (5 + 3) / (1 << changeBits)

// tagBits is what a stretch of a tag must earn: tags have that many more
// chances.
func tagBits(tags int) float64 { return changeBits + math.Log2(float64(max(1, tags))) }

// logMass is the logarithm of the chance of exactly n, for mean m.
func logMass(n, m, k float64) float64 {
	a, _ := math.Lgamma(n + k)
	b, _ := math.Lgamma(k)
	c, _ := math.Lgamma(n + 1)
	return a - b - c - k*math.Log1p(m/k) - n*math.Log1p(k/m)
}

// riseBits is the surprise of n or more, and never more than that: the tail is
// bounded by a geometric series whose ratio is the largest of the tail.
func riseBits(n, m, k float64) float64 {
	if n <= m {
		return 0
	}
	q := m / (m + k)
	ratio := max(q, q*(n+k)/(n+1))
	return max(0, -(logMass(n, m, k)-math.Log1p(-ratio))/math.Ln2)
}

// fallBits is the surprise of n or fewer, and never more than that. With k
// below 1 nothing at all is the most likely outcome, and no surprise.
func fallBits(n, m, k float64) float64 {
	if n >= m || k < 1 {
		return 0
	}
	ratio := n * (m + k) / ((n - 1 + k) * m)
	if n == 0 {
		ratio = 0
	}
	if ratio >= 1 {
		return 0
	}
	return max(0, -(logMass(n, m, k)-math.Log1p(-ratio))/math.Ln2)
}

// spread is what is known of 1/k for stretches of one length.
type spread struct{ sum, weight float64 }

// learn takes in a stretch of n posts where m were expected. Where little is
// expected the count says little about the spread.
func (s *spread) learn(n, m, fade float64) {
	u := m / (1 + m)
	u *= u
	s.sum = s.sum*fade + u*((n-m)*(n-m)-m)/(m*m)
	s.weight = s.weight*fade + u
}

// k is the shape for an expectation that rests on so many days. What a few days
// do not tell about the time of day widens it: on the first day, when the rhythm
// is unknown, so far that only some fifty times as much as so far is unusual.
func (s *spread) k(days float64) float64 {
	v := (priorSpread*priorWeight + s.sum) / (priorWeight + s.weight)
	return 1 / (min(max(v, leastSpread), mostSpread) + 4/(1+5*days))
}

// shareBits is the log-likelihood ratio, in bits, of k1 of n1 and k2 of n2
// having different shares against one share (Dunning 1993, -2 log λ halved).
func shareBits(k1, n1, k2, n2 int) float64 {
	if n1 == 0 || n2 == 0 {
		return 0
	}
	p := float64(k1+k2) / float64(n1+n2)
	l := func(k, n int) float64 {
		return gain(k, float64(k)/float64(n), p) + gain(n-k, float64(n-k)/float64(n), 1-p)
	}
	return max(0, l(k1, n1)+l(k2, n2))
}

func gain(n int, p, base float64) float64 {
	if n == 0 {
		return 0
	}
	return float64(n) * math.Log2(p/base)
}
