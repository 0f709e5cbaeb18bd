package scenario

import "time"

// stage plans the planted events, which are few and fixed before the talk
// begins.
type stage struct {
	s    *Scenario
	d    dice
	cues []*event
}

// begin gives an act dice of its own, so that changing one act leaves the
// others as they are.
func (p *stage) begin(act uint64) { p.d = newDice(mix(p.s.cfg.Seed, 0x57a6e), act) }

// moment returns the time at thousandths of the story.
func (p *stage) moment(thousandths int64) int64 {
	return p.s.startMs + (p.s.endMs-p.s.startMs)/1000*thousandths
}

// add completes an event and plans it; nil if it is past the story's end.
func (p *stage) add(e event) *event {
	if e.at >= p.s.endMs || e.at < p.s.startMs {
		return nil
	}
	e.seq = plantedSeq + uint64(len(p.cues))
	e.roll = p.d.bits()
	e.plat = uint8(p.s.cast.platform(e.who))
	if e.extra&viralArticle == 0 {
		e.lang = uint8(p.s.cast.lang(e.who))
	}
	e.fit = uint16(p.s.curves.fit.at(mix(e.roll, 1)))
	e.obs = e.at + p.s.latency(&e)
	p.cues = append(p.cues, &e)
	return &e
}

// organic draws an account of the organic cast on a platform (any if negative)
// that is not yet in used; false if there seems to be none.
func (p *stage) organic(plat int, used map[number]bool) (number, bool) {
	for range 200 {
		n := number(p.d.n(p.s.cast.size))
		if !used[n] && (plat < 0 || p.s.cast.platform(n) == plat) {
			used[n] = true
			return n, true
		}
	}
	return 0, false
}

// protected plans what the protected people themselves post: some ten posts a
// day, none at night.
func (p *stage) protected() {
	p.begin(1)
	for day := p.s.startMs / dayMs * dayMs; day < p.s.endMs; day += dayMs {
		for i := range protectedHandles {
			for range 8 + p.d.n(5) {
				at := day + 6*hourMs + p.d.ms(15*hourMs)
				if e := p.add(event{at: at, who: member(blockProtected, i), style: talkRights}); e != nil {
					e.fit = min(e.fit, 5000) * 10
				}
			}
		}
	}
}

// window returns a Window of Unix milliseconds.
func window(from, to int64) Window {
	return Window{From: time.UnixMilli(from).UTC(), To: time.UnixMilli(to).UTC()}
}

// latency is how long a post takes from publication to delivery, milliseconds:
// seconds on X, less elsewhere, and always under a minute.
func (s *Scenario) latency(e *event) int64 {
	ms := s.curves.latency.at(mix(e.roll, 2))
	switch e.plat {
	case onMastodon:
		ms = ms * 6 / 10
	case onBluesky:
		ms = ms * 15 / 100
	}
	return min(ms+50, 59_000)
}
