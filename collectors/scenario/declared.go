package scenario

import (
	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/stage"
	"winnow/collectors/scenario/talk"
	"winnow/collectors/scenario/words"
	"winnow/pipeline/campaign"
)

// declared plans the campaign's own day of action: supporters post the
// suggested texts within two hours, many of them word for word. It is
// coordinated, openly.
func (p *plot) declared() {
	p.Begin(3)
	cfg := &p.s.cfg
	if cfg.DeclaredAccounts == 0 {
		return
	}
	from := p.Moment(417) / talk.HourMs * talk.HourMs
	to := from + 2*talk.HourMs
	w := window(from, to)
	p.s.declared = campaign.Declared{
		Name: "Free voices: day of action", From: w.From, To: w.To,
		Tags: []string{"FreeVoicesBaku"}, Texts: p.s.words.Planted.Declared,
	}
	group := p.Group("day of action", PlantDeclared)
	for i := range cfg.DeclaredAccounts {
		who := cast.Member(cast.Supporter, i)
		for range 1 + p.Dice.N(3)*p.Dice.N(2) {
			// More at the beginning than at the end.
			at := from + min(p.Dice.Ms(to-from), p.Dice.Ms(to-from))
			text := p.Dice.N(len(p.s.words.Planted.Declared))
			group.Add(p.Add(talk.Event{At: at, Who: who, Style: words.DeclaredText, Extra: uint32(text)}))
		}
	}
	group.Waves = []stage.Span{{From: from, To: to}}
}
