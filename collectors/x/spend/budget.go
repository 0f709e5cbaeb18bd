package spend

import (
	"errors"
	"math"
	"time"
)

// Budget is what the operator allows.
type Budget struct {
	// PostsPerDay and PostsPerMonth are the most posts to be paid for in a day
	// and in a month, UTC; zero means no limit.
	PostsPerDay, PostsPerMonth uint64
	// USDPerPost is the price of a post in US dollars. X's published price is
	// 0.005; zero leaves sums of money out.
	USDPerPost float64
}

func (b Budget) check() error {
	if b.USDPerPost < 0 || math.IsNaN(b.USDPerPost) || math.IsInf(b.USDPerPost, 0) {
		return errors.New("the price of a post must be a number from 0 in US dollars, such as 0.005")
	}
	return nil
}

// Kind is what something was read by.
type Kind int

// The kinds of reading.
const (
	Stream Kind = iota
	Search
	// LookUp is asking again for posts already known, from the part of the
	// budget that is kept for it.
	LookUp
	// Request is a request that X charges for like a post: a count.
	Request
)

// The parts of a limit that the stream does not get.
const (
	lookUpPart = 0.1
	marginPart = 0.1
	marginMost = 0.5
)

const (
	// ruleDelay is how long X takes to follow a changed rule.
	ruleDelay = 20 * time.Second
	// fullSpeed is the most posts a second that X delivers.
	fullSpeed = 250
)

// steps are the shares that may be read.
var steps = [...]float64{1, 0.75, 0.5, 0.33, 0.25, 0.15, 0.10, 0.05, 0.02, 0.01}

// stepBelow returns the highest step that is not above share, the lowest if
// there is none.
func stepBelow(share float64) float64 {
	for _, s := range steps {
		if s <= share {
			return s
		}
	}
	return steps[len(steps)-1]
}

// stepAbove returns the next step above share.
func stepAbove(share float64) float64 {
	above := steps[0]
	for _, s := range steps {
		if s <= share {
			break
		}
		above = s
	}
	return above
}

// period is a day or a month, and what was read in it.
type period struct {
	limit uint64
	// start says which; end is when the next one begins.
	start, end time.Time
	// used is all that was paid for, lookUps those of it that were look-ups.
	used, lookUps uint64
}

// roll begins the period that now lies in, if it is a later one. A clock that
// goes back changes nothing, unless it was wrong by more than the period.
func (p *period) roll(now, start, end time.Time) (fresh bool) {
	switch {
	case p.start.Equal(start):
		return false
	case start.After(p.start):
		p.used, p.lookUps = 0, 0
		fresh = true
	case now.After(p.start.Add(start.Sub(end))):
		return false
	}
	p.start, p.end = start, end
	return fresh
}

// reserve is what is kept for look-ups.
func (p *period) reserve() uint64 { return uint64(float64(p.limit) * lookUpPart) }

// left is what stream and searches may still read, the margin included.
func (p *period) left() uint64 {
	kept := p.reserve()
	kept -= min(kept, p.lookUps)
	return p.limit - min(p.limit, p.used+kept)
}

// margin is what must be left for posts that come at rate, in posts a second,
// until a decision takes effect.
func (p *period) margin(rate float64, reaction time.Duration) uint64 {
	most := float64(p.limit) * marginMost
	comes := min(rate, fullSpeed) * reaction.Seconds()
	least := min(float64(p.limit)*marginPart, fullSpeed*reaction.Seconds())
	return uint64(math.Ceil(min(most, max(least, comes))))
}
