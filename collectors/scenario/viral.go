package scenario

import (
	"slices"

	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/talk"
	"winnow/collectors/scenario/words"
)

// viral plans the organic moment that looks most like an attack: one post is
// reposted by a crowd within minutes. Large accounts (hubs) carry it on, each
// with a cascade of its own; delays follow a power law, so that it starts
// steeply and trails off over hours. Nobody reposts twice.
func (p *plot) viral() {
	p.Begin(2)
	size := p.s.cfg.ViralReposts
	if size == 0 {
		return
	}
	used := map[cast.Number]bool{}
	seen := map[string]bool{}
	add := func(e talk.Event) *talk.Event {
		planned := p.Add(e)
		if planned != nil {
			key := p.s.key(e.Who)
			if !seen[key] {
				seen[key] = true
				p.s.viral = append(p.s.viral, key)
			}
		}
		return planned
	}
	root := add(talk.Event{At: p.Moment(677), Who: cast.Member(cast.Author, 0), Style: words.ViralPost})
	if root == nil {
		return
	}
	// A source triggers reposts of what it shows.
	type source struct {
		at     int64
		shows  *talk.Event
		weight int
	}
	burst := func(from int64) int64 { return from + 1500 + p.Set.Curves.Burst.At(p.Dice.Bits()) }
	sources := []source{{root.At, root, 400}}
	total := 400
	for i := range 14 {
		hub := talk.Event{At: root.At + (3+p.Dice.Ms(14*int64(1+i)))*talk.MinuteMs + p.Dice.Ms(talk.MinuteMs), Who: cast.Member(cast.Hub, i), Kind: talk.Repost, Style: words.ViralPost, Ref: root}
		if i%4 == 3 {
			hub.Kind, hub.Style = talk.Quote, words.AboutViral
		}
		planned := add(hub)
		if planned == nil {
			continue
		}
		shows := root
		if hub.Kind == talk.Quote {
			shows = planned
		}
		src := source{planned.At, shows, 15 + int(min(p.Set.Curves.Fit.At(p.Dice.Bits()), 120))}
		sources = append(sources, src)
		total += src.weight
	}
	crowd := 0
	who := func() cast.Number {
		if p.Dice.Chance(400) {
			if n, ok := p.Organic(cast.OnX, used); ok {
				return n
			}
		}
		crowd++
		return cast.Member(cast.Crowd, crowd-1)
	}
	draw := func() source {
		r := p.Dice.N(total)
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
		if ref != root && p.Dice.Chance(500) {
			ref = root
		}
		add(talk.Event{At: burst(src.at), Who: who(), Kind: talk.Repost, Style: ref.Style, Ref: ref})
	}
	for range size * 12 / 100 {
		add(talk.Event{At: burst(draw().at), Who: who(), Kind: talk.Quote, Style: words.AboutViral, Ref: root})
	}
	for range size * 18 / 100 {
		add(talk.Event{At: burst(draw().at), Who: who(), Kind: talk.Reply, Style: words.AboutViral, Ref: root})
	}
	for range size * 15 / 100 {
		add(talk.Event{At: burst(draw().at), Who: who(), Style: words.AboutViral, Target: talk.ViralAuthor})
	}
	// The press picks it up within an hour or two, and people copy headlines.
	var articles []*talk.Event
	for outlet := range uint32(8) {
		i := talk.ViralArticle | outlet
		at := root.At + 20*talk.MinuteMs + p.Dice.Ms(100*talk.MinuteMs)
		if e := add(talk.Event{At: at, Who: p.Set.Press.Outlet(i), Extra: i, Style: words.Headline}); e != nil {
			articles = append(articles, e)
		}
	}
	if len(articles) == 0 {
		return
	}
	for range size * 9 / 100 {
		of := articles[p.Dice.N(len(articles))]
		n, ok := p.Organic(-1, used)
		if !ok {
			break
		}
		e := talk.Event{At: burst(of.At), Who: n, Extra: of.Extra, Style: words.Headline}
		if p.Dice.Chance(250) {
			e.Style = words.Shared
		}
		add(e)
	}
	slices.Sort(p.s.viral)
}
