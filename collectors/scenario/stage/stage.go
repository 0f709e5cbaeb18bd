package stage

import (
	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/dice"
	"winnow/collectors/scenario/talk"
)

// Stage plans the planted events, which are few and fixed before the talk
// begins.
type Stage struct {
	// Dice are the present act's; see Begin.
	Dice dice.Dice
	// Set is what the story is told with.
	Set *talk.Setting

	cues   []*talk.Event
	groups []*Group
	gone   []Deletion
}

// Deletion is the end of a planted post, in Unix milliseconds.
type Deletion struct {
	Event *talk.Event
	At    int64
}

// New returns an empty stage for a story.
func New(set *talk.Setting) *Stage { return &Stage{Set: set} }

// Begin gives an act dice of its own, so that changing one act leaves the
// others as they are.
func (p *Stage) Begin(act uint64) { p.Dice = dice.New(dice.Mix(p.Set.Seed, 0x57a6e), act) }

// Moment returns the time at thousandths of the story.
func (p *Stage) Moment(thousandths int64) int64 {
	return p.Set.StartMs + (p.Set.EndMs-p.Set.StartMs)/1000*thousandths
}

// Add completes an event and plans it; nil if it is past the story's end.
func (p *Stage) Add(e talk.Event) *talk.Event {
	if e.At >= p.Set.EndMs || e.At < p.Set.StartMs {
		return nil
	}
	e.Seq = talk.PlantedSeq + uint64(len(p.cues))
	e.Roll = p.Dice.Bits()
	e.Plat = uint8(p.Set.Cast.Platform(e.Who))
	if e.Extra&talk.ViralArticle == 0 {
		e.Lang = uint8(p.Set.Cast.Lang(e.Who))
	}
	e.Fit = uint16(p.Set.Curves.Fit.At(dice.Mix(e.Roll, 1)))
	e.Obs = e.At + p.Set.Latency(&e)
	p.cues = append(p.cues, &e)
	return &e
}

// AddIn is Add for an event in a language other than its author's.
func (p *Stage) AddIn(lang int, e talk.Event) *talk.Event {
	planned := p.Add(e)
	if planned != nil {
		planned.Lang = uint8(lang)
	}
	return planned
}

// Delete has a planned post deleted at a time.
func (p *Stage) Delete(e *talk.Event, at int64) { p.gone = append(p.gone, Deletion{e, at}) }

// Cues returns what was planned, in the order of planning; and Deletions what
// is deleted again.
func (p *Stage) Cues() []*talk.Event { return p.cues }

// Deletions returns what is deleted again, in the order of planning.
func (p *Stage) Deletions() []Deletion { return p.gone }

// Any stands for every platform.
const Any = -1

// Organic draws an account of the organic cast on a platform (or Any) that is
// not yet in used; false if there seems to be none.
func (p *Stage) Organic(plat int, used map[cast.Number]bool) (cast.Number, bool) {
	for range 200 {
		n := cast.Number(p.Dice.N(p.Set.Cast.Size))
		if !used[n] && (plat < 0 || p.Set.Cast.Platform(n) == plat) {
			used[n] = true
			return n, true
		}
	}
	return 0, false
}

// Regular is Organic for somebody who posts often.
func (p *Stage) Regular(plat int, used map[cast.Number]bool) (cast.Number, bool) {
	for range 200 {
		r := &p.Set.Cast.Regions[p.Set.Cast.RegionOf(p.Dice.N(100))]
		n := r.Base + cast.Number(p.Set.Curves.Rank.At(p.Dice.Bits())*int64(r.Size)>>32)
		if !used[n] && (plat < 0 || p.Set.Cast.Platform(n) == plat) {
			used[n] = true
			return n, true
		}
	}
	return 0, false
}
