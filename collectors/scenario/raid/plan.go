package raid

import (
	"slices"
	"strconv"

	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/stage"
	"winnow/collectors/scenario/talk"
	"winnow/collectors/scenario/words"
)

// firstAct is the number of the first raid's dice; see stage.Stage.Begin.
const firstAct = 1000

// Plan plans raids. The pools of the stage's cast must be those of Pools.
func Plan(st *stage.Stage, raids []Raid) {
	named := map[Kind]int{}
	text := uint32(0)
	for i, r := range raids {
		r, ok := r.withDefaults()
		if !ok {
			continue
		}
		st.Begin(firstAct + uint64(i))
		p := &planner{Stage: st, Raid: r, pool: i, text: &text, named: named, lang: r.lang()}
		p.all()
	}
}

// planner plans one raid.
type planner struct {
	*stage.Stage
	Raid
	pool    int
	members int // of the pool, so far
	lang    int
	// text numbers the texts and links of all raids.
	text  *uint32
	named map[Kind]int
}

func (p *planner) member(i int) cast.Number { return cast.Member(cast.Raider, p.pool*cast.PoolSize+i) }

func (p *planner) between(r Range) int { return r.Least + p.Dice.N(r.Most-r.Least+1) }

// small draws from a range, small numbers more often.
func (p *planner) small(r Range) int { return min(p.between(r), p.between(r)) }

func (p *planner) span() int64 {
	least := p.Span.Least.Milliseconds()
	return least + p.Dice.Ms(p.Span.Most.Milliseconds()-least+1)
}

// draw picks n members for an attack: some that were there before, if the raid
// has recurring ones, and new ones.
func (p *planner) draw(n int) []cast.Number {
	var out []cast.Number
	used := map[int]bool{}
	// Those that recur are the first of the pool, some more than an attack has.
	core := min(p.members, 2*p.Accounts.Most)
	fresh := p.members
	for range n {
		if core > 0 && p.Dice.N(1_000_000) < int(p.Recurring*1e6) {
			if i := p.Dice.N(core); !used[i] {
				used[i] = true
				out = append(out, p.member(i))
				continue
			}
		}
		if fresh >= cast.PoolSize {
			break
		}
		out = append(out, p.member(fresh))
		fresh++
	}
	p.members = fresh
	return out
}

// all plans the raid's attacks.
func (p *planner) all() {
	for range p.Instances {
		name := string(p.Kind) + "-" + strconv.Itoa(p.named[p.Kind])
		p.named[p.Kind]++
		g := p.Group(name, string(p.Kind))
		who := p.draw(p.small(p.Accounts))
		if p.Kind == Drip {
			p.drip(g, who)
			continue
		}
		// There was talk before, and there is time for it to end.
		start := p.Moment(150 + p.Dice.Ms(790))
		times := p.times(start, p.span(), len(who))
		end := start
		switch p.Kind {
		case Ring, SlowRing:
			p.ring(g, who, times, p.root(start))
		case Flood:
			p.flood(g, who, times)
		default:
			extra := p.number() | talk.Mutated
			for i := range who {
				g.Add(p.AddIn(p.lang, talk.Event{At: times[i], Who: who[i], Style: words.RaidText, Extra: extra}))
			}
		}
		for _, e := range g.Events {
			end = max(end, e.At+1)
		}
		g.Waves = []stage.Span{{From: start, To: end}}
		if p.Dice.N(1_000_000) < int(p.Deleted*1e6) {
			for _, e := range g.Events {
				p.Delete(e, e.At+30_000+p.Dice.Ms(90_000))
			}
		}
	}
}

// number returns the next number of a text.
func (p *planner) number() uint32 {
	*p.text++
	return *p.text & talk.TextMask
}

// times returns n times within a span, in order: the first and the last are its
// ends, and in some attacks most come early.
func (p *planner) times(start, span int64, n int) []int64 {
	early := p.Dice.Chance(400)
	out := make([]int64, n)
	for i := range out {
		at := p.Dice.Ms(span)
		if early {
			at = min(at, p.Dice.Ms(span))
		}
		out[i] = start + at
	}
	slices.Sort(out)
	out[0] = start
	if n > 1 {
		out[n-1] = start + span
	}
	return out
}

// root plans a post that a ring takes up: mostly somebody's own, from a minute
// to three hours before.
func (p *planner) root(before int64) *talk.Event {
	e := talk.Event{At: before - talk.MinuteMs - p.Dice.Ms(3*talk.HourMs), Style: words.Pride, Tagged: true}
	who, ok := p.Organic(p.Platform-1, map[cast.Number]bool{})
	if !ok {
		// A cast so small that it has nobody there.
		who = p.draw(1)[0]
	}
	if e.Who = who; p.Dice.Chance(500) {
		e.Style = words.Sport
	}
	return p.Add(e)
}

func (p *planner) ring(g *stage.Group, who []cast.Number, times []int64, root *talk.Event) {
	if root == nil {
		return
	}
	for i := range who {
		g.Add(p.Add(talk.Event{At: times[i], Who: who[i], Kind: talk.Repost, Style: root.Style, Ref: root}))
	}
}

func (p *planner) flood(g *stage.Group, who []cast.Number, times []int64) {
	most := 1 + p.Dice.N(3)
	for i := range who {
		at := times[i]
		for range 1 + p.Dice.N(most) {
			g.Add(p.AddIn(p.lang, talk.Event{At: at, Who: who[i], Style: words.RandomText}))
			at += 2000 + p.Dice.Ms(8000)
		}
	}
}

// drip plans the rounds of one group: in each most of it shares one thing, one
// account after the other, minutes apart.
func (p *planner) drip(g *stage.Group, who []cast.Number) {
	rounds := max(p.between(p.Rounds), 1)
	from, to := p.Moment(80), p.Moment(960)
	step := (to - from) / int64(rounds)
	// What a group shares is mostly of one kind.
	habit := p.Dice.N(3)
	for round := range rounds {
		at := from + int64(round)*step + p.Dice.Ms(max(step*3/4, 1))
		habit := habit
		if p.Dice.Chance(200) {
			habit = p.Dice.N(3)
		}
		act := talk.Event{Style: words.RaidText, Extra: p.number()}
		lang := p.lang
		switch habit {
		case 1:
			act.Style, act.Tagged = words.Headline, true
			act.Extra += talk.FarArticle
			lang = p.Set.Cast.Lang(p.Set.Press.Outlet(act.Extra))
			if p.Dice.Chance(500) {
				act.Style = words.Shared
			}
		case 2:
			if act.Ref = p.root(at); act.Ref == nil {
				continue
			}
			act.Kind, act.Style, lang = talk.Repost, act.Ref.Style, int(act.Ref.Lang)
		}
		begin := at
		gap := p.span() / int64(len(who))
		for _, i := range p.order(len(who)) {
			if p.Dice.Chance(300) {
				continue
			}
			e := act
			e.At, e.Who = at, who[i]
			g.Add(p.AddIn(lang, e))
			at += gap/2 + p.Dice.Ms(gap+1)
		}
		g.Waves = append(g.Waves, stage.Span{From: begin, To: at})
	}
}

// order returns 0 to n-1 shuffled.
func (p *planner) order(n int) []int {
	out := make([]int, n)
	for i := range out {
		j := p.Dice.N(i + 1)
		out[i], out[j] = out[j], i
	}
	return out
}
