package scenario

import (
	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/stage"
	"winnow/collectors/scenario/talk"
	"winnow/collectors/scenario/words"
)

// copies plans the copy-paste praise: fresh accounts post the same few texts in
// waves, and repost each other.
func (p *plot) copies() {
	p.Begin(4)
	cfg := &p.s.cfg
	if cfg.CopyAccounts == 0 || cfg.CopyWaves == 0 {
		return
	}
	group := p.Group("copied praise", PlantCopies)
	texts := len(p.s.words.Planted.Copies)
	spread := cfg.CopySpread.Milliseconds()
	starts := p.waves(p.Moment(730), min(16*talk.HourMs, (p.Set.EndMs-p.Set.StartMs)*17/100), cfg.CopyWaves)
	reach := starts[len(starts)-1] + spread - starts[0]
	for w, start := range starts {
		// Two texts lead a wave. Whoever comes late may repost instead.
		lead := [...]int{p.Dice.N(texts), p.Dice.N(texts)}
		var posted []*talk.Event
		for i := range cfg.CopyAccounts {
			if i%cfg.CopyWaves != w && !p.Dice.Chance(850) {
				continue
			}
			e := talk.Event{At: start + p.Dice.Ms(spread), Who: cast.Member(cast.Copier, i), Style: words.CopiedText}
			if p.Dice.N(1_000_000) < int(cfg.CopyDrip*1e6) {
				e.At = starts[0] + p.Dice.Ms(reach)
			}
			if ref := p.earlier(posted, &e); ref != nil && p.Dice.Chance(280) {
				e.Kind, e.Ref, e.Extra = talk.Repost, ref, ref.Extra
				group.Add(p.Add(e))
				continue
			}
			text := lead[p.Dice.N(len(lead))]
			if p.Dice.Chance(200) {
				text = p.Dice.N(texts)
			}
			e.Extra = uint32(text)
			if p.Dice.Chance(350) {
				e.Extra |= uint32(1+text%talk.Photos) << talk.PhotoShift
			}
			if planned := group.Add(p.Add(e)); planned != nil {
				posted = append(posted, planned)
			}
		}
		p.join(cfg.CopyAccounts, w, cfg.CopyWaves, -1, func(who cast.Number, at int64) talk.Event {
			return talk.Event{At: start + spread + at, Who: who, Style: words.CopiedText, Extra: uint32(lead[0])}
		})
		group.Waves = append(group.Waves, stage.Span{From: start, To: start + spread})
	}
}

// earlier returns the post among posted that e could have reposted, or nil.
func (p *plot) earlier(posted []*talk.Event, e *talk.Event) *talk.Event {
	if len(posted) == 0 {
		return nil
	}
	of := posted[p.Dice.N(len(posted))]
	if of.At+1500 > e.At || int(of.Plat) != p.Set.Cast.Platform(e.Who) || of.Who == e.Who {
		return nil
	}
	return of
}

// waves returns n starting times over a span, not quite regular.
func (p *plot) waves(from, span int64, n int) []int64 {
	step := span / int64(max(1, n-1))
	var out []int64
	for i := range n {
		at := from + int64(i)*step
		if i > 0 {
			at += p.Dice.Ms(step/3) - step/6
		}
		out = append(out, at)
	}
	return out
}

// join lets organic accounts join wave w of an attack within the hour after it.
func (p *plot) join(attackers, w, waves, plat int, act func(who cast.Number, at int64) talk.Event) {
	n := int(p.s.cfg.Joiners * float64(attackers))
	for range n*(w+1)/waves - n*w/waves {
		who, ok := p.Organic(plat, p.s.joiners)
		if !ok {
			return
		}
		if p.Add(act(who, p.Dice.Ms(talk.HourMs))) == nil {
			delete(p.s.joiners, who)
		}
	}
}

// pileOn plans the attack on the first protected account: fresh and old
// accounts answer and name it, all within minutes, each in its own words.
func (p *plot) pileOn() {
	p.Begin(5)
	cfg := &p.s.cfg
	if cfg.PileAccounts == 0 || cfg.PileWaves == 0 {
		return
	}
	victim := cast.Member(cast.Protected, 0)
	group := p.Group("pile-on", PlantPileOn)
	group.Target, group.HasTarget = victim, true
	spread := cfg.PileSpread.Milliseconds()
	starts := p.waves(p.Moment(860), min(5*talk.HourMs, (p.Set.EndMs-p.Set.StartMs)*5/100), cfg.PileWaves)
	for w, start := range starts {
		// Something must be there to answer to.
		anchor := p.Add(talk.Event{At: start - 4*talk.MinuteMs + p.Dice.Ms(talk.MinuteMs), Who: victim, Style: words.Rights})
		strike := func(who cast.Number, at int64, s words.Style) talk.Event {
			e := talk.Event{At: at, Who: who, Style: s, Target: talk.ProtectedOne}
			if anchor != nil && p.Dice.Chance(600) {
				e.Kind, e.Ref, e.Target = talk.Reply, anchor, talk.Nobody
			}
			return e
		}
		for i := range cfg.PileAccounts {
			if i%cfg.PileWaves != w && !p.Dice.Chance(900) {
				continue
			}
			for range 1 + p.Dice.N(4)/3 {
				// Rises and falls within the wave.
				at := start + (p.Dice.Ms(spread)+p.Dice.Ms(spread))/2
				group.Add(p.Add(strike(cast.Member(cast.Piler, i), at, words.Hostile)))
			}
		}
		p.join(cfg.PileAccounts, w, cfg.PileWaves, cast.OnX, func(who cast.Number, at int64) talk.Event {
			if p.Dice.Chance(500) {
				return strike(who, start+spread/2+at, words.Critic)
			}
			return strike(who, start+spread/2+at, words.Hostile)
		})
		group.Waves = append(group.Waves, stage.Span{From: start, To: start + spread})
	}
}
