package scenario

import (
	"time"

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
	from := p.moment(417) / hourMs * hourMs
	to := from + 2*hourMs
	w := window(from, to)
	p.s.declared = campaign.Declared{
		Name: "Free voices: day of action", From: w.From, To: w.To,
		Tags: []string{"FreeVoicesBaku"}, Texts: p.s.planted.declared,
	}
	group := p.group("day of action", PlantDeclared)
	for i := range cfg.DeclaredAccounts {
		who := member(blockSupporter, i)
		for range 1 + p.d.n(3)*p.d.n(2) {
			// More at the beginning than at the end.
			at := from + min(p.d.ms(to-from), p.d.ms(to-from))
			text := p.d.n(len(p.s.planted.declared))
			group.add(p.add(event{at: at, who: who, style: declaredText, extra: uint32(text)}))
		}
	}
	group.close(w)
}

// plant gathers what belongs to one planted action.
type plant struct {
	p     *stage
	out   Planted
	acted map[number]bool
}

func (p *stage) group(name, kind string) *plant {
	return &plant{p: p, out: Planted{Name: name, Kind: kind}, acted: map[number]bool{}}
}

// add notes an event, unless it is nil, and returns it.
func (g *plant) add(e *event) *event {
	if e == nil {
		return nil
	}
	at := time.UnixMilli(e.at).UTC()
	if g.out.From.IsZero() || at.Before(g.out.From) {
		g.out.From = at
	}
	if at.After(g.out.To) {
		g.out.To = at
	}
	g.out.Posts++
	if !g.acted[e.who] {
		g.acted[e.who] = true
		g.out.Accounts = append(g.out.Accounts, g.p.s.key(e.who))
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
