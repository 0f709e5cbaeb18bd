package ledger

import (
	"math"
	"time"

	"winnow/pipeline/post"
)

// near is how close to the present a replay counts as having caught up.
const near = 5 * time.Second

// settled is how young a gap is that takes over another cause whole, rather
// than being cut in two at the moment when the cause changed.
const settled = time.Minute

// earliest is before any post: no platform is as old.
var earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// Live says that the connection stands, with everything since from if that is
// not zero. It closes the open gap and decides how the undecided are filled.
func (l *Ledger) Live(now Moment, from time.Time) []post.Gap {
	rows := l.close(now)
	l.line = line{up: true, live: now.Wall, alive: now.Wall, replay: !from.IsZero()}
	l.line.ahead = !l.line.replay
	l.seen = now.Wall
	for _, p := range l.facts.pending {
		if _, still := l.find(p.Gap); still && !p.Ask {
			rows = append(rows, l.decide(p, now, from)...)
		}
	}
	return rows
}

// close moves the open gap to the undecided. One shorter than a millisecond is
// none, which its row must still say, since it was open in the log. The rows
// are those of gaps that were decided by this.
func (l *Ledger) close(now Moment) []post.Gap {
	p := l.facts.open
	if p == nil {
		return nil
	}
	closed := *p
	l.change().open = nil
	closed.Gap.To = now.Wall
	if ran := closed.Gap.From.Add(now.Run - l.since.Run).Truncate(time.Millisecond); closed.Gap.To.Before(ran) {
		closed.Gap.To = ran // the clock was put back in the middle of the gap
	}
	if closed.Gap.To.Sub(closed.Gap.From) < shortest {
		closed.Gap.Fill = post.Filled
		return []post.Gap{closed.Gap}
	}
	l.report(closed.Gap)
	return l.wait(closed)
}

// decide says how an undecided gap is filled now that a connection stands.
func (l *Ledger) decide(p Pending, now Moment, from time.Time) []post.Gap {
	if from.IsZero() {
		switch {
		case !l.cfg.Fills:
			return l.settle(p, time.Time{}, false, "the platform gives nothing back afterwards")
		case l.old(p, now):
			return l.settle(p, time.Time{}, false, "older than the platform gives back")
		}
		p.Ask = true
		l.replace(p)
		return []post.Gap{p.Gap}
	}
	have := p.Gap.From
	if l.reached.After(have) {
		have = l.reached
	}
	if !from.After(have) {
		return []post.Gap{p.Gap} // the replay brings it; Reached will say so
	}
	// The replay begins inside the gap: what lies between is gone.
	l.remove(p)
	var rows []post.Gap
	add := func(a, b time.Time, fill post.Fill, text string) {
		if b.Sub(a) < shortest {
			return
		}
		g := p.Gap
		g.From, g.To, g.Fill, g.Note = a, b, fill, join(g.Note, text)
		rows = append(rows, g)
		if fill == post.Pending {
			rows = append(rows, l.wait(Pending{Gap: g, Resume: p.Resume})...)
		}
	}
	cut := clamp(from.UTC().Truncate(time.Millisecond), p.Gap.From, p.Gap.To)
	have = clamp(have.UTC().Truncate(time.Millisecond), p.Gap.From, cut)
	add(p.Gap.From, have, post.Filled, "")
	add(have, cut, post.Lost, "the platform no longer had it")
	add(cut, p.Gap.To, post.Pending, "")
	return rows
}

// Alive says that bytes came.
func (l *Ledger) Alive(now Moment) {
	if !l.line.up {
		return
	}
	l.line.alive = now.Wall
	if now.Wall.Before(l.line.live) {
		l.line.live = now.Wall // the clock was put back
	}
}

// Reached says that the replay came to t in the platform's time. It changes
// nothing if Live promised none.
func (l *Ledger) Reached(now Moment, t time.Time) []post.Gap {
	if !l.line.up || !l.line.replay {
		return nil
	}
	if t.After(now.Wall) {
		t = now.Wall // a clock that goes ahead promises nothing about the future
	}
	if t.Before(earliest) || !t.After(l.reached) && !l.reached.After(now.Wall.Add(near)) {
		return nil
	}
	l.reached = t.UTC().Round(0)
	if now.Wall.Sub(t) <= near {
		l.line.ahead = true
	}
	var rows []post.Gap
	for _, p := range l.facts.pending {
		if !p.Ask && !p.Gap.To.After(l.reached) {
			l.remove(p)
			p.Gap.Fill = post.Filled
			rows = append(rows, p.Gap)
		}
	}
	return rows
}

// covered returns until when everything was seen or is recorded as a gap.
func (l *Ledger) covered() time.Time {
	if !l.line.up {
		return l.seen
	}
	t := l.line.alive.Add(-l.cfg.Slack)
	if !l.line.ahead && l.reached.Before(t) {
		t = l.reached.Truncate(time.Millisecond)
	}
	if t.Before(l.line.live) {
		t = l.line.live
	}
	// A clock that is put back a little does not make us see less.
	if back := l.seen.Sub(t); back > 0 && back < 2*near {
		return l.seen
	}
	l.seen = t
	return t
}

// End says that the connection ended or did not come about, and why. A gap is
// open afterwards.
func (l *Ledger) End(now Moment, cause post.Cause) []post.Gap {
	if !l.line.up {
		return l.recast(now, cause)
	}
	at := l.covered()
	l.line = line{}
	rows := l.closeShare(at)
	return append(rows, l.open(now, at, cause)...)
}

// recast gives the open gap the cause of the latest fault where the one it has
// would mislead: that Winnow was stopped once does not explain the two hours
// in which the platform refused it.
func (l *Ledger) recast(now Moment, cause post.Cause) []post.Gap {
	p := l.facts.open
	if p == nil || p.Gap.Cause == cause || passing(p.Gap.Cause) && passing(cause) {
		return nil
	}
	if now.Wall.Sub(p.Gap.From) < settled {
		young := *p
		young.Gap.Cause = cause
		l.change().open = &young
		return []post.Gap{young.Gap}
	}
	first := p.Gap
	rows := l.close(now)
	if closed, ok := l.find(first); ok {
		first = closed.Gap
		rows = append(rows, first)
	} else {
		first.To = first.From
	}
	rows = append(rows, l.open(now, first.To, cause)...)
	l.facts.open.Resume = p.Resume
	return rows
}

// passing reports whether a cause is a fault of the connection that trying
// again mends.
func passing(c post.Cause) bool {
	switch c {
	case post.RateLimited, post.Unavailable, post.Network, post.Protocol, post.Stalled, post.Blind:
		return true
	default:
		return false
	}
}

// Share says that only a share of the posts comes from now on, 1 that it is
// all. It changes nothing while no connection stands.
func (l *Ledger) Share(now Moment, share float64, cause post.Cause, text string) []post.Gap {
	if !l.line.up {
		return nil
	}
	if math.IsNaN(share) || share < 0 {
		share = 0
	}
	if s := l.facts.share; s != nil && s.Gap.Share == share && s.Gap.Cause == cause {
		return nil
	}
	rows := l.closeShare(now.Wall)
	if share >= 1 {
		return rows
	}
	p := &Pending{Gap: l.gap(now.Wall, time.Time{}, cause), Resume: l.cursor}
	p.Gap.Share, p.Gap.Note = share, note(text)
	l.change().share = p
	return append(rows, p.Gap)
}

// closeShare ends the sampling. What was left out on purpose is not asked for
// afterwards: it was left out to save what asking for it would cost.
func (l *Ledger) closeShare(at time.Time) []post.Gap {
	p := l.facts.share
	if p == nil {
		return nil
	}
	closed := *p
	l.change().share = nil
	closed.Gap.To = at
	if at.Before(closed.Gap.From) {
		closed.Gap.To = closed.Gap.From
	}
	if closed.Gap.To.Sub(closed.Gap.From) < shortest {
		closed.Gap.Fill = post.Filled
		return []post.Gap{closed.Gap}
	}
	l.report(closed.Gap)
	if !l.cfg.Fills || closed.Gap.Cause == post.Budget || closed.Gap.Cause == post.CountsOnly {
		closed.Gap.Fill = post.Lost
		return []post.Gap{closed.Gap}
	}
	closed.Ask = true
	return append(l.wait(closed), closed.Gap)
}

func (l *Ledger) report(g post.Gap) {
	if l.cfg.Closed != nil {
		l.cfg.Closed(g)
	}
}

func clamp(t, least, most time.Time) time.Time {
	if t.Before(least) {
		return least
	}
	if t.After(most) {
		return most
	}
	return t
}
