package scenario

import (
	"strconv"
)

// articlesPerDay is how many articles the press publishes at scale 1.
const articlesPerDay = 40

// pressOutlets is how many outlets there are at scale 1.
const pressOutlets = 24

// viralArticle marks the articles about the viral moment: their numbers have
// this bit, and below it the outlet.
const viralArticle = 1 << 31

// desk is the press: every article follows from its number.
type desk struct {
	seed     uint64
	startMs  int64
	interval int64 // milliseconds per article
	outlets  int
}

func newDesk(cfg Config) desk {
	perDay := max(10, articlesPerDay*cfg.Scale)
	return desk{
		seed: mix(cfg.Seed, 0x9e55), startMs: cfg.Start.UnixMilli(),
		interval: max(1, int64(24*3600e3/perDay)),
		outlets:  int(min(max(pressOutlets, pressOutlets*cfg.Scale), 2000)),
	}
}

// at returns when article i is published, Unix milliseconds; articles come in
// the order of their numbers.
func (p *desk) at(i uint32) int64 {
	return p.startMs + int64(i)*p.interval + int64(mix(p.seed, uint64(i))%uint64(p.interval))
}

func (p *desk) outlet(i uint32) number {
	if i&viralArticle != 0 {
		return member(blockPress, int(i&^viralArticle)%p.outlets)
	}
	return member(blockPress, int(mix(p.seed^1, uint64(i))%uint64(p.outlets)))
}

// weight is how widely article i is shared.
func (p *desk) weight(i uint32, cv *curves) int64 { return cv.fit.at(mix(p.seed^2, uint64(i))) }

// pick returns an article published before now that people share now,
// preferably one in lang, and false if there is none.
func (p *desk) pick(d *dice, now int64, lang int, cv *curves, cast *cast) (uint32, bool) {
	delay := 8 * cv.answer.at(d.bits())
	last := (now - p.startMs - delay) / p.interval
	best, bestScore := uint32(0), int64(-1)
	for range 6 {
		i := last - int64(d.n(10))
		if i < 0 || i > 1<<30 || p.at(uint32(i)) >= now {
			continue
		}
		score := p.weight(uint32(i), cv)
		if cast.lang(p.outlet(uint32(i))) == lang {
			score *= 10
		}
		if score > bestScore {
			best, bestScore = uint32(i), score
		}
	}
	return best, bestScore >= 0
}

// headline appends the headline of article i.
func (s *Scenario) headline(b []byte, i uint32) []byte {
	d := newDice(mix(s.desk.seed^3, uint64(i)), 3)
	if i&viralArticle != 0 {
		return append(b, s.planted.viralHeadlines[d.n(len(s.planted.viralHeadlines))]...)
	}
	lx := &s.lexicons[s.cast.lang(s.desk.outlet(i))]
	return writeOne(b, &d, lx.headline[s.articleTopic(i)])
}

// articleTopic is 0 for sport and 1 for rights.
func (s *Scenario) articleTopic(i uint32) int {
	if i&viralArticle != 0 || mix(s.desk.seed^4, uint64(i))%100 < 35 {
		return 1
	}
	return 0
}

// link appends the address of article i.
func (s *Scenario) link(b []byte, i uint32) []byte {
	var stems [32]byte
	first, last := s.cast.stems(stems[:0], s.desk.outlet(i))
	b = append(b, "https://"...)
	b = append(b, first...)
	b = append(b, '-')
	b = append(b, last...)
	b = append(b, ".example/"...)
	if i&viralArticle != 0 {
		return append(b, "games/the-chair-on-the-boulevard"...)
	}
	if s.articleTopic(i) == 1 {
		b = append(b, "rights/"...)
	} else {
		b = append(b, "sport/"...)
	}
	return strconv.AppendUint(b, mix(s.desk.seed^5, uint64(i))%1e9*1000+uint64(i%1000), 10)
}
