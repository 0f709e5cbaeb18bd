package coordination

import (
	"maps"
	"math"
	"slices"
)

// Pile-ons are bursts of accounts that address one account which they never
// addressed before.

const (
	// exposure is for how long a repost of the target's posts brings it new
	// answers, in milliseconds.
	exposure = 3 * 60 * 60 * 1000
	// answersPerRepost is how many accounts, for one that reposted within that
	// time, answer within one window, when attention spreads by itself: one
	// for two reposts, and three in ten of them at once.
	answersPerRepost = 0.15
	// newcomer is how long an account counts as one after it first addressed
	// the target, in milliseconds.
	newcomer = 24 * 60 * 60 * 1000
	// leastMean keeps a target that nobody ever addressed from making any
	// handful a surprise.
	leastMean = 0.25
	// fewWords is how few words leave a text without anything to say of its
	// own.
	fewWords = 3
	// commonShort and commonYoung are the least shares of such texts among
	// answers and of young accounts that are taken for normal.
	commonShort, commonYoung = 0.2, 0.05
	// commonOften is the share of newcomers who come back within a day when
	// others do too.
	commonOften = 0.1
	// rateBitsProtected and rateBitsOther are what the rush itself must earn,
	// whatever the traits say; otherBits is what an account that is not
	// protected needs beyond that, and otherTraits what of it from traits.
	rateBitsProtected, rateBitsOther = 12, 60
	otherBits, otherTraits           = 20, 10
)

// rush is what is known of the target that others rush at.
type rush struct {
	rhythm    float64 // expected newcomers per window by the target's own past
	exposed   float64 // reposts that explain newcomers
	protected bool
}

// marks are what is known of a post and its author besides the objects.
type marks uint8

const (
	isShort       marks = 1 << iota // the text has fewWords at most
	isAged                          // the platform told when the account was opened
	isYoung                         // less than youngAge before
	isNew                           // the account came to the campaign just now
	isDressed                       // the post has a link or mentions or answers someone
	hasKnownWords                   // its words are those of the campaign
	hasKnownPairs                   // and so are its phrases
	isAnswer                        // it replies to a post or quotes one
)

func (r *record) traits() marks {
	var m marks
	if r.words <= fewWords {
		m |= isShort
	}
	if r.ageKnown {
		m |= isAged
	}
	if r.young {
		m |= isYoung
	}
	if r.answers {
		m |= isDressed
	}
	if r.replies {
		m |= isAnswer
	}
	return m
}

// count counts the members that bear all the marks.
func (b *burst) count(m marks) int {
	n := 0
	for i := range b.members {
		if b.members[i].marks&m == m {
			n++
		}
	}
	return n
}

// setRush notes the target's rhythm before the burst.
func (c *core) setRush(b *burst, d *doing) {
	const day = 24 * 60 * 60 * 1000
	before := float64(max(0, int(d.past)-(minPileOn-1)))
	elapsed := float64(max(d.at-c.firstPost, day))
	b.rush.rhythm = (before + 1) / elapsed * float64(c.paces[crowd].width)
	// When everything is busier than usual, so is the target.
	usual := float64(c.posts) / elapsed * float64(c.paces[crowd].width)
	busy := (c.traits.posts[crowd].count(d.at, c.paces[crowd].width) - minPileOn) / max(usual, 1)
	b.rush.rhythm *= max(1, busy)
	b.rush.protected = c.objects.rows.get(d.object).v.protected
}

// enterRush adds the action under way to the crowd.
func (c *core) enterRush(b *burst, d *doing) {
	o := &c.objects.rows.get(d.object).v
	w := &b.rush
	w.protected = w.protected || o.protected
	w.exposed = max(w.exposed, o.exposed.count(d.at, exposure))
}

// judgeRush weighs a pile-on.
func (c *core) judgeRush(b *burst) verdict {
	ts := c.termsOfRush(b)
	rate, traits := ts[0].Bits, ts[1].Bits+ts[2].Bits
	v := verdict{bits: rate + traits, expected: ts[0].Base, settled: true, trials: trialBits(b.trials)}
	v.need = v.trials + burstBits
	switch {
	case b.headline(): // "via @paper": the article is shared, nobody is addressed
	case b.rush.protected:
		v.found = rate >= rateBitsProtected && v.bits >= v.need
	default:
		v.need += otherBits
		v.found = rate >= rateBitsOther && traits >= otherTraits && v.bits >= v.need
	}
	return v
}

// termsOfRush is what a pile-on adds up: the rush itself, texts that say nothing
// of their own or what another says too, and young accounts.
func (c *core) termsOfRush(b *burst) []Term {
	w, t := &b.rush, &c.traits
	mean := max(leastMean, w.rhythm) + answersPerRepost*w.exposed
	n, aged := len(b.members), b.count(isAged)
	alike, young := max(b.count(isShort), b.sameTexts()), b.count(isYoung)
	short, fresh := max(commonShort, t.short/max(t.answers, 1)), max(commonYoung, t.young/max(t.aged, 1))
	return []Term{
		{Name: "accounts within the window", Observed: float64(b.peak), Base: mean, Bits: rateBits(b.peak, mean)},
		{Name: "short or equal texts", Observed: float64(alike), Of: float64(n), Base: short, Bits: traitBits(alike, n, short)},
		{Name: "young accounts", Observed: float64(young), Of: float64(aged), Base: fresh, Bits: traitBits(young, aged, fresh)},
	}
}

// rusherBits is what an account must earn to be listed in a pile-on: 5 bits are
// odds of thirty-two to one. Among those who address an account there are always some
// who would have done so anyway.
const rusherBits = 5

// rushers returns which accounts the bursts of a pile-on list. Every burst but a
// pile-on lists all its members. Here an account's odds start from how dense the
// rush was around it, against what is expected, and change by what most of the
// others are and few people else: young, or there in several rushes. At most a
// third are left out: where more would go, too many are alike to tell.
func (c *core) rushers(bursts []uint32) func(account uint32) bool {
	if len(bursts) == 0 || c.bursts.rows.get(bursts[0]).kind != aMention {
		return func(uint32) bool { return true }
	}
	times := make(map[uint32]int)
	odds := make(map[uint32]float64)
	of := make(map[uint32]marks)
	for _, id := range bursts {
		b := c.bursts.rows.get(id)
		// Half a window around each member, and what is expected in that.
		around, mean := c.paces[crowd].width/4, c.judgeRush(b).expected/2
		lo, hi := 0, 0
		for i := range b.members {
			m := &b.members[i]
			for b.members[lo].at < m.at-around {
				lo++
			}
			for hi < len(b.members) && b.members[hi].at <= m.at+around {
				hi++
			}
			times[m.account]++
			odds[m.account] = max(odds[m.account], math.Log2(float64(hi-lo)/mean))
			of[m.account] |= m.marks
		}
	}
	var aged, young, often float64
	for a, m := range of {
		if m&isAged != 0 {
			aged++
		}
		if m&isYoung != 0 {
			young++
		}
		if times[a] > 1 {
			often++
		}
	}
	youngBits := oddsOf(young, aged, max(commonYoung, c.traits.young/max(c.traits.aged, 1)))
	oftenBits := oddsOf(often, float64(len(times)), commonOften)
	for a, m := range of {
		if m&isAged != 0 {
			odds[a] += youngBits(m&isYoung != 0)
		}
		if len(bursts) > 1 {
			odds[a] += oftenBits(times[a] > 1)
		}
	}
	sorted := slices.Sorted(maps.Values(odds))
	least := min(rusherBits, sorted[len(sorted)/3])
	return func(account uint32) bool { return odds[account] >= least }
}

// oddsOf returns what having a trait, or not, says about belonging to a group of
// n in which k have it, where a share of base has it otherwise.
func oddsOf(k, n, base float64) func(has bool) float64 {
	share := max(base, (k+1)/(n+2))
	return func(has bool) float64 {
		if has {
			return math.Log2(share / base)
		}
		return math.Log2((1 - share) / (1 - base))
	}
}

// sameTexts counts the members whose text another member posted too.
func (b *burst) sameTexts() int {
	seen := make(map[uint32]int, len(b.members))
	for i := range b.members {
		if t := b.members[i].text; t != 0 {
			seen[t]++
		}
	}
	same := 0
	for i := range b.members {
		if seen[b.members[i].text] > 1 {
			same++
		}
	}
	return same
}
