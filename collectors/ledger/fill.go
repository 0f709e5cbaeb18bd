package ledger

import (
	"maps"
	"slices"
	"time"

	"winnow/pipeline/post"
)

// watch compares the campaigns with those of the last process: a new one gets
// its past, one that was away for a while a gap of its own.
func (l *Ledger) watch(past *Envelope, now Moment, rows *Rows) {
	if past != nil {
		maps.Copy(l.facts.campaigns, past.Campaigns)
		l.drop(rows)
	}
	for _, name := range slices.Sorted(maps.Keys(l.cfg.Campaigns)) {
		hash := l.cfg.Campaigns[name]
		if len(hash) > maxHash {
			hash = hash[:maxHash]
		}
		c, known := l.facts.campaigns[name]
		switch {
		case !known:
			c = Campaign{Hash: hash, Since: now.Wall, Seen: now.Wall}
			rows.Watches = append(rows.Watches, post.Watch{
				Source: l.cfg.Source, Platform: l.cfg.Platform, Campaign: name, Since: now.Wall,
			})
			rows.Gaps = append(rows.Gaps, l.before(name, now)...)
		default:
			if c.Seen.Before(past.Seen) {
				rows.Gaps = append(rows.Gaps, l.away(name, c.Seen, now)...)
			}
			if c.Hash != hash {
				rows.Gaps = append(rows.Gaps, l.before(name, now)...)
			}
			c.Hash = hash
		}
		l.facts.campaigns[name] = c // nobody holds a Mark yet
	}
	l.forget()
}

// drop gives up what can no longer be asked for.
func (l *Ledger) drop(rows *Rows) {
	for _, p := range l.facts.pending {
		_, watched := l.cfg.Campaigns[p.Gap.Campaign]
		switch {
		case p.Gap.Campaign != "" && !watched:
			rows.Gaps = append(rows.Gaps, l.settle(p, time.Time{}, false, "the campaign is no longer watched")...)
		case p.Ask && !l.cfg.Fills:
			rows.Gaps = append(rows.Gaps, l.settle(p, time.Time{}, false, "the platform gives nothing back afterwards")...)
		}
	}
}

// before makes a gap of the time before a campaign was watched as it is now.
func (l *Ledger) before(name string, now Moment) []post.Gap {
	back := min(l.cfg.Backfill, l.cfg.Lookback)
	if !l.cfg.Fills || back < shortest {
		return nil
	}
	from := now.Wall.Add(-back).Truncate(time.Millisecond)
	var rows []post.Gap
	for _, p := range l.facts.pending {
		if p.Gap.Campaign != name || p.Gap.Cause != post.Before {
			continue
		}
		// It was not answered before the definition changed again: one
		// question for both, since each may cost.
		if p.Gap.From.Before(from) && !p.Gap.From.Before(now.Wall.Add(-l.cfg.Lookback)) {
			from = p.Gap.From
		}
		rows = append(rows, l.settle(p, time.Time{}, false, "asked for again as the campaign is defined now")...)
	}
	g := l.gap(from, now.Wall, post.Before)
	g.Campaign = name
	return append(append(rows, l.wait(Pending{Gap: g, Ask: true})...), g)
}

// away makes a gap of the time in which a campaign was not configured.
func (l *Ledger) away(name string, since time.Time, now Moment) []post.Gap {
	g := l.gap(since, now.Wall, post.NotWatched)
	g.Campaign = name
	if g.To.Sub(g.From) < shortest {
		return nil
	}
	p := Pending{Gap: g, Ask: true}
	switch {
	case !l.cfg.Fills:
		p.Gap.Fill, p.Gap.Note = post.Lost, "the platform gives nothing back afterwards"
		return []post.Gap{p.Gap}
	case l.old(p, now):
		p.Gap.Fill, p.Gap.Note = post.Lost, "older than the platform gives back"
		return []post.Gap{p.Gap}
	}
	return append(l.wait(p), g)
}

// forget keeps the campaigns within their bound: those not seen for the
// longest time go.
func (l *Ledger) forget() {
	for len(l.facts.campaigns) > MaxCampaigns {
		oldest := ""
		for name, c := range l.facts.campaigns {
			if _, watched := l.cfg.Campaigns[name]; watched {
				continue
			}
			if oldest == "" || c.Seen.Before(l.facts.campaigns[oldest].Seen) ||
				c.Seen.Equal(l.facts.campaigns[oldest].Seen) && name < oldest {
				oldest = name
			}
		}
		delete(l.facts.campaigns, oldest)
	}
}

// Filled says what asking for a gap achieved: everything from a time on, or
// nothing if that is zero; complete or not, as the note says.
func (l *Ledger) Filled(g post.Gap, from time.Time, complete bool, text string) []post.Gap {
	p, ok := l.find(g)
	if !ok {
		return nil
	}
	return l.settle(p, from, complete, text)
}

// Lose gives a gap up.
func (l *Ledger) Lose(g post.Gap, text string) []post.Gap {
	return l.Filled(g, time.Time{}, false, text)
}

// Expire gives up what by now is older than the platform gives back.
func (l *Ledger) Expire(now Moment) []post.Gap {
	var rows []post.Gap
	for _, p := range l.facts.pending {
		if p.Ask && l.old(p, now) {
			rows = append(rows, l.settle(p, time.Time{}, false, "older than the platform gives back")...)
		}
	}
	return rows
}

// old reports whether the platform no longer has anything of a gap.
func (l *Ledger) old(p Pending, now Moment) bool {
	return p.Gap.To.Before(now.Wall.Add(-l.cfg.Lookback))
}

// settle decides a gap for good.
func (l *Ledger) settle(p Pending, from time.Time, complete bool, text string) []post.Gap {
	l.remove(p)
	g := p.Gap
	rest := g
	rest.Fill = post.Filled
	if !complete {
		rest.Fill = post.Partly
	}
	if text != "" {
		rest.Note = join(g.Note, text)
	}
	cut := clamp(from.UTC().Truncate(time.Millisecond), g.From, g.To)
	switch {
	case from.IsZero() || g.To.Sub(cut) < shortest:
		rest.Fill = post.Lost
		return []post.Gap{rest}
	case cut.Sub(g.From) < shortest:
		return []post.Gap{rest}
	}
	g.To, g.Fill, g.Note = cut, post.Lost, join(g.Note, "the platform no longer had it")
	rest.From = cut
	return []post.Gap{g, rest}
}

// wait adds a gap that something is still to become of, and returns those that
// have to give way to it.
func (l *Ledger) wait(p Pending) []post.Gap {
	l.remove(p)
	var rows []post.Gap
	for len(l.facts.pending) >= MaxPending {
		rows = append(rows, l.settle(l.facts.pending[0], time.Time{}, false, "too many gaps were waiting to be filled")...)
	}
	f := l.change()
	f.pending = append(f.pending, p)
	return rows
}

func (l *Ledger) find(g post.Gap) (Pending, bool) {
	for _, p := range l.facts.pending {
		if same(&p.Gap, &g) {
			return p, true
		}
	}
	return Pending{}, false
}

func (l *Ledger) remove(p Pending) {
	f := l.change()
	f.pending = slices.DeleteFunc(f.pending, func(q Pending) bool { return same(&q.Gap, &p.Gap) })
}

func (l *Ledger) replace(p Pending) {
	f := l.change()
	for i := range f.pending {
		if same(&f.pending[i].Gap, &p.Gap) {
			f.pending[i] = p
		}
	}
}

// same reports whether two rows are about one gap.
func same(a, b *post.Gap) bool {
	return a.Campaign == b.Campaign && a.From.Equal(b.From)
}
