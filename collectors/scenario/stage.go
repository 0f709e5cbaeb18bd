package scenario

import (
	"time"

	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/dice"
	"winnow/collectors/scenario/talk"
	"winnow/collectors/scenario/words"
)

// stage plans the planted events, which are few and fixed before the talk
// begins.
type stage struct {
	s    *Scenario
	d    dice.Dice
	cues []*talk.Event
}

// begin gives an act dice of its own, so that changing one act leaves the
// others as they are.
func (p *stage) begin(act uint64) { p.d = dice.New(dice.Mix(p.s.cfg.Seed, 0x57a6e), act) }

// moment returns the time at thousandths of the story.
func (p *stage) moment(thousandths int64) int64 {
	return p.s.set.StartMs + (p.s.set.EndMs-p.s.set.StartMs)/1000*thousandths
}

// add completes an event and plans it; nil if it is past the story's end.
func (p *stage) add(e talk.Event) *talk.Event {
	if e.At >= p.s.set.EndMs || e.At < p.s.set.StartMs {
		return nil
	}
	e.Seq = talk.PlantedSeq + uint64(len(p.cues))
	e.Roll = p.d.Bits()
	e.Plat = uint8(p.s.set.Cast.Platform(e.Who))
	if e.Extra&talk.ViralArticle == 0 {
		e.Lang = uint8(p.s.set.Cast.Lang(e.Who))
	}
	e.Fit = uint16(p.s.set.Curves.Fit.At(dice.Mix(e.Roll, 1)))
	e.Obs = e.At + p.s.set.Latency(&e)
	p.cues = append(p.cues, &e)
	return &e
}

// organic draws an account of the organic cast on a platform (any if negative)
// that is not yet in used; false if there seems to be none.
func (p *stage) organic(plat int, used map[cast.Number]bool) (cast.Number, bool) {
	for range 200 {
		n := cast.Number(p.d.N(p.s.set.Cast.Size))
		if !used[n] && (plat < 0 || p.s.set.Cast.Platform(n) == plat) {
			used[n] = true
			return n, true
		}
	}
	return 0, false
}

// protected plans what the protected people themselves post: some ten posts a
// day, none at night.
func (p *stage) protected() {
	p.begin(1)
	for day := p.s.set.StartMs / talk.DayMs * talk.DayMs; day < p.s.set.EndMs; day += talk.DayMs {
		for i := range cast.ProtectedHandles {
			for range 8 + p.d.N(5) {
				at := day + 6*talk.HourMs + p.d.Ms(15*talk.HourMs)
				if e := p.add(talk.Event{At: at, Who: cast.Member(cast.Protected, i), Style: words.Rights}); e != nil {
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
