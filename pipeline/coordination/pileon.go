package coordination

// Pile-ons are bursts of accounts that address one account which they never
// addressed before.

const (
	// exposure is for how long a repost of the target's posts brings it new
	// answers, in milliseconds.
	exposure = 3 * 60 * 60 * 1000
	// answersPerRepost is how many accounts answer for one that reposts, when
	// attention spreads by itself.
	answersPerRepost = 1.0
	// leastMean keeps a target that nobody ever addressed from making any
	// handful a surprise.
	leastMean = 0.25
	// fewWords is how few words leave a text without anything to say of its
	// own.
	fewWords = 3
	// commonShort and commonYoung are the least shares of such texts among
	// answers and of young accounts that are taken for normal.
	commonShort, commonYoung = 0.2, 0.05
	// rateBitsProtected and rateBitsOther are what the rush itself must earn,
	// whatever the traits say; otherBits is what an account that is not
	// protected needs beyond that, and otherTraits what of it from traits.
	rateBitsProtected, rateBitsOther = 12, 60
	otherBits, otherTraits           = 20, 10
)

// crowd is what is known of the target that others rush at.
type crowd struct {
	rhythm    float64 // expected newcomers per window by the target's own past
	exposed   float64 // reposts that explain newcomers
	protected bool
}

// marks are what is known of a post and its author besides the objects.
type marks uint8

const (
	isShort marks = 1 << iota // the text has fewWords at most
	isAged                    // the platform told when the account was opened
	isYoung                   // less than youngAge before
)

func (r *record) marks() marks {
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

// setCrowd notes the target's rhythm before the burst.
func (c *core) setCrowd(b *burst, d *doing) {
	const day = 24 * 60 * 60 * 1000
	before := float64(max(0, int(d.past)-(minPileOn-1)))
	elapsed := float64(max(d.at-c.firstPost, day))
	b.crowd.rhythm = (before + 1) / elapsed * float64(c.crowd)
	// When everything is busier than usual, so is the target.
	usual := float64(c.posts) / elapsed * float64(c.crowd)
	busy := (c.traits.posts.count(d.at, c.crowd) - minPileOn) / max(usual, 1)
	b.crowd.rhythm *= max(1, busy)
	b.crowd.protected = c.objects.rows.get(d.object).v.protected
}

// enterCrowd adds the action under way to the crowd.
func (c *core) enterCrowd(b *burst, d *doing) {
	o := &c.objects.rows.get(d.object).v
	w := &b.crowd
	w.protected = w.protected || o.protected
	w.exposed = max(w.exposed, o.exposed.count(d.at, exposure))
}

// judgeCrowd weighs a pile-on.
func (c *core) judgeCrowd(b *burst) verdict {
	w, t := &b.crowd, &c.traits
	mean := max(leastMean, w.rhythm) + answersPerRepost*w.exposed
	rate := rateBits(b.peak, mean)
	alike := max(b.count(isShort), b.sameTexts())
	traits := traitBits(alike, len(b.members), max(commonShort, t.short/max(t.answers, 1))) +
		traitBits(b.count(isYoung), b.count(isAged), max(commonYoung, t.young/max(t.aged, 1)))
	v := verdict{bits: rate + traits, expected: mean, settled: true}
	need := burstBits + trialBits(b.trials)
	switch {
	case b.headline(): // "via @paper": the article is shared, nobody is addressed
	case w.protected:
		v.found = rate >= rateBitsProtected && v.bits >= need
	default:
		v.found = rate >= rateBitsOther && traits >= otherTraits && v.bits >= need+otherBits
	}
	return v
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
