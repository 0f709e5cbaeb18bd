package coordination

import "math"

// class says what sort of evidence holds accounts together.
type class uint8

const (
	byCopies class = iota
	byReposts
	byPileOn
	byFlood
	classes
	meetable = byPileOn // by the classes before it accounts can meet
)

func classOf(k objectKind) class {
	switch k {
	case aRepost:
		return byReposts
	case aMention:
		return byPileOn
	case aMoment:
		return byFlood
	default:
		return byCopies
	}
}

// attached marks the pairs of an account with a group instead of another account.
const attached domain = 1 << 14

// domain is a class within one declared action, or within none. Evidence of
// different domains never adds up: what a campaign declared stays apart from
// what it did not.
type domain uint16

func domainOf(c class, declared uint8) domain { return domain(declared)*domain(classes) + domain(c) }

func (d domain) class() class    { return class(d % domain(classes)) }
func (d domain) declared() uint8 { return uint8(d / domain(classes)) }

// edge is a pair that has earned edgeBits.
type edge struct {
	a, b     uint32
	domain   domain
	n        uint32
	shared   uint32 // objects that both acted on at any time, at least n
	listed   uint32 // meetings that are itemised
	evidence uint32 // the latest of them + 1
	attached bool   // b is a group: see attach.go
	apart    int64  // the longest time between the two of a meeting
	bits     float64
	expected float64
	first    int64
	last     int64
	founding
}

// founding is when something became evidence, and by what; it never changes.
type founding struct {
	at     int64 // of the action that tipped the scales
	object uint32
	start  int64 // where that action's window starts: its earliest partner
}

// meeting is one meeting of an edge: two posts within the window.
type meeting struct {
	prev                 uint32 // the edge's meeting before + 1
	object               uint32
	atA, atB             int64
	postA, postB         name // among core.meetings
	accountA, accountB   uint32
	declaredA, declaredB uint8
}

// encounter is an action that meets an earlier one.
type encounter struct {
	entry          *entry
	key            pairKey
	stampA, stampB uint16
	chance         float64 // that it comes about by chance
	copied         bool
}

// learnEvery is how seldom it is looked whether slow meetings have become rare
// enough to be worth looking for.
const learnEvery = 8

// meet lets an action meet the recent ones on its object, and returns how many
// of those it found.
func (c *core) meet(d *doing) int {
	k := &c.kinds[d.kind]
	slowly := d.kind.copied() && counts(hours, d.marks, d.declared) || d.kind == aShared && (k.company(hours) <= dullChance || c.posts%learnEvery == 0)
	width := c.window
	if slowly {
		width = c.paces[hours].width
	}
	var buf [maxPartners]uint64
	recent, now, dense := c.recent(d, width, &buf)
	if d.kind == aShared && slowly {
		c.learn(d, hours, len(recent))
	}
	if len(recent) == 0 {
		return 0
	}
	c.label(d)
	me := c.accounts.rows.get(d.account)
	byDelay := delayChance(dense, float64(d.past))
	if d.kind == aShared {
		byDelay = max(k.company(fast), dense/(float64(d.past)+shapeA+shapeB), leastChance)
	}
	byCopy := max(k.company(fast), wordChance(d))
	var met [maxMeetings]encounter
	n := 0
	for i, seq := range recent[:min(len(recent), maxMeetings)] {
		e := c.journal.entry(seq)
		if e.account == d.account {
			continue
		}
		// A text that comes with a link they share is a headline: passed on,
		// not made.
		m := encounter{entry: e, chance: byDelay, copied: d.kind.copied() && (d.link == 0 || d.link != e.link)}
		if m.copied {
			m.chance = byCopy
		}
		if i >= now { // within the hours, not the minute
			if d.kind.copied() && (!m.copied || !counts(hours, e.marks, e.declared)) {
				continue
			}
			m.chance = max(m.chance, k.company(hours))
		}
		if m.chance > dullChance {
			continue
		}
		declared := d.declared
		if e.declared != declared {
			declared = 0
		}
		m.key = pairKey{a: d.account, b: e.account, domain: domainOf(classOf(d.kind), declared)}
		m.stampA, m.stampB = me.stamp, c.accounts.rows.get(e.account).stamp
		if m.key.a > m.key.b {
			m.key.a, m.key.b, m.stampA, m.stampB = m.key.b, m.key.a, m.stampB, m.stampA
		}
		c.pairs.fetch(m.key)
		met[n] = m
		n++
	}
	for i := range met[:n] {
		c.earn(d, &met[i])
		c.attach(d, &met[i])
	}
	return now
}

// earn adds an encounter to what the two accounts have earned together.
func (c *core) earn(d *doing, m *encounter) {
	p := c.pairs.get(m.key)
	if p == nil {
		return
	}
	if p.stampA != m.stampA || p.stampB != m.stampB {
		*p = pair{a: m.key.a, b: m.key.b, domain: m.key.domain, stampA: m.stampA, stampB: m.stampB}
	}
	if p.n > 0 && p.post == uint32(c.posts) {
		return // one post, one coincidence, however many objects it shares
	}
	if !m.copied && p.n > 0 && d.at/1000-int64(p.last) <= sessionLength {
		m.chance = max(m.chance, sessionChance)
	}
	if p.n < math.MaxUint16 {
		p.n++
		p.expected += float32(m.chance)
	}
	p.post, p.last = uint32(c.posts), uint32(d.at/1000)
	n, expected := float64(p.n), float64(p.expected)
	switch {
	case p.edge > 0:
		c.strengthen(p, d, m.entry)
	case p.n >= minObjects && n*math.Log2(n/expected) >= edgeBits:
		c.form(p, d, m.entry)
	}
}

// form makes a pair an edge if it still has edgeBits when the objects are
// counted that both acted on, but not within the window.
func (c *core) form(p *pair, d *doing, e *entry) {
	key := p.key()
	shared := c.shared(key)
	expected := float64(p.expected) + max(0, float64(shared)-float64(p.n))*delayShare
	bits := pairBits(int(p.n), shared, expected)
	if bits < edgeBits {
		return
	}
	if int(c.edges.n) >= c.cfg.Limits.Edges {
		c.edgesRefused++
		return
	}
	id := c.edges.add()
	g := c.edges.mut(id)
	*g = edge{
		a: key.a, b: key.b, domain: key.domain, n: uint32(p.n), shared: uint32(max(shared, int(p.n))),
		bits: bits, expected: expected, first: e.at, last: d.at,
		founding: founding{at: d.at, object: d.object, start: e.at},
	}
	p.edge = id + 1
	c.group(key.a, key.b)
	c.accounts.rows.mut(key.a).pins++
	c.accounts.rows.mut(key.b).pins++
	c.objects.rows.mut(d.object).pins++
	c.recall(g)
	c.itemise(g, d.account == key.a, d, e)
}

// strengthen adds a meeting to an edge.
func (c *core) strengthen(p *pair, d *doing, e *entry) {
	g := c.edges.mut(p.edge - 1)
	g.n = uint32(p.n)
	g.shared = max(g.shared+1, g.n)
	// Looking the shared objects up costs more than the rest: while there are
	// few, and now and then.
	if g.n <= 8 || g.n%8 == 0 {
		g.shared = max(g.shared, uint32(c.shared(p.key())))
	}
	g.expected = float64(p.expected) + float64(g.shared-g.n)*delayShare
	g.bits = pairBits(int(g.n), int(g.shared), g.expected)
	g.last = max(g.last, d.at)
	c.itemise(g, d.account == g.a, d, e)
}

// shared counts the objects that both accounts of a pair acted on, whenever,
// as far as the journal and maxRecall reach. The action under way is not in
// the journal yet, but counts.
func (c *core) shared(k pairKey) int {
	n := 1
	c.common(k, func(_, _ *entry) { n++ })
	return n
}

// common calls f for the actions of a and of b on each object they share in
// their class.
func (c *core) common(k pairKey, f func(ofA, ofB *entry)) {
	var as [maxRecall]*entry
	na := 0
	for n := c.accounts.rows.get(k.a).latest(); na < maxRecall; na++ {
		e := c.journal.entry(n)
		if e == nil {
			break
		}
		as[na], n = e, before(n, e.prevAccount)
	}
	n := c.accounts.rows.get(k.b).latest()
	for range maxRecall {
		e := c.journal.entry(n)
		if e == nil {
			break
		}
		if classOf(e.kind) == k.domain.class() {
			for _, other := range as[:na] {
				if other.object == e.object {
					f(other, e)
					break
				}
			}
		}
		n = before(n, e.prevAccount)
	}
}

// meetWindow is the longest time between two actions on an object that meet.
func (c *core) meetWindow(k objectKind) int64 {
	if k.copied() || k == aShared {
		return c.paces[hours].width
	}
	return c.window
}

// recall itemises the meetings that a new edge had before, as far as the
// journal knows them.
func (c *core) recall(g *edge) {
	c.common(pairKey{g.a, g.b, g.domain}, func(x, y *entry) {
		if max(x.at-y.at, y.at-x.at) > c.meetWindow(x.kind) || c.refuses(g) {
			return
		}
		c.list(g, meeting{
			object: x.object, atA: x.at, atB: y.at, postA: c.meetings.take(&c.journal.posts, x.post), postB: c.meetings.take(&c.journal.posts, y.post),
			accountA: x.account, accountB: y.account,
			declaredA: x.declared, declaredB: y.declared,
		})
	})
}

// itemise lists the meeting of the action under way with an earlier one.
func (c *core) itemise(g *edge, mineIsA bool, d *doing, e *entry) {
	if c.refuses(g) {
		return
	}
	m := meeting{
		object: d.object, atA: d.at, atB: e.at, postA: c.meetings.add(d.key), postB: c.meetings.take(&c.journal.posts, e.post),
		declaredA: d.declared, declaredB: e.declared, accountA: d.account, accountB: e.account,
	}
	if !mineIsA {
		m.accountA, m.accountB = m.accountB, m.accountA
		m.atA, m.atB, m.postA, m.postB, m.declaredA, m.declaredB = m.atB, m.atA, m.postB, m.postA, m.declaredB, m.declaredA
	}
	c.list(g, m)
}

// refuses reports, and counts, that there is no room for another meeting.
func (c *core) refuses(g *edge) bool {
	if g.listed < MaxEdgeEvidence && int(c.evidence.n) < c.cfg.Limits.Evidence {
		return false
	}
	c.evidenceRefused++
	return true
}

func (c *core) list(g *edge, m meeting) {
	id := c.evidence.add()
	m.prev = g.evidence
	*c.evidence.mut(id) = m
	g.evidence = id + 1
	g.listed++
	g.apart = max(g.apart, m.atA-m.atB, m.atB-m.atA)
	g.first = min(g.first, m.atA, m.atB)
	c.objects.rows.mut(m.object).pins++
}
