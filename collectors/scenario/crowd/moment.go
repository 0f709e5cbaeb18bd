package crowd

import (
	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/stage"
	"winnow/collectors/scenario/talk"
	"winnow/collectors/scenario/words"
)

// Kind says what happens in a moment.
type Kind string

// The kinds of moment.
const (
	// Cascade: a post is reposted by a crowd, 10 to 30 in the first minute,
	// and on over hours; 40 to 1,000 altogether.
	Cascade Kind = "cascade"
	// Headline: 20 to 150 accounts share an article, three of four with its
	// headline word for word, with the delays of a cascade.
	Headline Kind = "headline"
	// News: 30 to 120 accounts, many of them new, share several articles and
	// posts, or say something of their own: half of them within 3 to 6 minutes,
	// the last hours later. (Of what begins so fast nearly nothing stops at once:
	// under 3 % of it in the week of the Higgs boson, De Domenico et al. 2013.)
	News Kind = "news"
	// Chant: 15 to 60 accounts say the same few words, and half as many
	// something of their own, because of what just happened: up to half of
	// them in the first minute, the last hours later.
	Chant Kind = "chant"
	// Start: something begins, and 20 to 80 of those who are always there post,
	// each in its own words: half to a quarter of them in the first minute, the
	// last much later.
	Start Kind = "start"
)

// Moment is a number of organic moments of one kind.
type Moment struct {
	Kind  Kind
	Count int
}

// Kinds returns the kinds of moment.
func Kinds() []Kind { return []Kind{Cascade, Headline, News, Chant, Start} }

// firstAct is the number of the first moment's dice; see stage.Stage.Begin.
const firstAct = 2000

// most is how many moments there are numbers for.
const most = 1 << 24 / cast.PoolSize

// Plan plans moments.
func Plan(st *stage.Stage, moments []Moment) {
	n := 0
	for i, m := range moments {
		st.Begin(firstAct + uint64(i))
		for range m.Count {
			if n == most {
				return
			}
			p := &planner{Stage: st, moment: n, used: map[cast.Number]bool{}}
			n++
			at := p.awake()
			switch m.Kind {
			case Cascade:
				p.cascade(at)
			case Headline:
				p.headline(at)
			case News:
				p.news(at)
			case Chant:
				p.chant(at)
			case Start:
				p.start(at)
			}
		}
	}
}

// planner plans one moment.
type planner struct {
	*stage.Stage
	moment int
	passed int // people who came for it alone, so far
	used   map[cast.Number]bool
}

// awake draws when the moment comes: by day, where most people live, and in
// time for its tail.
func (p *planner) awake() (at int64) {
	c := p.Set.Cast
	offset := int64(c.Regions[c.RegionOf(50)].Offset) * talk.HourMs
	for range 8 {
		at = p.Moment(20 + p.Dice.Ms(900))
		if (at+offset)%talk.DayMs >= 7*talk.HourMs {
			break
		}
	}
	return at
}

// passer is somebody who comes for this moment alone. They are all on one
// platform.
func (p *planner) passer() cast.Number {
	p.passed = min(p.passed+1, cast.PoolSize-1)
	return cast.Member(cast.Passer, p.moment*cast.PoolSize+p.passed)
}

// somebody is a passer in so many cases of a thousand, else somebody of the
// organic cast who is not yet there.
func (p *planner) somebody(plat, passers int) cast.Number {
	if !p.Dice.Chance(passers) {
		if who, ok := p.Organic(plat, p.used); ok {
			return who
		}
	}
	return p.passer()
}

func (p *planner) between(least, most int) int { return least + p.Dice.N(most-least+1) }

// speeds are the factors, in thousandths, by which delays are longer than those
// of dice.Curves.Burst, with the share of them, in thousandths, that are below
// a minute: 1-(1+60/(0.72 f))^-1.1.
var speeds = [...]struct{ factor, firstMinute int }{{300, 236}, {600, 132}, {1000, 84}, {2000, 43}, {3000, 29}}

// delay draws how long after the source somebody follows.
func (p *planner) delay(factor int) int64 {
	return 1500 + p.Set.Curves.Burst.At(p.Dice.Bits())*int64(factor)/1000
}

// root plans a post that bears the tag, and returns it with its platform.
func (p *planner) root(at int64) (*talk.Event, int) {
	first := p.passer() // tells which platform the moment is on
	plat := p.Set.Cast.Platform(first)
	who, ok := p.Organic(plat, p.used)
	if !ok {
		who = first
	}
	styles := [...]words.Style{words.Rights, words.Sport, words.Pride}
	return p.Add(talk.Event{At: at, Who: who, Style: styles[p.Dice.N(len(styles))], Tagged: true}), plat
}

func (p *planner) cascade(at int64) {
	root, plat := p.root(at)
	if root == nil {
		return
	}
	speed := speeds[p.Dice.N(len(speeds))]
	size := p.between(10, 30) * 1000 / speed.firstMinute
	passers := p.between(200, 800)
	for range size {
		who := p.somebody(plat, passers)
		p.Add(talk.Event{At: at + p.delay(speed.factor), Who: who, Kind: talk.Repost, Style: root.Style, Ref: root})
	}
	for range size / 8 {
		e := talk.Event{At: at + p.delay(speed.factor), Who: p.somebody(plat, passers), Kind: talk.Reply, Style: words.Comment, Ref: root}
		if p.Dice.Chance(400) {
			e.Kind = talk.Quote
		}
		p.Add(e)
	}
}

// article returns the number of an article that the press does not publish on
// its own, by an outlet in the language of somebody here if there is one.
func (p *planner) article() uint32 {
	lang := p.Set.Cast.Lang(p.passer())
	i := uint32(0)
	for range 20 {
		i = talk.FarArticle + uint32(p.Dice.N(1<<28)) + 1<<26
		if p.Set.Cast.Lang(p.Set.Press.Outlet(i)) == lang {
			break
		}
	}
	return i
}

// share plans that somebody shares an article.
func (p *planner) share(i uint32, who cast.Number, at int64, ownWords int) {
	e := talk.Event{At: at, Who: who, Extra: i, Style: words.Headline, Tagged: true}
	if p.Dice.Chance(ownWords) {
		e.Style = words.Shared
	}
	p.AddIn(p.Set.Cast.Lang(p.Set.Press.Outlet(i)), e)
}

func (p *planner) headline(at int64) {
	i := p.article()
	p.share(i, p.Set.Press.Outlet(i), at, 0)
	speed := speeds[p.Dice.N(len(speeds))]
	passers := p.between(100, 700)
	for range p.between(20, 150) {
		p.share(i, p.somebody(stage.Any, passers), at+p.delay(speed.factor), 250)
	}
}

func (p *planner) news(at int64) {
	var articles []uint32
	for range p.between(3, 8) {
		articles = append(articles, p.article())
	}
	span := talk.MinuteMs * int64(p.between(3, 10))
	var roots []*talk.Event
	plat := 0
	for range p.between(3, 8) {
		var root *talk.Event
		if root, plat = p.root(at + p.Dice.Ms(span)/4); root != nil {
			roots = append(roots, root)
		}
	}
	for range p.between(30, 120) {
		who := p.somebody(plat, 650)
		when := at + p.Dice.Ms(span)/4 + p.delay(speeds[0].factor)
		for range 1 + p.Dice.N(4)/3 {
			switch r := p.Dice.N(100); {
			case r < 45 && len(roots) > 0:
				root := roots[p.Dice.N(len(roots))]
				if root.At+1500 > when || root.Who == who {
					continue
				}
				p.Add(talk.Event{At: when, Who: who, Kind: talk.Repost, Style: root.Style, Ref: root})
			case r < 70:
				p.share(articles[p.Dice.N(len(articles))], who, when, 400)
			default:
				p.Add(talk.Event{At: when, Who: who, Style: words.Rights, Tagged: true})
			}
			when += 10_000 + p.Dice.Ms(2*talk.MinuteMs)
		}
	}
}

func (p *planner) chant(at int64) {
	lang := p.Set.Cast.Lang(p.passer())
	// Of what is shouted half comes in the first minute at the fastest, one
	// in twelve at the slowest.
	factor := p.between(1, 10) * 100
	size := p.between(15, 60)
	for range size {
		p.AddIn(lang, talk.Event{At: at + p.delay(factor), Who: p.somebody(stage.Any, 200), Style: words.Chant, Extra: uint32(p.moment)})
	}
	for range size / 2 {
		p.Add(talk.Event{At: at + p.delay(factor), Who: p.somebody(stage.Any, 200), Style: words.Sport, Tagged: true})
	}
}

func (p *planner) start(at int64) {
	factor := p.between(1, 3) * 100
	for range p.between(20, 80) {
		who, ok := p.Regular(stage.Any, p.used)
		if !ok {
			return
		}
		p.Add(talk.Event{At: at + p.delay(factor), Who: who, Style: words.Sport, Tagged: true})
	}
}
