package talk

import (
	"time"

	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/dice"
)

// articlesPerDay is how many articles the press publishes at scale 1.
const articlesPerDay = 40

// pressOutlets is how many outlets there are at scale 1.
const pressOutlets = 24

// ViralArticle marks the articles about the viral moment: their numbers have
// this bit, and below it the outlet.
const ViralArticle = 1 << 31

// Press is the outlets and their articles: every article follows from its number.
type Press struct {
	seed     uint64
	startMs  int64
	interval int64 // milliseconds per article
	Outlets  int
}

// NewPress returns the press of a story of the given seed, start and scale.
func NewPress(seed uint64, start time.Time, scale float64) Press {
	perDay := max(10, articlesPerDay*scale)
	return Press{
		seed: dice.Mix(seed, 0x9e55), startMs: start.UnixMilli(),
		interval: max(1, int64(24*3600e3/perDay)),
		Outlets:  int(min(max(pressOutlets, pressOutlets*scale), 2000)),
	}
}

// at returns when article i is published, Unix milliseconds; articles come in
// the order of their numbers.
func (p *Press) at(i uint32) int64 {
	return p.startMs + int64(i)*p.interval + int64(dice.Mix(p.seed, uint64(i))%uint64(p.interval))
}

// Outlet is the outlet that publishes article i.
func (p *Press) Outlet(i uint32) cast.Number {
	if i&ViralArticle != 0 {
		return cast.Member(cast.Press, int(i&^ViralArticle)%p.Outlets)
	}
	return cast.Member(cast.Press, int(dice.Mix(p.seed^1, uint64(i))%uint64(p.Outlets)))
}

// weight is how widely article i is shared.
func (p *Press) weight(i uint32, cv *dice.Curves) int64 {
	return cv.Fit.At(dice.Mix(p.seed^2, uint64(i)))
}

// pick returns an article published before now that people share now,
// preferably one in lang, and false if there is none.
func (p *Press) pick(d *dice.Dice, now int64, lang int, cv *dice.Curves, c *cast.Cast) (uint32, bool) {
	delay := 8 * cv.Answer.At(d.Bits())
	last := (now - p.startMs - delay) / p.interval
	best, bestScore := uint32(0), int64(-1)
	for range 6 {
		i := last - int64(d.N(10))
		if i < 0 || i > 1<<30 || p.at(uint32(i)) >= now {
			continue
		}
		score := p.weight(uint32(i), cv)
		if c.Lang(p.Outlet(uint32(i))) == lang {
			score *= 10
		}
		if score > bestScore {
			best, bestScore = uint32(i), score
		}
	}
	return best, bestScore >= 0
}

// Topic is 0 for sport and 1 for rights.
func (p *Press) Topic(i uint32) int {
	if i&ViralArticle != 0 || dice.Mix(p.seed^4, uint64(i))%100 < 35 {
		return 1
	}
	return 0
}

// Dice are those by which the headline of article i is made.
func (p *Press) Dice(i uint32) dice.Dice { return dice.New(dice.Mix(p.seed^3, uint64(i)), 3) }

// Page is the number in the address of article i.
func (p *Press) Page(i uint32) uint64 { return dice.Mix(p.seed^5, uint64(i))%1e9*1000 + uint64(i%1000) }
