package coordination

import (
	"slices"
	"strings"
)

// pace is how fast the accounts of a burst come.
type pace uint8

const (
	fast    pace = iota // Config.Window
	minutes             // Config.MinutesWindow
	hours               // Config.HoursWindow
	crowd               // Config.PileOnWindow
	running             // a run, see runs.go
	flood               // a flood, see floods.go
	paces
)

// copyPaces are those at which copies are looked for.
var copyPaces = [...]pace{fast, minutes, hours}

// paceOf is what a pace means.
type paceOf struct {
	width int64 // of the window, in milliseconds
	least int   // accounts that open a burst
}

// burst is many accounts acting on one object within the window: from the
// action that makes them enough until one that finds too few before it. For a
// pile-on the object is the account that is addressed, for a flood the moment.
type burst struct {
	domain  domain
	kind    objectKind
	pace    pace
	alive   bool
	settled bool // nothing can change the verdict any more
	members []member
	fresh   int     // members that had just come to the campaign
	lo      int     // the present window is members[lo:]
	peak    int     // accounts in the densest window
	span    int64   // how long these took, in milliseconds
	company float64 // the chance of company when the burst opened
	most    float64 // bits that copies can earn, see occasionBits
	trials  uint64  // objects of its kind when it opened
	found   int64   // since when the evidence suffices; 0: it does not
	due     int64   // when it is looked at again; 0: not on its own
	acted   int64   // when the latest of its actions was
	booked  int64   // where it stands in the heap for that, see reviews
	rush    rush    // of a pile-on
	news    float64 // of a run: the share of newcomers among those who pass on
	later   int     // of a run: who passed the object on within the hour after it
	much    int     // of a run: who did so later
	tide    tide    // of a flood
	founding
}

// member is one account's action in a burst.
type member struct {
	account uint32
	link    uint32 // the post's first link + 1, 0 if none
	text    uint32 // the post's text + 1, 0 if none
	named   uint32 // the first account it names + 1, 0 if none
	marks   marks
	at      int64
	post    string
}

// last is when it went on last, whether or not there was room to list that.
func (b *burst) last() int64 { return b.acted }

// sweepEvery is how often bursts are looked through, in milliseconds.
const sweepEvery = 10 * 60 * 1000

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
	unjudged                []uint32                  // open, and judged by the sweep
	live, members           int
	swept                   int64
	withdrawn               uint64
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
			c.enter(at-1, d)
			return
		}
		c.bursts.open.set(key, 0)
	}
	var buf [maxPartners]uint64
	recent := c.journal.since(c.objects.rows.get(d.object).latest(), d.at-width, buf[:])
	c.learn(d, p, len(recent))
	recent = slices.DeleteFunc(recent, func(n uint64) bool {
		e := c.journal.entry(n)
		return e.declared != d.declared || !counts(p, e.marks, e.declared)
	})
	if len(recent)+1 < least {
		return
	}
	id, b := c.openBurst(key, d)
	if b == nil {
		return
	}
	c.label(d)
	c.bursts.unjudged = append(c.bursts.unjudged, id)
	c.bursts.open.set(key, id+1)
	b.company = min(0.9, max(c.kinds[d.kind].company(p), c.crowdChance(d, p), c.ownChance(d, p)))
	b.most = occasionBits(d)
	if d.kind == aMention {
		c.setRush(b, d)
	}
	// What led up to it is no part of the campaign's experience either.
	k := &c.kinds[d.kind]
	k.tried[p] = max(0, k.tried[p]-float64(len(recent)))
	k.met[p] = max(0, k.met[p]-float64(len(recent)-1))
	for _, n := range slices.Backward(recent) {
		c.admitEntry(b, c.journal.entry(n))
	}
	c.enter(id, d)
}

// counts reports whether a post counts for bursts of a pace. Those who answer a
// post say the same by themselves when it moves them: that so many do within a
// minute takes more, within the hour it does not.
func counts(p pace, m marks, declared uint8) bool {
	return p != minutes && p != hours || m&isAnswer == 0 || declared != 0
}

// openBurst makes a burst without members; nil if there is no room.
func (c *core) openBurst(key burstKey, d *doing) (id uint32, b *burst) {
	s := &c.bursts
	if s.live >= c.cfg.Limits.Bursts || s.members >= c.cfg.Limits.Members {
		s.refused++
		return 0, nil
	}
	if n := len(s.free); n > 0 {
		id, s.free = s.free[n-1], s.free[:n-1]
	} else {
		id = s.rows.add()
	}
	s.live++
	c.objects.rows.mut(key.object).pins++
	b = s.rows.mut(id)
	*b = burst{
		domain: key.domain, kind: d.kind, pace: key.pace, alive: true, trials: c.kinds[d.kind].objects,
		founding: founding{at: d.at, object: key.object, start: d.at},
	}
	return id, b
}

// enter adds the action under way to a burst and judges it anew: every time
// while it is small, later whenever it has doubled.
func (c *core) enter(id uint32, d *doing) {
	b := c.bursts.rows.mut(id)
	c.admit(b, member{account: d.account, link: d.link, text: d.text, named: d.named, marks: d.marks, at: d.at, post: strings.Clone(d.key)})
	if b.kind == aMention {
		c.enterRush(b, d)
	}
	if n := len(b.members) - b.lo; n > b.peak {
		b.peak, b.span = n, d.at-b.members[b.lo].at
	}
	if n := len(b.members); n <= 32 || n&(n-1) == 0 {
		c.review(id)
	}
}

// admitEntry lists an earlier action as a member.
func (c *core) admitEntry(b *burst, e *entry) {
	b.start = min(b.start, e.at)
	c.admit(b, member{account: e.account, link: e.link, text: e.text, named: e.named, marks: e.marks, at: e.at, post: c.journal.post(e)})
}

// admit lists a member.
func (c *core) admit(b *burst, m member) {
	b.acted = max(b.acted, m.at)
	if len(b.members) >= MaxBurst || c.bursts.members >= c.cfg.Limits.Members {
		c.bursts.membersRefused++
		return
	}
	b.members = append(b.members, m)
	if m.marks&isNew != 0 {
		b.fresh++
	}
	c.bursts.members++
	c.accounts.rows.mut(m.account).pins++
}

// verdict is what a burst earned.
type verdict struct {
	bits     float64
	need     float64 // what it had to earn,
	trials   float64 // of that for the number of chances it had
	since    int64   // when it was found
	expected float64 // accounts that chance would put into the densest window
	settled  bool    // whether waiting can still change it
	found    bool
	doubtful bool // never of high confidence
	weak     bool // not found, but may support others that share accounts with it
}

// judge weighs a burst as it stands.
func (c *core) judge(b *burst) verdict {
	var v verdict
	switch {
	case len(b.members) < minBurst:
		v.settled = true // there was no room for them
	case b.pace == running:
		v = c.judgeRun(b)
	case b.pace == flood:
		v = c.judgeFlood(b)
	case b.kind == aMention:
		v = c.judgeRush(b)
	case b.kind.copied() && !b.headline():
		v = c.judgeCopies(b)
	default:
		v = c.judgeShare(b)
	}
	switch {
	case b.found != 0:
		v.since = b.found
	case v.weak:
		v.since = b.last() + settleTime
	default:
		v.since = c.now
	}
	return v
}

// review judges a burst and notes since when its evidence suffices.
func (c *core) review(id uint32) {
	b := c.bursts.rows.mut(id)
	v := c.judge(b)
	switch {
	case v.found && b.found == 0:
		b.found = c.now
	case !v.found && b.found != 0:
		b.found = 0
		c.bursts.withdrawn++
	}
	b.settled = v.settled
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
		c.review(id)
		switch b := s.rows.get(id); {
		case !b.settled:
			kept = append(kept, id)
		case b.found == 0:
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
	if b.found != 0 {
		s.withdrawn++
	}
	*b = burst{}
	s.free = append(s.free, id)
}
