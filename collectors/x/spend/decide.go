package spend

import (
	"fmt"
	"time"
)

const (
	// settle is how long a lower share is left alone before it is lowered
	// again: X must follow first.
	settle = 30 * time.Second
	// calm is how long a share holds before it may rise, and the shortest
	// pause; room is how much more than the next step must be affordable.
	calm = 10 * time.Minute
	room = 1.25
	// stale is the length of a pause after which the rate before it says
	// nothing any more.
	stale = time.Hour
)

// Decision is what may be read from now on.
type Decision struct {
	// Share is the part of the posts to read: 1 for all, 0 for none, and in
	// between whole hundredths, as X's operator "sample:" takes them.
	Share float64
	// Until is when a pause ends; zero if it is none.
	Until time.Time
	// Note says why, for people; empty if all is read.
	Note string
}

// Percent returns the share as X's operator "sample:" takes it, 0 to 100.
func (d Decision) Percent() int { return int(d.Share*100 + 0.5) }

// Decide says what may be read. It is to be called before reading begins, at
// least every Options.Every while it goes on, best after every few posts, and
// when a pause is over. Time in which it is not called is not time of reading.
func (g *Guard) Decide(now time.Time) Decision {
	g.mu.Lock()
	defer g.mu.Unlock()
	fresh := g.roll(now)
	if tick := now.Sub(g.last); g.share > 0 && tick > 0 && !g.last.IsZero() && tick <= longestTick {
		g.rates.advance(now, tick)
	}
	g.last = now

	if g.share == 0 {
		if now.Before(g.until) {
			return g.decision()
		}
		if now.Sub(g.since) > stale {
			g.rates.forget()
		}
		fresh = true
	}
	wanted, scarce := g.wanted(now)
	next := stepBelow(wanted)
	if until, p := g.exhausted(now, next); p != nil {
		g.set(now, 0)
		g.until = until
		g.note = fmt.Sprintf("%d of the %d posts %s are spent, the rest is kept for look-ups and for what is still on its way: paused until %s UTC",
			p.used, p.limit, span(p == &g.day), until.UTC().Format("2006-01-02 15:04"))
		return g.decision()
	}
	switch {
	case fresh, next < g.share && now.Sub(g.since) >= settle:
	case next > g.share && now.Sub(g.since) >= calm && wanted >= room*stepAbove(g.share):
		next = stepBelow(wanted / room)
	default:
		return g.decision()
	}
	if next == g.share {
		return g.decision()
	}
	g.set(now, next)
	g.until, g.note = time.Time{}, ""
	if next < 1 {
		g.note = fmt.Sprintf("at this rate %.0f posts %s are still to come and %d are left of %d: %.0f of 100 are read",
			g.rates.ahead(scarce.end.Sub(now)), span(scarce == &g.day), scarce.left(), scarce.limit, 100*next)
	}
	return g.decision()
}

func (g *Guard) decision() Decision {
	return Decision{Share: g.share, Until: g.until, Note: g.note}
}

func (g *Guard) set(now time.Time, share float64) {
	g.before, g.share, g.since = g.share, share, now
}

func span(day bool) string {
	if day {
		return "of today"
	}
	return "of this month"
}

// wanted is the share of all posts that could be read to the end of day and
// month, which may be above 1, and the period that allows the least.
func (g *Guard) wanted(now time.Time) (share float64, scarce *period) {
	share = 1000
	for _, p := range []*period{&g.day, &g.month} {
		if p.limit == 0 {
			continue
		}
		left := p.left()
		left -= min(left, p.margin(0, g.reaction))
		if s := float64(left) / max(g.rates.ahead(p.end.Sub(now)), 1e-9); s < share {
			share, scarce = s, p
		}
	}
	return share, scarce
}

// exhausted returns the period of which nothing is left but the margin, and
// until when to pause: to its end, or shorter if only the present rate is too
// high for what is left and a lower share can be had then.
func (g *Guard) exhausted(now time.Time, next float64) (until time.Time, scarce *period) {
	inForce := next
	if g.share > 0 {
		inForce = g.inForce(now)
	}
	for _, p := range []*period{&g.day, &g.month} {
		if p.limit == 0 {
			continue
		}
		end := p.end
		switch left := p.left(); {
		case left <= p.margin(0, g.reaction):
		case left <= p.margin(g.rates.peak()*inForce, g.reaction):
			if again := now.Add(calm); again.Before(end) {
				end = again
			}
		default:
			continue
		}
		if scarce == nil || end.After(until) {
			until, scarce = end, p
		}
	}
	return until, scarce
}
