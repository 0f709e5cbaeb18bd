package collectors

import (
	"time"

	"winnow/pipeline/post"
)

// Ladder is how long a platform wants clients to wait before they connect
// again: one Steps for each kind of fault.
type Ladder struct {
	// Network is for connections that broke or did not come about, stalls
	// included; Unavailable for answers that are errors; RateLimited for
	// refusals that name no time.
	Network, Unavailable, RateLimited Steps
	// Attempts is how many attempts to connect fit into Window, whatever
	// happens; zero for no such limit.
	Attempts int
	Window   time.Duration
	// Healthy is how long a connection must last before the next fault starts
	// at the first step again.
	Healthy time.Duration
}

// Steps is a sequence of waits.
type Steps struct {
	// First is the wait after the first fault, which may be zero: at once.
	// Each later wait is the one before, times Factor, plus Add; Most bounds it.
	First, Add, Most time.Duration
	Factor           float64
	// Exact waits are at least what the platform publishes: the random part is
	// added on top. Otherwise it is taken off, up to half.
	Exact bool
}

// Scale returns the ladder with every time multiplied by f, for tests that
// must not wait as long as a platform asks.
func (l Ladder) Scale(f float64) Ladder {
	scale := func(d time.Duration) time.Duration { return time.Duration(float64(d) * f) }
	for _, s := range []*Steps{&l.Network, &l.Unavailable, &l.RateLimited} {
		s.First, s.Add, s.Most = scale(s.First), scale(s.Add), scale(s.Most)
	}
	l.Window, l.Healthy = scale(l.Window), scale(l.Healthy)
	return l
}

// steps returns those for a cause.
func (l *Ladder) steps(c post.Cause) Steps {
	switch c {
	case post.RateLimited:
		return l.RateLimited
	case post.Unavailable, post.Protocol:
		return l.Unavailable
	default:
		return l.Network
	}
}
