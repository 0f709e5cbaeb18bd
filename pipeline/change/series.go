package change

import "math"

// counts is how many posts came in each bucket of the last four weeks, kept as
// a running total so that any stretch costs one subtraction.
type counts struct {
	// first is the first bucket that was counted, last the one counted last.
	first, last int64
	// total is a ring of remembered length.
	total []uint64
}

const remembered = memoryDays*perDay + longest + 2*nearby + 2

func newCounts(first int64) counts { return counts{first: first, total: make([]uint64, remembered)} }

// upto is the running total at the end of a bucket.
func (c *counts) upto(b int64) uint64 {
	if b < c.first {
		return 0
	}
	return c.total[b%remembered]
}

// back is upto for a bucket whose place in the ring, or that less the ring's
// length, is known: it saves a division in the innermost loop.
func (c *counts) back(b, pos int64) uint64 {
	if b < c.first {
		return 0
	}
	if pos < 0 {
		pos += remembered
	}
	return c.total[pos]
}

// silent reports whether there was no post in all that is remembered before b.
func (c *counts) silent(b int64) bool {
	return c.upto(b-1) == c.upto(max(c.first-1, b-remembered+1))
}

// between is how many posts came in the buckets from a to b.
func (c *counts) between(a, b int64) int { return int(c.upto(b) - c.upto(a-1)) }

// add closes the next bucket.
func (c *counts) add(b int64, n int) {
	c.total[b%remembered] = c.upto(b-1) + uint64(n)
	c.last = b
}

// usual is what earlier days say about a bucket: how many posts, and how many
// days that rests on, counted by their weight.
//
// Each earlier day gives the mean of the same time of day, half an hour to
// either side; recent days and, with weeks of history, the same day of the week
// weigh more. A day that has more than three times the weighted median, or less
// than a third, counts as that much: an attack yesterday makes none today usual,
// and a day without collection does not make silence so.
func (c *counts) usual(b, since int64) (mean, days float64) {
	var values, weights [memoryDays]float64
	n := 0
	week := b-since > weeksFrom*perDay
	w := 1.0
	pos := b % remembered
	for d := int64(1); d <= memoryDays; d++ {
		from, to := b-d*perDay-nearby, b-d*perDay+nearby
		if from < since {
			break
		}
		v := float64(c.back(to, pos+to-b)-c.back(from-1, pos+from-1-b)) / (2*nearby + 1)
		weight := w
		if week && d%7 == 0 {
			weight *= sameWeekday
		}
		// Kept sorted by value: the median is wanted.
		i := n
		for ; i > 0 && values[i-1] > v; i-- {
			values[i], weights[i] = values[i-1], weights[i-1]
		}
		values[i], weights[i] = v, weight
		n++
		w *= dayFade
	}
	var all, squares float64
	for _, w := range weights[:n] {
		all += w
		squares += w * w
	}
	sum := 0.0
	if n > 0 {
		median, half := 0.0, all/2
		for i, w := range weights[:n] {
			if half -= w; half <= 0 {
				median = values[i]
				break
			}
		}
		for i, w := range weights[:n] {
			sum += w * min(max(values[i], median/3), 3*median+1)
		}
		days = all * all / squares
	}
	if n < 2 {
		// One day says little about the time of day: the level of the last day,
		// whatever the hour, counts for half as much. The last hour is left out, since
		// it may be what has changed.
		from, to := max(since, b-perDay-perHour), b-perHour
		if to > from {
			sum += 0.5 * float64(c.between(from, to-1)) / float64(to-from)
			all += 0.5
		}
	}
	if all > 0 {
		mean = sum / all
	}
	return mean, days
}

// series is the volume of one tag, or of the whole campaign, over time.
type series struct {
	counts
	tag string
	// since is from when on history counts: the start of the campaign or of the
	// present state of things.
	since int64
	// clear is the first bucket after the last change.
	clear int64
	// now is how many posts the present bucket has.
	now int
	// mean is what was expected in the latest buckets, days what it rested on.
	mean [longest]float64
	days float64
	// unseen is what the tag may have had in a bucket while it was not followed.
	unseen float64
	// heat is the number of posts, fading, in the unit of Tracker.warmth.
	heat    float64
	spreads [len(stretches)]spread
	open    *going
	bits    float64 // what a stretch must earn
}

// going is a change that is not over.
type going struct {
	*Change
	from, last int64   // first and last bucket
	peak       float64 // posts beyond what was expected in the Peak
	compared   bool    // whether the sides were
}

func (s *series) expected(b int64) float64 { return s.mean[b%longest] }

// close ends a bucket. It returns the change that began or went on with it, if
// any; over tells that it ended. The last bucket of a stream is partial: it may
// show a rise, and nothing else.
func (s *series) close(b int64, partial bool) (g *going, over bool) {
	if s.now == 0 && s.open == nil && b > s.first && s.silent(b) {
		// Most tags, most of the time: nothing comes and nothing came, which
		// neither is news nor teaches anything.
		s.mean[b%longest] = max(leastMean, s.unseen)
		if b-s.since < perDay+2*nearby {
			s.mean[b%longest] = max(leastFirstDay, s.unseen)
		}
		s.add(b, 0)
		return nil, false
	}
	mean, days := s.usual(b, s.since)
	s.mean[b%longest] = max(mean, leastMean, s.unseen)
	if days == 0 {
		s.mean[b%longest] = max(s.mean[b%longest], leastFirstDay)
	}
	s.days = days
	s.add(b, s.now)
	s.now = 0
	if s.open != nil {
		return s.follow(b, partial)
	}
	if g := s.scan(b, partial); g != nil {
		s.open = g
		return g, false
	}
	if !partial {
		s.learn(b)
	}
	return nil, false
}

// scan looks for the most surprising stretch that ends with b.
func (s *series) scan(b int64, partial bool) *going {
	start := max(s.since+warmUp, s.clear)
	best, direction := s.bits, Direction("")
	m, i := 0.0, int64(0)
	for x, w := range stretches {
		if b-int64(w)+1 < start {
			break
		}
		for ; i < int64(w); i++ {
			m += s.expected(b - i)
		}
		n := float64(s.between(b-int64(w)+1, b))
		k := s.spreads[x].k(s.days)
		if n-m >= leastExcess {
			if bits := riseBits(n, m, k); bits >= best {
				best, direction = bits, Rise
			}
		}
		if w >= shortestFall && !partial && m-n >= leastExcess && b-s.since >= fallDays*perDay {
			if bits := fallBits(n, m, k); bits >= best {
				best, direction = bits, Fall
			}
		}
	}
	if direction == "" {
		return nil
	}
	g := &going{Change: &Change{Tag: s.tag, Direction: direction, Bits: best}, from: s.beginning(b, start), last: b}
	for i := g.from; i <= b; i++ {
		g.count(i, s.between(i, i), s.expected(i))
	}
	return g
}

// beginning is the most likely bucket for a change that is seen in b to have
// begun: that from which on the posts are most in excess (or short) of the rate
// halfway between what is usual and what is seen since, as the likelihood of a
// step in a Poisson process has it (Page 1954).
func (s *series) beginning(b, start int64) int64 {
	from := max(start, b-longest+1)
	at := b
	for range 4 {
		n, m := float64(s.between(at, b)), 0.0
		for i := at; i <= b; i++ {
			m += s.expected(i)
		}
		n = max(n, 0.25)
		change := math.Log(n / m)
		best, sum := math.Inf(-1), 0.0
		next := at
		for i := b; i >= from; i-- {
			// log of the ratio of likelihoods for a rate n/m times as large
			sum += float64(s.between(i, i))*change - s.expected(i)*(n/m-1)
			if sum > best {
				best, next = sum, i
			}
		}
		if next == at {
			break
		}
		at = next
	}
	return at
}

// count adds a bucket to a change.
func (g *going) count(b int64, n int, mean float64) {
	g.Observed += n
	g.Expected += mean
	excess := float64(n) - mean
	if g.Direction == Fall {
		excess = -excess
	}
	if g.Peak.IsZero() || excess > g.peak {
		g.peak, g.Peak, g.PeakObserved, g.PeakExpected = excess, timeOf(b), n, mean
	}
}

// follow goes on with the open change. It is over with the beginning of the
// first hour whose volume is nearer, by ratio, to what is usual than to that of the
// change so far; after a day it is the new usual.
func (s *series) follow(b int64, partial bool) (g *going, over bool) {
	g = s.open
	n := s.between(b, b)
	if partial && float64(n) < s.expected(b) {
		return g, false
	}
	level := max(float64(g.Observed), 0.25) / float64(g.last-g.from+1)
	usual := g.Expected / float64(g.last-g.from+1)
	g.count(b, n, s.expected(b))
	g.last = b
	s.more(g, b)
	if partial {
		return g, false
	}
	if b-g.from >= perHour {
		hour, m := float64(s.between(b-perHour+1, b)), 0.0
		for i := range perHour {
			m += s.expected(b - i)
		}
		// Halfway on a scale of ratios, for what is usual at this hour.
		ratio := math.Sqrt(level / usual)
		if g.Direction == Rise && hour < max(m*ratio, 1) || g.Direction == Fall && hour > m*ratio {
			end := b - perHour + 1
			for end <= b && g.holds(s.between(end, end), s.expected(end)*ratio) {
				end++ // an hour may begin with some more of it
			}
			for i := end; i <= b; i++ {
				g.Observed -= s.between(i, i)
				g.Expected -= s.expected(i)
			}
			g.To = timeOf(end)
			g.last = end - 1
			s.clear, s.open = end, nil
			return g, true
		}
	}
	if b-g.from+1 >= lastingAfter {
		g.Lasting = true
		s.since, s.clear, s.open = g.from, b+1, nil
		return g, true
	}
	return g, false
}

// holds reports whether a bucket is on the change's side of halfway.
func (g *going) holds(n int, halfway float64) bool {
	if g.Direction == Rise {
		return float64(n) >= max(halfway, 1)
	}
	return float64(n) <= halfway
}

// more raises a change's bits if a stretch that ends with b is more surprising.
func (s *series) more(g *going, b int64) {
	m, i := 0.0, int64(0)
	for x, w := range stretches {
		if b-int64(w)+1 < g.from {
			break
		}
		for ; i < int64(w); i++ {
			m += s.expected(b - i)
		}
		n := float64(s.between(b-int64(w)+1, b))
		if k := s.spreads[x].k(s.days); g.Direction == Rise {
			g.Bits = max(g.Bits, riseBits(n, m, k))
		} else if w >= shortestFall {
			g.Bits = max(g.Bits, fallBits(n, m, k))
		}
	}
}

// learn takes the stretches that end with b as examples of how far the volume
// strays by itself: those that do not overlap, and with nothing of a change.
func (s *series) learn(b int64) {
	if s.days < 1 {
		return
	}
	m, i := 0.0, int64(0)
	for x, w := range stretches {
		if b-int64(w)+1 < s.clear {
			break
		}
		for ; i < int64(w); i++ {
			m += s.expected(b - i)
		}
		if (b+1)%int64(w) == 0 {
			n := float64(s.between(b-int64(w)+1, b))
			s.spreads[x].learn(n, m, math.Exp2(-float64(w)/(14*float64(perDay))))
		}
	}
}
