package scenario

// copies plans the copy-paste praise: fresh accounts post the same few texts in
// waves, and repost each other.
func (p *stage) copies() {
	p.begin(4)
	cfg := &p.s.cfg
	if cfg.CopyAccounts == 0 || cfg.CopyWaves == 0 {
		return
	}
	group := p.group("copied praise", PlantCopies)
	texts := len(p.s.planted.copies)
	spread := cfg.CopySpread.Milliseconds()
	starts := p.waves(p.moment(730), min(16*hourMs, (p.s.endMs-p.s.startMs)*17/100), cfg.CopyWaves)
	reach := starts[len(starts)-1] + spread - starts[0]
	var windows []Window
	for w, start := range starts {
		// Two texts lead a wave. Whoever comes late may repost instead.
		lead := [...]int{p.d.n(texts), p.d.n(texts)}
		var posted []*event
		for i := range cfg.CopyAccounts {
			if i%cfg.CopyWaves != w && !p.d.chance(850) {
				continue
			}
			e := event{at: start + p.d.ms(spread), who: member(blockCopier, i), style: copiedText}
			if p.d.n(1_000_000) < int(cfg.CopyDrip*1e6) {
				e.at = starts[0] + p.d.ms(reach)
			}
			if ref := p.earlier(posted, &e); ref != nil && p.d.chance(280) {
				e.kind, e.ref, e.extra = isRepost, ref, ref.extra
				group.add(p.add(e))
				continue
			}
			text := lead[p.d.n(len(lead))]
			if p.d.chance(200) {
				text = p.d.n(texts)
			}
			e.extra = uint32(text)
			if p.d.chance(350) {
				e.extra |= uint32(1+text%photos) << photoShift
			}
			if planned := group.add(p.add(e)); planned != nil {
				posted = append(posted, planned)
			}
		}
		p.join(cfg.CopyAccounts, w, cfg.CopyWaves, -1, func(who number, at int64) event {
			return event{at: start + spread + at, who: who, style: copiedText, extra: uint32(lead[0])}
		})
		windows = append(windows, window(start, start+spread))
	}
	group.close(windows...)
}

// photos is how many pictures go round with the copied texts; event.extra holds
// one more than the picture's number above photoShift.
const (
	photos     = 3
	photoShift = 8
)

// earlier returns the post among posted that e could have reposted, or nil.
func (p *stage) earlier(posted []*event, e *event) *event {
	if len(posted) == 0 {
		return nil
	}
	of := posted[p.d.n(len(posted))]
	if of.at+1500 > e.at || int(of.plat) != p.s.cast.platform(e.who) || of.who == e.who {
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
			at += p.d.ms(step/3) - step/6
		}
		out = append(out, at)
	}
	return out
}

// join lets organic accounts join wave w of an attack within the hour after it.
func (p *stage) join(attackers, w, waves, plat int, act func(who number, at int64) event) {
	n := int(p.s.cfg.Joiners * float64(attackers))
	for range n*(w+1)/waves - n*w/waves {
		who, ok := p.organic(plat, p.s.joiners)
		if !ok {
			return
		}
		if p.add(act(who, p.d.ms(hourMs))) == nil {
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
	victim := member(blockProtected, 0)
	group := p.group("pile-on", PlantPileOn)
	group.out.Target = p.s.key(victim)
	spread := cfg.PileSpread.Milliseconds()
	starts := p.waves(p.moment(860), min(5*hourMs, (p.s.endMs-p.s.startMs)*5/100), cfg.PileWaves)
	var windows []Window
	for w, start := range starts {
		// Something must be there to answer to.
		anchor := p.add(event{at: start - 4*minuteMs + p.d.ms(minuteMs), who: victim, style: talkRights})
		strike := func(who number, at int64, s style) event {
			e := event{at: at, who: who, style: s, target: protectedOne}
			if anchor != nil && p.d.chance(600) {
				e.kind, e.ref, e.target = isReply, anchor, nobody
			}
			return e
		}
		for i := range cfg.PileAccounts {
			if i%cfg.PileWaves != w && !p.d.chance(900) {
				continue
			}
			for range 1 + p.d.n(4)/3 {
				// Rises and falls within the wave.
				at := start + (p.d.ms(spread)+p.d.ms(spread))/2
				group.add(p.add(strike(member(blockPiler, i), at, talkHostile)))
			}
		}
		p.join(cfg.PileAccounts, w, cfg.PileWaves, onX, func(who number, at int64) event {
			if p.d.chance(500) {
				return strike(who, start+spread/2+at, talkCritic)
			}
			return strike(who, start+spread/2+at, talkHostile)
		})
		windows = append(windows, window(start, start+spread))
	}
	group.close(windows...)
}
