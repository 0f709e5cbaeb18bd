package scenario

import (
	"time"

	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/stage"
	"winnow/collectors/scenario/talk"
	"winnow/collectors/scenario/words"
)

// plot plans the acts of the story on a stage.
type plot struct {
	*stage.Stage
	s *Scenario
}

// protected plans what the protected people themselves post: some ten posts a
// day, none at night.
func (p *plot) protected() {
	p.Begin(1)
	for day := p.Set.StartMs / talk.DayMs * talk.DayMs; day < p.Set.EndMs; day += talk.DayMs {
		for i := range cast.ProtectedHandles {
			for range 8 + p.Dice.N(5) {
				at := day + 6*talk.HourMs + p.Dice.Ms(15*talk.HourMs)
				if e := p.Add(talk.Event{At: at, Who: cast.Member(cast.Protected, i), Style: words.Rights}); e != nil {
					e.Fit = min(e.Fit, 5000) * 10
				}
			}
		}
	}
}

// window returns a Window of Unix milliseconds.
func window(from, to int64) Window {
	return Window{From: time.UnixMilli(from).UTC(), To: time.UnixMilli(to).UTC()}
}
