package scenario

import "slices"

// viral plans the organic moment that looks most like an attack: one post is
// reposted by a crowd within minutes. Large accounts (hubs) carry it on, each
// with a cascade of its own; delays follow a power law, so that it starts
// steeply and trails off over hours. Nobody reposts twice.
func (p *stage) viral() {
	p.begin(2)
	size := p.s.cfg.ViralReposts
	if size == 0 {
		return
	}
	used := map[number]bool{}
	seen := map[string]bool{}
	add := func(e event) *event {
		planned := p.add(e)
		if planned != nil {
			key := p.s.key(e.who)
			if !seen[key] {
				seen[key] = true
				p.s.viral = append(p.s.viral, key)
			}
		}
		return planned
	}
	root := add(event{at: p.moment(677), who: member(blockAuthor, 0), style: viralPost})
	if root == nil {
		return
	}
	// A source triggers reposts of what it shows.
	type source struct {
		at     int64
		shows  *event
		weight int
	}
	burst := func(from int64) int64 { return from + 1500 + p.s.curves.burst.at(p.d.bits()) }
	sources := []source{{root.at, root, 400}}
	total := 400
	for i := range 14 {
		hub := event{at: root.at + (3+p.d.ms(14*int64(1+i)))*minuteMs + p.d.ms(minuteMs), who: member(blockHub, i), kind: isRepost, style: viralPost, ref: root}
		if i%4 == 3 {
			hub.kind, hub.style = isQuote, talkViral
		}
		planned := add(hub)
		if planned == nil {
			continue
		}
		shows := root
		if hub.kind == isQuote {
			shows = planned
		}
		src := source{planned.at, shows, 15 + int(min(p.s.curves.fit.at(p.d.bits()), 120))}
		sources = append(sources, src)
		total += src.weight
	}
	crowd := 0
	who := func() number {
		if p.d.chance(400) {
			if n, ok := p.organic(onX, used); ok {
				return n
			}
		}
		crowd++
		return member(blockCrowd, crowd-1)
	}
	draw := func() source {
		r := p.d.n(total)
		for _, src := range sources {
			if r -= src.weight; r < 0 {
				return src
			}
		}
		return sources[0]
	}
	for range size {
		src := draw()
		ref := src.shows
		if ref != root && p.d.chance(500) {
			ref = root
		}
		add(event{at: burst(src.at), who: who(), kind: isRepost, style: ref.style, ref: ref})
	}
	for range size * 12 / 100 {
		add(event{at: burst(draw().at), who: who(), kind: isQuote, style: talkViral, ref: root})
	}
	for range size * 18 / 100 {
		add(event{at: burst(draw().at), who: who(), kind: isReply, style: talkViral, ref: root})
	}
	for range size * 15 / 100 {
		add(event{at: burst(draw().at), who: who(), style: talkViral, target: viralAuthor})
	}
	// The press picks it up within an hour or two, and people copy headlines.
	var articles []*event
	for outlet := range uint32(8) {
		i := viralArticle | outlet
		at := root.at + 20*minuteMs + p.d.ms(100*minuteMs)
		if e := add(event{at: at, who: p.s.desk.outlet(i), extra: i, style: shareHeadline}); e != nil {
			articles = append(articles, e)
		}
	}
	if len(articles) == 0 {
		return
	}
	for range size * 9 / 100 {
		of := articles[p.d.n(len(articles))]
		n, ok := p.organic(-1, used)
		if !ok {
			break
		}
		e := event{at: burst(of.at), who: n, extra: of.extra, style: shareHeadline}
		if p.d.chance(250) {
			e.style = shareComment
		}
		add(e)
	}
	slices.Sort(p.s.viral)
}
