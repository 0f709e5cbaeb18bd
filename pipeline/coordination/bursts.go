package coordination

import "slices"

// pace is how fast the accounts of a burst come.
type pace uint8

const (
	fast  pace = iota // Config.Window
	slow              // Config.SlowWindow
	crowd             // Config.PileOnWindow
	paces
)

// paceOf is what a pace means.
type paceOf struct {
	width int64 // of the window, in milliseconds
	least int   // accounts that open a burst
}

// burst is many accounts acting on one object within the window: from the
// action that makes them enough until one that finds too few before it. For a
// pile-on the object is the account that is addressed.
type burst struct {
	domain  domain
	kind    objectKind
	pace    pace
	alive   bool
	members []member
	lo      int     // the present window is members[lo:]
	peak    int     // accounts in the densest window
	span    int64   // how long these took, in milliseconds
	company float64 // the chance of company when the burst opened
	trials  uint64  // objects of its kind when it opened
	rush    rush    // for a pile-on
	founding
}

// member is one account's action in a burst.
type member struct {
	account uint32
	link    uint32 // the post's first link + 1, 0 if none
	text    uint32 // the post's text + 1, 0 if none
	marks   marks
	at      int64
	post    string
}

func (b *burst) last() int64 { return b.members[len(b.members)-1].at }

const (
	// settleTime is how long an object is watched after a burst before the
	// share of its actions that the burst took is judged: 60 windows of 60 s.
	// Before, every cascade that has just begun looks like a ring.
	settleTime = 60 * 60 * 1000
	// sweepEvery is how often bursts are looked through.
	sweepEvery = 10 * 60 * 1000
)

// burstKey finds the open burst on an object in a domain.
type burstKey struct {
	object uint32
	domain domain
	pace   pace
}

func (b *burst) key() burstKey { return burstKey{b.object, b.domain, b.pace} }

// bursts are those that are open, settling or kept.
type bursts struct {
	rows                    paged[burst]
	free                    []uint32
	open                    layered[burstKey, uint32] // number + 1
	unjudged                []uint32                  // open or settling
	live, members           int
	swept                   int64
	refused, membersRefused uint64
}

func newBursts() bursts { return bursts{open: newLayered[burstKey, uint32]()} }

// fork: the lists of members are shared. A fork only appends beyond what its
// origin sees, and is gone before its origin does.
func (s *bursts) fork() bursts {
	f := *s
	f.rows, f.open = s.rows.fork(), s.open.fork()
	f.free, f.unjudged = slices.Clone(s.free), slices.Clone(s.unjudged)
	return f
}

// burst lets an action enter the open burst on its object, or opens one with
// the recent actions.
func (c *core) burst(d *doing, p pace) {
	width, least := c.paces[p].width, c.paces[p].least
	key := burstKey{object: d.object, domain: domainOf(classOf(d.kind), d.declared), pace: p}
	if at := c.bursts.open.get(key); at != 0 {
		b := c.bursts.rows.mut(at - 1)
		for b.lo < len(b.members) && b.members[b.lo].at < d.at-width {
			b.lo++
		}
		if len(b.members)-b.lo+1 >= least {
			c.enter(b, d)
			return
		}
		c.bursts.open.set(key, 0)
	}
	var buf [maxPartners]uint64
	recent, _ := c.recent(d, p, &buf)
	c.learn(d, p, len(recent))
	mine := 1
	for _, n := range recent {
		if c.journal.entry(n).declared == d.declared {
			mine++
		}
	}
	if mine >= least {
		c.openBurst(key, d, recent)
	}
}

// openBurst opens a burst with the recent actions of its domain and the one
// under way.
func (c *core) openBurst(key burstKey, d *doing, recent []uint64) {
	s := &c.bursts
	if s.live >= c.cfg.Limits.Bursts {
		s.refused++
		return
	}
	var id uint32
	if n := len(s.free); n > 0 {
		id, s.free = s.free[n-1], s.free[:n-1]
	} else {
		id = s.rows.add()
	}
	s.live++
	s.unjudged = append(s.unjudged, id)
	s.open.set(key, id+1)
	c.objects.rows.mut(d.object).pins++
	k := &c.kinds[d.kind]
	b := s.rows.mut(id)
	*b = burst{
		domain: key.domain, kind: d.kind, pace: key.pace, alive: true, trials: k.objects,
		company:  min(0.9, max(k.company(key.pace), c.crowdChance(d, key.pace), c.ownChance(d, key.pace))),
		founding: founding{at: d.at, object: d.object, start: d.at},
	}
	if d.kind == aMention {
		c.setRush(b, d)
	}
	for _, n := range slices.Backward(recent) {
		if e := c.journal.entry(n); e.declared == d.declared {
			b.start = min(b.start, e.at)
			c.admit(b, member{account: e.account, link: e.link, text: e.text, marks: e.marks, at: e.at, post: e.post})
		}
	}
	c.enter(b, d)
}

// crowdChance is the chance that one of those who post within the window
// happens on the same words.
func (c *core) crowdChance(d *doing, p pace) float64 {
	return c.traits.posts[p].count(d.at, c.paces[p].width) * wordChance(d)
}

// ownChance is the chance of company on an object by its own past. What
// everybody says is no surprise when five do at once: its rhythm is how many
// acted on it in the slow window before the burst, or, if that is more, how many
// of all who ever did would act within the window if each chose one of the
// campaign's posts, so that a busy minute has its share.
func (c *core) ownChance(d *doing, p pace) float64 {
	if p == crowd {
		return 0
	}
	var buf [maxPartners]uint64
	entries, _ := c.recent(d, slow, &buf)
	begin, before, within := d.at-c.paces[p].width, 0.0, 0.0
	for _, n := range entries {
		if c.journal.entry(n).at < begin {
			before++
		} else {
			within++
		}
	}
	rhythm := before * float64(c.paces[p].width) / float64(c.paces[slow].width)
	busy := c.traits.posts[p].count(d.at, c.paces[p].width) / float64(c.posts)
	mean := max(rhythm, (float64(d.past)-within)*busy)
	return mean / (1 + mean)
}

// enter adds the action under way to a burst.
func (c *core) enter(b *burst, d *doing) {
	c.admit(b, member{account: d.account, link: d.link, text: d.text, marks: d.marks(), at: d.at, post: d.key})
	if b.kind == aMention {
		c.enterRush(b, d)
	}
	if n := len(b.members) - b.lo; n > b.peak {
		b.peak, b.span = n, d.at-b.members[b.lo].at
	}
}

// admit lists a member.
func (c *core) admit(b *burst, m member) {
	if len(b.members) >= MaxBurst || c.bursts.members >= c.cfg.Limits.Members {
		c.bursts.membersRefused++
		return
	}
	b.members = append(b.members, m)
	c.bursts.members++
	c.accounts.rows.mut(m.account).pins++
}

// verdict is what a burst earned.
type verdict struct {
	bits     float64
	expected float64 // accounts that chance would put into the densest window
	settled  bool    // whether waiting can still change it
	found    bool
}

// judge weighs a burst as it stands.
func (c *core) judge(b *burst) verdict {
	if len(b.members) < minBurst {
		return verdict{settled: true} // there was no room for them
	}
	if b.kind == aMention {
		return c.judgeRush(b)
	}
	if b.kind.copied() && !b.headline() {
		v := verdict{bits: runBits(b.peak-1, b.company), expected: 1 + b.company/(1-b.company), settled: true}
		v.found = v.bits >= burstBits+trialBits(b.trials)
		return v
	}
	if b.pace == slow {
		return verdict{settled: true} // that is how everybody passes things on
	}
	// Passed on: what speaks is that nearly nobody did so at other times.
	n := int(c.objects.rows.get(b.object).v.firsts)
	v := verdict{bits: shareBits(b.peak, n), expected: 1 + float64(n-1)*delayShare, settled: c.now-b.last() >= settleTime}
	v.found = v.settled && v.bits >= burstBits+trialBits(b.trials)
	return v
}

// headline reports whether most members share their post's link with another
// member: they may all have pressed one button.
func (b *burst) headline() bool {
	links := make([]uint32, 0, len(b.members))
	for i := range b.members {
		if l := b.members[i].link; l != 0 {
			links = append(links, l)
		}
	}
	slices.Sort(links)
	common := 0
	for i, l := range links {
		if i > 0 && links[i-1] == l || i+1 < len(links) && links[i+1] == l {
			common++
		}
	}
	return 2*common > len(b.members)
}

// sweep judges the bursts that are over, and lets go of those that chance
// explains.
func (c *core) sweep() {
	s := &c.bursts
	if c.now-s.swept < sweepEvery {
		return
	}
	s.swept = c.now
	kept := s.unjudged[:0]
	for _, id := range s.unjudged {
		b := s.rows.get(id)
		if len(b.members) > 0 && c.now-b.last() <= c.paces[b.pace].width {
			kept = append(kept, id)
			continue
		}
		if s.open.get(b.key()) == id+1 {
			s.open.set(b.key(), 0)
		}
		switch v := c.judge(b); {
		case !v.settled:
			kept = append(kept, id)
		case !v.found:
			c.drop(id)
		}
	}
	s.unjudged = kept
}

// drop lets go of a burst.
func (c *core) drop(id uint32) {
	s := &c.bursts
	b := s.rows.mut(id)
	for i := range b.members {
		c.accounts.rows.mut(b.members[i].account).pins--
	}
	c.objects.rows.mut(b.object).pins--
	s.members -= len(b.members)
	s.live--
	*b = burst{}
	s.free = append(s.free, id)
}
