package scenario

// postsPerDay is the mean of organic posts a day at scale 1.
const postsPerDay = 7600

// rhythm is how much people post by the hour of their own clock, of a mean of
// about 100.
var rhythm = [24]int{45, 24, 13, 9, 10, 20, 48, 82, 104, 112, 116, 122, 130, 122, 112, 110, 116, 130, 150, 178, 198, 190, 150, 92}

const (
	minuteMs = 60_000
	hourMs   = 60 * minuteMs
	dayMs    = 24 * hourMs
)

// talk plans the organic posts, one after the other, for one stream.
type talk struct {
	s       *Scenario
	d       dice
	nowNs   int64 // since Start
	endNs   int64
	minute  int64 // the one for which weights and meanGap hold; -1 at first
	weights [len(regions)]int
	total   int
	meanGap float64 // nanoseconds
	seq     uint64
	// article is the next one to be published.
	article uint32
	// history is the share, in millionths, of posts by supporters and by old
	// accounts among the attackers, who talk like everybody else when they do
	// not act: about two posts a day each.
	history int
	// reposted remembers who reposted what, as no platform lets anybody repost
	// a post twice. It is bounded: a hash lasts until another takes its place.
	reposted []uint64
}

func newTalk(s *Scenario) *talk {
	return &talk{
		s: s, d: newDice(mix(s.cfg.Seed, 0x7a1c), 1), minute: -1, endNs: int64(s.cfg.Days) * dayMs * 1e6,
		history:  int(min(2e6*float64(s.talkatives())/(postsPerDay*s.cfg.Scale), 50_000)),
		reposted: make([]uint64, 1<<16),
	}
}

// again says whether who already reposted e, and remembers that it does now.
func (t *talk) again(who number, e *event) bool {
	h := mix(e.seq, uint64(who))
	slot := &t.reposted[h>>48]
	if *slot == h {
		return true
	}
	*slot = h
	return false
}

// next plans the next organic post, an article of the press included; nil at
// the end.
func (t *talk) next(pools *[len(platforms)]*pool, latest *[len(platforms)]*event) *event {
	if !t.advance() {
		return nil
	}
	at := t.s.startMs + t.nowNs/1e6
	if due := t.s.desk.at(t.article); due <= at {
		t.article++
		return t.publish(at)
	}
	e := &event{at: at, roll: t.d.bits()}
	t.author(e)
	t.act(e, pools, latest)
	t.finish(e)
	return e
}

// advance moves the clock to the next post: a Poisson process whose rate holds
// for a minute and then follows the rhythm of the regions.
func (t *talk) advance() bool {
	const minuteNs = minuteMs * 1e6
	for {
		if m := t.nowNs / minuteNs; m != t.minute {
			t.minute = m
			t.setRate(m)
		}
		gap := int64(float64(t.s.curves.gap.at(t.d.bits())) * t.meanGap)
		if edge := (t.minute + 1) * minuteNs; t.nowNs+gap >= edge {
			t.nowNs = edge
		} else {
			t.nowNs += gap + 1
			return t.nowNs < t.endNs
		}
		if t.nowNs >= t.endNs {
			return false
		}
	}
}

func (t *talk) setRate(minute int64) {
	t.total = 0
	// Start need not be midnight.
	minute += t.s.startMs / minuteMs
	for i := range t.s.cast.regions {
		r := &t.s.cast.regions[i]
		local := int(minute%(24*60)) + r.offset*60
		local = (local + 24*60) % (24 * 60)
		h, m := local/60, local%60
		w := r.share * (rhythm[h]*(60-m) + rhythm[(h+1)%24]*m) / 60
		t.weights[i] = w
		t.total += w
	}
	// Interest grows over the days, from 70 to 130 percent. The weights sum
	// to 10,000 on average.
	trend := 0.7 + float64(0.6*t.progress())
	perDay := postsPerDay * t.s.cfg.Scale * trend * float64(t.total) / 10_000
	t.meanGap = dayMs * 1e6 / perDay / 1000 // curves.gap is in thousandths
}

// progress is how much of the story is over, 0 to 1.
func (t *talk) progress() float64 { return float64(t.nowNs) / float64(t.endNs) }

func (t *talk) author(e *event) {
	cast := t.s.cast
	if t.d.n(1e6) < t.history {
		e.who = t.s.talkative(t.d.n(t.s.talkatives()))
	} else {
		pick := t.d.n(t.total)
		r := &cast.regions[0]
		for i, w := range t.weights {
			if pick -= w; pick < 0 {
				r = &cast.regions[i]
				break
			}
		}
		e.who = r.base + number(t.s.curves.rank.at(t.d.bits())*int64(r.size)>>32)
	}
	e.plat = uint8(cast.platform(e.who))
	e.lang = uint8(cast.lang(e.who))
	if t.d.chance(110) {
		e.lang = en
	}
}

// act decides what the author does.
func (t *talk) act(e *event, pools *[len(platforms)]*pool, latest *[len(platforms)]*event) {
	d, cv := &t.d, &t.s.curves
	pool := pools[e.plat]
	switch r := d.n(1000); {
	case r < 385:
		if e.ref = pool.pick(d, e.at-cv.delay.at(d.bits()), e.lang, e.who, false); e.ref != nil && !t.again(e.who, e.ref) {
			e.kind, e.style = isRepost, e.ref.style
			return
		}
	case r < 435:
		if e.ref = pool.pick(d, e.at-cv.delay.at(d.bits()), e.lang, e.who, false); e.ref != nil {
			e.kind, e.style = isQuote, talkComment
			return
		}
	case r < 575:
		e.kind = isReply
		if e.ref = latest[e.plat]; e.ref != nil && d.chance(130) && e.at-e.ref.at < 12*hourMs {
			e.style = talkSupport
			if d.chance(220) {
				e.style = talkCritic
			}
			return
		}
		if e.ref = pool.pick(d, e.at-cv.answer.at(d.bits()), e.lang, e.who, true); e.ref != nil {
			e.style = talkChat
			return
		}
	}
	e.kind, e.ref = isPost, nil
	rights := 200 + int(280*t.progress())
	switch r := d.n(1000); {
	case r < 55:
		e.style = talkGreeting
		return
	case r < 235:
		if i, ok := t.s.desk.pick(d, e.at, int(e.lang), cv, t.s.cast); ok {
			e.extra = i
			e.style = shareHeadline
			if d.chance(450) {
				e.style = shareComment
			}
			e.lang = uint8(t.s.cast.lang(t.s.desk.outlet(i)))
			return
		}
	}
	switch r := d.n(1000); {
	case r < rights:
		e.style = talkRights
		if d.chance(110) {
			e.target = protectedOne + e.plat
		}
	case r < rights+110:
		e.style = talkPride
	case r < rights+250:
		e.style = talkDaily
	default:
		e.style = talkSport
	}
}

// publish plans the post by which an outlet announces the latest article.
func (t *talk) publish(at int64) *event {
	i := t.article - 1
	who := t.s.desk.outlet(i)
	e := &event{
		at: at, roll: t.d.bits(), who: who, extra: i, style: shareHeadline,
		plat: uint8(t.s.cast.platform(who)), lang: uint8(t.s.cast.lang(who)),
	}
	t.finish(e)
	e.fit = min(e.fit, 20_000) * 3
	return e
}

func (t *talk) finish(e *event) {
	e.seq = t.seq
	t.seq++
	e.fit = uint16(t.s.curves.fit.at(mix(e.roll, 1)))
	e.obs = e.at + t.s.latency(e)
}
