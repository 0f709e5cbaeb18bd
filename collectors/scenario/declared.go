package scenario

import (
	"time"

	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/talk"
	"winnow/collectors/scenario/words"
	"winnow/pipeline/campaign"
)

// declared plans the campaign's own day of action: supporters post the
// suggested texts within two hours, many of them word for word. It is
// coordinated, openly.
func (p *stage) declared() {
	p.begin(3)
	cfg := &p.s.cfg
	if cfg.DeclaredAccounts == 0 {
		return
	}
	from := p.moment(417) / talk.HourMs * talk.HourMs
	to := from + 2*talk.HourMs
	w := window(from, to)
	p.s.declared = campaign.Declared{
		Name: "Free voices: day of action", From: w.From, To: w.To,
		Tags: []string{"FreeVoicesBaku"}, Texts: p.s.words.Planted.Declared,
	}
	group := p.group("day of action", PlantDeclared)
	for i := range cfg.DeclaredAccounts {
		who := cast.Member(cast.Supporter, i)
		for range 1 + p.d.N(3)*p.d.N(2) {
			// More at the beginning than at the end.
			at := from + min(p.d.Ms(to-from), p.d.Ms(to-from))
			text := p.d.N(len(p.s.words.Planted.Declared))
			group.add(p.add(talk.Event{At: at, Who: who, Style: words.DeclaredText, Extra: uint32(text)}))
		}
	}
	group.close(w)
}

// plant gathers what belongs to one planted action.
type plant struct {
	p     *stage
	out   Planted
	acted map[cast.Number]bool
}

func (p *stage) group(name, kind string) *plant {
	return &plant{p: p, out: Planted{Name: name, Kind: kind}, acted: map[cast.Number]bool{}}
}

// add notes an event, unless it is nil, and returns it.
func (g *plant) add(e *talk.Event) *talk.Event {
	if e == nil {
		return nil
	}
	at := time.UnixMilli(e.At).UTC()
	if g.out.From.IsZero() || at.Before(g.out.From) {
		g.out.From = at
	}
	if at.After(g.out.To) {
		g.out.To = at
	}
	g.out.Posts++
	if !g.acted[e.Who] {
		g.acted[e.Who] = true
		g.out.Accounts = append(g.out.Accounts, g.p.s.key(e.Who))
	}
	return e
}

// close hands the group over with its waves.
func (g *plant) close(waves ...Window) {
	if g.out.Posts == 0 {
		return
	}
	g.out.Waves = waves
	g.p.s.plants = append(g.p.s.plants, g.out)
}
