package scenario

import (
	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/talk"
	"winnow/collectors/scenario/words"
)

// copies plans the copy-paste praise: fresh accounts post the same few texts in
// waves, and repost each other.
func (p *stage) copies() {
	p.begin(4)
	cfg := &p.s.cfg
	if cfg.CopyAccounts == 0 || cfg.CopyWaves == 0 {
		return
	}
	group := p.group("copied praise", PlantCopies)
	texts := len(p.s.words.Planted.Copies)
	spread := cfg.CopySpread.Milliseconds()
	starts := p.waves(p.moment(730), min(16*talk.HourMs, (p.s.set.EndMs-p.s.set.StartMs)*17/100), cfg.CopyWaves)
	reach := starts[len(starts)-1] + spread - starts[0]
	var windows []Window
	for w, start := range starts {
		// Two texts lead a wave. Whoever comes late may repost instead.
		lead := [...]int{p.d.N(texts), p.d.N(texts)}
		var posted []*talk.Event
		for i := range cfg.CopyAccounts {
			if i%cfg.CopyWaves != w && !p.d.Chance(850) {
				continue
			}
			e := talk.Event{At: start + p.d.Ms(spread), Who: cast.Member(cast.Copier, i), Style: words.CopiedText}
			if p.d.N(1_000_000) < int(cfg.CopyDrip*1e6) {
				e.At = starts[0] + p.d.Ms(reach)
			}
			if ref := p.earlier(posted, &e); ref != nil && p.d.Chance(280) {
				e.Kind, e.Ref, e.Extra = talk.Repost, ref, ref.Extra
				group.add(p.add(e))
				continue
			}
			text := lead[p.d.N(len(lead))]
			if p.d.Chance(200) {
				text = p.d.N(texts)
			}
			e.Extra = uint32(text)
			if p.d.Chance(350) {
				e.Extra |= uint32(1+text%talk.Photos) << talk.PhotoShift
			}
			if planned := group.add(p.add(e)); planned != nil {
				posted = append(posted, planned)
			}
		}
		p.join(cfg.CopyAccounts, w, cfg.CopyWaves, -1, func(who cast.Number, at int64) talk.Event {
			return talk.Event{At: start + spread + at, Who: who, Style: words.CopiedText, Extra: uint32(lead[0])}
		})
		windows = append(windows, window(start, start+spread))
	}
	group.close(windows...)
}

// earlier returns the post among posted that e could have reposted, or nil.
func (p *stage) earlier(posted []*talk.Event, e *talk.Event) *talk.Event {
	if len(posted) == 0 {
		return nil
	}
	of := posted[p.d.N(len(posted))]
	if of.At+1500 > e.At || int(of.Plat) != p.s.set.Cast.Platform(e.Who) || of.Who == e.Who {
		return nil
	}
	return of
}

// waves returns n starting times over a span, not quite regular.
func (p *stage) waves(from, span int64, n int) []int64 {
	step := span / int64(max(1, n-1))
	var out []int64
	for i := range n {
		at := from + int64(i)*step
		if i > 0 {
			at += p.d.Ms(step/3) - step/6
		}
		out = append(out, at)
	}
	return out
}

// join lets organic accounts join wave w of an attack within the hour after it.
func (p *stage) join(attackers, w, waves, plat int, act func(who cast.Number, at int64) talk.Event) {
	n := int(p.s.cfg.Joiners * float64(attackers))
	for range n*(w+1)/waves - n*w/waves {
		who, ok := p.organic(plat, p.s.joiners)
		if !ok {
			return
		}
		if p.add(act(who, p.d.Ms(talk.HourMs))) == nil {
			delete(p.s.joiners, who)
		}
	}
}

// pileOn plans the attack on the first protected account: fresh and old
// accounts answer and name it, all within minutes, each in its own words.
func (p *stage) pileOn() {
	p.begin(5)
	cfg := &p.s.cfg
	if cfg.PileAccounts == 0 || cfg.PileWaves == 0 {
		return
	}
	victim := cast.Member(cast.Protected, 0)
	group := p.group("pile-on", PlantPileOn)
	group.out.Target = p.s.key(victim)
	spread := cfg.PileSpread.Milliseconds()
	starts := p.waves(p.moment(860), min(5*talk.HourMs, (p.s.set.EndMs-p.s.set.StartMs)*5/100), cfg.PileWaves)
	var windows []Window
	for w, start := range starts {
		// Something must be there to answer to.
		anchor := p.add(talk.Event{At: start - 4*talk.MinuteMs + p.d.Ms(talk.MinuteMs), Who: victim, Style: words.Rights})
		strike := func(who cast.Number, at int64, s words.Style) talk.Event {
			e := talk.Event{At: at, Who: who, Style: s, Target: talk.ProtectedOne}
			if anchor != nil && p.d.Chance(600) {
				e.Kind, e.Ref, e.Target = talk.Reply, anchor, talk.Nobody
			}
			return e
		}
		for i := range cfg.PileAccounts {
			if i%cfg.PileWaves != w && !p.d.Chance(900) {
				continue
			}
			for range 1 + p.d.N(4)/3 {
				// Rises and falls within the wave.
				at := start + (p.d.Ms(spread)+p.d.Ms(spread))/2
				group.add(p.add(strike(cast.Member(cast.Piler, i), at, words.Hostile)))
			}
		}
		p.join(cfg.PileAccounts, w, cfg.PileWaves, cast.OnX, func(who cast.Number, at int64) talk.Event {
			if p.d.Chance(500) {
				return strike(who, start+spread/2+at, words.Critic)
			}
			return strike(who, start+spread/2+at, words.Hostile)
		})
		windows = append(windows, window(start, start+spread))
	}
	group.close(windows...)
}
