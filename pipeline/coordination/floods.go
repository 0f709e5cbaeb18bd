package coordination

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A flood is accounts that come to a campaign far faster than its own rhythm
// explains, each with a text of its own: nothing is shared but the tag and the
// minute.

const (
	// minFlood is how many accounts make a flood.
	minFlood = 8
	// floodRatio is how many times as many accounts as expected a group (see
	// stratum) must bring within the window to be part of a flood: of those
	// listed one in 32 may have come on their own.
	floodRatio = 32
	// knownWordShare and knownPairShare are the shares of a post's words, and of
	// each two that follow one another, that the campaign must have seen for its
	// text to be like its talk. Of the posts under four conference tags one in
	// 28 has less of the words and one in six less of the pairs; of real
	// floods of random words nearly all.
	knownWordShare, knownPairShare = 0.5, 0.1
	// minStratum is how many accounts such a group must bring.
	minStratum = 5
	// leastStratum keeps a group that was never seen from making any handful a
	// surprise.
	leastStratum = 0.1
	// floodHistory is how long a campaign must be known before its rhythm is, in
	// milliseconds.
	floodHistory = 60 * 60 * 1000
	// ebbShare is how many times as dense as now a flood was at most for a post
	// to be part of it.
	ebbShare = 4
	// floodAfter is how long after a flood is looked whether it trails off as
	// talk does, in milliseconds, and trailShare how much may follow it.
	floodAfter = 10 * 60 * 1000
	trailShare = 0.1
	// maxOwn is how many posts within the window are remembered.
	maxOwn = 1 << 14
)

// stratum is a group of posts that has a rhythm of its own: by newcomers or
// regulars, with or without links, mentions or an answer, in words that the
// campaign is talked about in or in others.
type stratum uint8

const (
	ofRegulars stratum = 1 << iota
	dressed
	knownWords
	knownPairs
	strata = 16
)

func (m marks) stratum() stratum {
	s := stratum(0)
	if m&isNew == 0 {
		s |= ofRegulars
	}
	if m&isDressed != 0 {
		s |= dressed
	}
	if m&hasKnownWords != 0 {
		s |= knownWords
	}
	if m&hasKnownPairs != 0 {
		s |= knownPairs
	}
	return s
}

// ownPosts are the latest posts that pass nothing on and share nothing, the
// rhythm of each stratum, and how busy the campaign is with passing on.
type ownPosts struct {
	window    []ownPost
	lo        int
	within    [strata]int // in the window
	total     [strata]float64
	hour, ten [strata]rolling
	passed    [2]rolling // in the window, in the hour
	passedAll float64
	refused   uint64
	lexicon   lexicon
	sayings   sayings
	open      uint32 // number + 1
	serial    uint32 // of the latest flood
}

type ownPost struct {
	account uint32
	stratum stratum
	marks   marks
	member  bool // of a flood
	speech  speech
	at      int64
	post    string
}

func (o *ownPosts) fork() ownPosts {
	f := *o
	f.window, f.lo = slices.Clone(o.window[o.lo:]), 0
	f.lexicon, f.sayings = o.lexicon.fork(), o.sayings.fork()
	return f
}

const hourWidth, tenWidth = 60 * 60 * 1000, 10 * 60 * 1000

// floods takes note of a post and looks whether it is part of a flood.
func (c *core) floods(d *doing) {
	o, width := &c.own, c.paces[flood].width
	if d.passes {
		o.passed[0].add(d.at, width)
		o.passed[1].add(d.at, hourWidth)
		o.passedAll++
		return
	}
	c.ebb(d.at)
	said := o.sayings.said(d.speech.all, d.account, d.at)
	a := c.accounts.rows.mut(d.account)
	again := a.v.own != (int48{}) && d.at-a.v.own.get() <= width
	a.v.own.set(d.at)
	if d.declared != 0 || d.joins || said || again {
		return
	}
	if len(o.window)-o.lo >= maxOwn {
		o.refused++
		return
	}
	if o.lexicon.knownShare(d.speech.words) >= knownWordShare {
		d.marks |= hasKnownWords
	}
	if o.lexicon.knownShare(d.speech.pairs) >= knownPairShare {
		d.marks |= hasKnownPairs
	}
	s := d.marks.stratum()
	o.window = append(o.window, ownPost{
		account: d.account, stratum: s, marks: d.marks, speech: d.speech.clone(), at: d.at, post: strings.Clone(d.key),
	})
	o.within[s]++
	if o.open == 0 {
		c.openFlood(d)
		return
	}
	c.rise(s)
}

// ebb lets posts leave the window. Only those that were no flood count for the
// campaign's rhythm, else an attack would be its own yardstick.
func (c *core) ebb(at int64) {
	o, width := &c.own, c.paces[flood].width
	for o.lo < len(o.window) && o.window[o.lo].at < at-width {
		p := &o.window[o.lo]
		o.within[p.stratum]--
		if !p.member {
			o.total[p.stratum]++
			o.hour[p.stratum].add(at, hourWidth)
			o.ten[p.stratum].add(at, tenWidth)
			o.lexicon.learn(p.speech.words)
			o.lexicon.learn(p.speech.pairs)
		}
		*p = ownPost{}
		o.lo++
	}
	if o.lo > 256 && 2*o.lo > len(o.window) {
		o.window, o.lo = append(o.window[:0], o.window[o.lo:]...), 0
	}
	if o.open == 0 {
		return
	}
	if id := o.open - 1; at-c.bursts.rows.get(id).last() > width {
		b := c.bursts.rows.mut(id)
		b.tide.total = o.total
		o.open = 0
	}
}

// rhythm is how many accounts each stratum would bring within the window: by
// the campaign's whole history, its last hour and its last ten minutes,
// whichever is more, and as many times more as it is busier passing things on.
func (c *core) rhythm(at int64) (mean [strata]float64) {
	o, width := &c.own, float64(c.paces[flood].width)
	elapsed := float64(max(at-c.firstPost, floodHistory))
	usual := max(o.passedAll*width/elapsed, o.passed[1].count(at, hourWidth)*width/hourWidth, leastMean)
	busy := max(1, o.passed[0].count(at, int64(width))/usual)
	for s := range mean {
		mean[s] = busy * max(leastStratum, o.total[s]*width/elapsed,
			o.hour[s].count(at, hourWidth)*width/hourWidth, o.ten[s].count(at, tenWidth)*width/tenWidth)
	}
	return mean
}

// openFlood opens a flood if the posts in the window are one.
func (c *core) openFlood(d *doing) {
	o := &c.own
	n := 0
	for _, k := range o.within {
		n += k
	}
	if n < minFlood || d.at-c.firstPost < floodHistory {
		return
	}
	t := tide{mean: c.rhythm(d.at)}
	n = 0
	for s, k := range o.within {
		if k >= minStratum && float64(k) >= floodRatio*t.mean[s] {
			t.peak[s] = k
			n += k
		}
	}
	if n < minFlood || t.foreign() < c.floodNeed() {
		return
	}
	moment := time.UnixMilli(o.window[o.lo].at).UTC().AppendFormat([]byte{byte(aMoment)}, time.RFC3339)
	object := c.object(&act{object: string(moment), kind: aMoment})
	flooding := *d
	flooding.kind, flooding.object = aMoment, object
	id, b := c.openBurst(burstKey{object, domainOf(byFlood, 0), flood}, &flooding)
	if b == nil {
		return
	}
	b.tide = t
	b.trials = uint64((d.at - c.firstPost) / c.paces[flood].width)
	b.start = o.window[o.lo].at
	o.open = id + 1
	o.serial++
	for i := o.lo; i < len(o.window); i++ {
		if t.peak[o.window[i].stratum] > 0 {
			c.wash(b, &o.window[i])
		}
	}
	if len(b.members) == 0 { // there was no room for them
		o.open = 0
		c.drop(id)
		return
	}
	b.peak, b.span = n, b.last()-b.members[0].at
	c.review(id)
	c.appoint(id, b.last()+floodAfter)
}

// rise adds the latest post to the open flood if its stratum is part of that, or
// the stratum itself once it is dense enough.
func (c *core) rise(s stratum) {
	o, id := &c.own, c.own.open-1
	b := c.bursts.rows.mut(id)
	k, latest := o.within[s], &o.window[len(o.window)-1]
	switch {
	case ebbShare*float64(k) < float64(b.tide.peak[s]):
		return // what trails off is no part of it
	case b.tide.peak[s] > 0:
		c.wash(b, latest)
	case k >= minStratum && float64(k) >= floodRatio*b.tide.mean[s]:
		// Its earlier posts come between those of the others. Forks share the
		// list, so it is not put in order in place.
		b.members = slices.Clone(b.members)
		for i := o.lo; i < len(o.window); i++ {
			if o.window[i].stratum == s {
				c.wash(b, &o.window[i])
			}
		}
		slices.SortStableFunc(b.members, func(x, y member) int { return cmp.Compare(x.at, y.at) })
	default:
		return
	}
	b.tide.peak[s] = max(b.tide.peak[s], k)
	if n := o.part(&b.tide); n > b.peak {
		b.peak, b.span = n, latest.at-o.window[o.lo].at
	}
	c.appoint(id, b.last()+floodAfter)
}

// part is how many posts in the window are of the strata that a flood has.
func (o *ownPosts) part(t *tide) int {
	n := 0
	for s, k := range o.within {
		if t.peak[s] > 0 {
			n += k
		}
	}
	return n
}

// wash makes a post part of the open flood. An account is listed once.
func (c *core) wash(b *burst, p *ownPost) {
	if p.member {
		return
	}
	p.member = true
	a := &c.accounts.rows.mut(p.account).v
	if a.flood != c.own.serial {
		a.flood = c.own.serial
		c.admit(b, member{account: p.account, marks: p.marks, at: p.at, post: p.post})
	}
}

// floodNeed is what a flood must earn: there were as many chances as windows.
func (c *core) floodNeed() float64 {
	return burstBits + trialBits(uint64((c.now-c.firstPost)/c.paces[flood].width))
}

// judgeFlood weighs a flood. Early on it counts by how it comes; that it does not
// trail off as talk does is known ten minutes later.
func (c *core) judgeFlood(b *burst) verdict {
	v := verdict{bits: b.tide.bits(), trials: trialBits(b.trials), settled: c.now-b.last() >= floodAfter}
	v.need = v.trials + burstBits
	for s, k := range b.tide.peak {
		if k > 0 {
			v.expected += b.tide.mean[s]
		}
	}
	v.found = true
	switch {
	case b.settled: // what came later is no part of it
		v.found = b.found != 0
	case v.settled:
		// As many as usual come after it anyway.
		after, windows := 0.0, float64(floodAfter/c.paces[flood].width)
		for s, k := range b.tide.peak {
			if k > 0 {
				after += max(0, c.own.total[s]-b.tide.total[s]-windows*b.tide.mean[s])
			}
		}
		v.found = after <= trailShare*float64(len(b.members))
	}
	// What newcomers say in the campaign's own words may have a cause that is
	// not seen here.
	v.doubtful = b.tide.strange() < v.need
	return v
}

// reviewFlood judges a flood after its time.
func (c *core) reviewFlood(id uint32) {
	c.ebb(c.now)
	if c.bursts.rows.get(id).settled {
		return
	}
	c.review(id)
	if b := c.bursts.rows.get(id); b.settled && b.found == 0 {
		c.drop(id)
	}
}
