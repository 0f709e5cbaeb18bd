package collectors

import (
	"context"
	"math"
	"time"

	"winnow/collectors/ledger"
	"winnow/pipeline/post"
)

// jitter is the most that is added to a time that a platform named.
const jitter = 250 * time.Millisecond

// ordinary is what applies where a ladder has no steps.
func ordinary() Steps {
	return Steps{First: time.Second, Factor: 2, Most: 5 * time.Minute}
}

// climb is the way up one ladder.
type climb struct {
	ladder Ladder
	rand   func() float64
	// height counts the faults since all was well, by kind.
	height map[post.Cause]int
	// tried is when connecting was tried within the last Window.
	tried []time.Duration
}

func newClimb(l Ladder, rand func() float64) *climb {
	return &climb{ladder: l, rand: rand, height: map[post.Cause]int{}}
}

// wait returns how long to wait after a fault, one step higher each time.
func (c *climb) wait(cause post.Cause) time.Duration {
	kind := post.Network
	switch cause {
	case post.RateLimited:
		kind = cause
	case post.Unavailable, post.Protocol:
		kind = post.Unavailable
	}
	d := c.ladder.steps(kind).at(c.height[kind], c.rand())
	c.height[kind]++
	return d
}

// reset goes back to the ground.
func (c *climb) reset() { clear(c.height) }

// at returns the wait after fault n, from zero, random being from 0 to 1.
func (s Steps) at(n int, random float64) time.Duration {
	if s == (Steps{}) {
		s = ordinary()
	}
	factor := s.Factor
	if factor <= 0 {
		factor = 1
	}
	most := float64(s.Most)
	if most <= 0 {
		most = math.MaxInt64 / 4
	}
	wait := min(float64(s.First), most)
	for ; n > 0 && wait < most; n-- {
		next := min(wait*factor+float64(s.Add), most)
		if next <= wait && wait > 0 {
			break // it stays at this height
		}
		// Steps that never leave zero would be a storm.
		wait = max(next, float64(time.Millisecond))
	}
	if s.Exact {
		return time.Duration(wait * (1 + random/4))
	}
	return time.Duration(wait * (1 - random/2))
}

// rest is a wait before something is tried again.
type rest struct {
	// at is when by the wall clock; named says that the platform named it,
	// else it is the end of wait.
	at    time.Time
	wait  time.Duration
	named bool
}

// rest returns how long to wait after a fault: until when the platform said,
// never less, or else as the ladder has it.
func (c *climb) rest(f *Fault, now ledger.Moment) rest {
	step := c.wait(f.Cause)
	if f.Until.After(now.Wall) {
		return rest{at: f.Until.Add(time.Duration(c.rand() * float64(jitter))), named: true}
	}
	return rest{at: now.Wall.Add(step), wait: step}
}

// take waits; false if ctx ended first.
func (r rest) take(ctx context.Context, clk *clock) bool {
	if r.named {
		return clk.sleepUntil(ctx, r.at)
	}
	return Sleep(ctx, r.wait) == nil
}

// attempt waits until one more attempt to connect fits into the window, and
// counts it; false if ctx ended first.
func (c *climb) attempt(ctx context.Context, clk *clock) bool {
	if c.ladder.Attempts <= 0 || c.ladder.Window <= 0 {
		return ctx.Err() == nil
	}
	for {
		now := clk.moment().Run
		for len(c.tried) > 0 && now-c.tried[0] >= c.ladder.Window {
			c.tried = c.tried[1:]
		}
		if len(c.tried) < c.ladder.Attempts {
			c.tried = append(c.tried, now)
			return ctx.Err() == nil
		}
		if Sleep(ctx, c.tried[0]+c.ladder.Window-now) != nil {
			return false
		}
	}
}
