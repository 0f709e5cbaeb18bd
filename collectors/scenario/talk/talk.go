package talk

import (
	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/dice"
	"winnow/collectors/scenario/words"
)

// postsPerDay is the mean of organic posts a day at scale 1.
const postsPerDay = 7600

// rhythm is how much people post by the hour of their own clock, of a mean of
// about 100.
var rhythm = [24]int{45, 24, 13, 9, 10, 20, 48, 82, 104, 112, 116, 122, 130, 122, 112, 110, 116, 130, 150, 178, 198, 190, 150, 92}

// Spans of time in milliseconds.
const (
	MinuteMs = 60_000
	HourMs   = 60 * MinuteMs
	DayMs    = 24 * HourMs
)

// talk plans the organic posts, one after the other, for one stream.
type organic struct {
	s       *Setting
	d       dice.Dice
	nowNs   int64 // since Start
	endNs   int64
	minute  int64 // the one for which weights and meanGap hold; -1 at first
	weights []int
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

func newOrganic(s *Setting) *organic {
	return &organic{
		s: s, d: dice.New(dice.Mix(s.Seed, 0x7a1c), 1), minute: -1, endNs: (s.EndMs - s.StartMs) * 1e6,
		history:  int(min(2e6*float64(len(s.Regulars))/(postsPerDay*s.Scale), float64(s.History))),
		reposted: make([]uint64, 1<<16), weights: make([]int, len(s.Cast.Regions)),
	}
}

// again says whether who already reposted e, and remembers that it does now.
func (t *organic) again(who cast.Number, e *Event) bool {
	h := dice.Mix(e.Seq, uint64(who))
	slot := &t.reposted[h>>48]
	if *slot == h {
		return true
	}
	*slot = h
	return false
}

// next plans the next organic post, an article of the press included; nil at
// the end.
func (t *organic) next(pools *[len(cast.Platforms)]*pool, latest *[len(cast.Platforms)]*Event) *Event {
	if !t.advance() {
		return nil
	}
	at := t.s.StartMs + t.nowNs/1e6
	if due := t.s.Press.at(t.article); due <= at {
		t.article++
		return t.publish(at)
	}
	e := &Event{At: at, Roll: t.d.Bits()}
	t.author(e)
	t.act(e, pools, latest)
	t.finish(e)
	return e
}

// advance moves the clock to the next post: a Poisson process whose rate holds
// for a minute and then follows the rhythm of the regions.
func (t *organic) advance() bool {
	const minuteNs = MinuteMs * 1e6
	for {
		if m := t.nowNs / minuteNs; m != t.minute {
			t.minute = m
			t.setRate(m)
		}
		gap := int64(float64(t.s.Curves.Gap.At(t.d.Bits())) * t.meanGap)
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

func (t *organic) setRate(minute int64) {
	t.total = 0
	// Start need not be midnight.
	minute += t.s.StartMs / MinuteMs
	for i := range t.s.Cast.Regions {
		r := &t.s.Cast.Regions[i]
		local := int(minute%(24*60)) + r.Offset*60
		local = (local + 24*60) % (24 * 60)
		h, m := local/60, local%60
		w := r.Share * (rhythm[h]*(60-m) + rhythm[(h+1)%24]*m) / 60
		t.weights[i] = w
		t.total += w
	}
	// Interest grows over the days, from 70 to 130 percent. The weights sum
	// to 10,000 on average.
	trend := 0.7 + float64(0.6*t.progress())
	perDay := postsPerDay * t.s.Scale * trend * float64(t.total) / 10_000
	t.meanGap = DayMs * 1e6 / perDay / 1000 // the gaps of dice.Curves are in thousandths
}

// progress is how much of the story is over, 0 to 1.
func (t *organic) progress() float64 { return float64(t.nowNs) / float64(t.endNs) }

func (t *organic) author(e *Event) {
	c := t.s.Cast
	if t.d.N(1e6) < t.history {
		e.Who = t.s.Regulars[t.d.N(len(t.s.Regulars))]
	} else {
		pick := t.d.N(t.total)
		r := &c.Regions[0]
		for i, w := range t.weights {
			if pick -= w; pick < 0 {
				r = &c.Regions[i]
				break
			}
		}
		e.Who = r.Base + cast.Number(t.s.Curves.Rank.At(t.d.Bits())*int64(r.Size)>>32)
	}
	e.Plat = uint8(c.Platform(e.Who))
	e.Lang = uint8(c.Lang(e.Who))
	if t.d.Chance(110) {
		e.Lang = words.EN
	}
}

// act decides what the author does.
func (t *organic) act(e *Event, pools *[len(cast.Platforms)]*pool, latest *[len(cast.Platforms)]*Event) {
	d, cv := &t.d, t.s.Curves
	pool := pools[e.Plat]
	switch r := d.N(1000); {
	case r < 385:
		if e.Ref = pool.pick(d, e.At-cv.Delay.At(d.Bits()), e.Lang, e.Who, false); e.Ref != nil && !t.again(e.Who, e.Ref) {
			e.Kind, e.Style = Repost, e.Ref.Style
			return
		}
	case r < 435:
		if e.Ref = pool.pick(d, e.At-cv.Delay.At(d.Bits()), e.Lang, e.Who, false); e.Ref != nil {
			e.Kind, e.Style = Quote, words.Comment
			return
		}
	case r < 575:
		e.Kind = Reply
		if e.Ref = latest[e.Plat]; e.Ref != nil && d.Chance(130) && e.At-e.Ref.At < 12*HourMs {
			e.Style = words.Support
			if d.Chance(220) {
				e.Style = words.Critic
			}
			return
		}
		if e.Ref = pool.pick(d, e.At-cv.Answer.At(d.Bits()), e.Lang, e.Who, true); e.Ref != nil {
			e.Style = words.Chat
			return
		}
	}
	e.Kind, e.Ref = Original, nil
	rights := 200 + int(280*t.progress())
	switch r := d.N(1000); {
	case r < 55:
		e.Style = words.Greeting
		return
	case r < 235:
		if i, ok := t.s.Press.pick(d, e.At, int(e.Lang), cv, t.s.Cast); ok {
			e.Extra = i
			e.Style = words.Headline
			if d.Chance(450) {
				e.Style = words.Shared
			}
			e.Lang = uint8(t.s.Cast.Lang(t.s.Press.Outlet(i)))
			return
		}
	}
	switch r := d.N(1000); {
	case r < rights:
		e.Style = words.Rights
		if d.Chance(110) {
			e.Target = ProtectedOne + e.Plat
		}
	case r < rights+110:
		e.Style = words.Pride
	case r < rights+250:
		e.Style = words.Daily
	default:
		e.Style = words.Sport
	}
}

// publish plans the post by which an outlet announces the latest article.
func (t *organic) publish(at int64) *Event {
	i := t.article - 1
	who := t.s.Press.Outlet(i)
	e := &Event{
		At: at, Roll: t.d.Bits(), Who: who, Extra: i, Style: words.Headline,
		Plat: uint8(t.s.Cast.Platform(who)), Lang: uint8(t.s.Cast.Lang(who)),
	}
	t.finish(e)
	e.Fit = min(e.Fit, 20_000) * 3
	return e
}

func (t *organic) finish(e *Event) {
	e.Seq = t.seq
	t.seq++
	e.Fit = uint16(t.s.Curves.Fit.At(dice.Mix(e.Roll, 1)))
	e.Obs = e.At + t.s.Latency(e)
}
