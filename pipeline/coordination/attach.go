package coordination

import "math"

// Accounts that are in step again and again with a group, now with one of its
// members and now with another, belong to it although no single pair of them
// earns an edge.

// minAttach is on how many objects an account must meet a group.
const minAttach = 3

// groups are the accounts that edges join, as they form.
type groups struct{ parent paged[uint32] }

func (g *groups) fork() groups { return groups{g.parent.fork()} }

// root returns the group that stands for n now.
func (g *groups) root(n uint32) uint32 {
	for {
		up := *g.parent.get(n)
		if up == n {
			return n
		}
		n = up
	}
}

// group puts two accounts into one group.
func (c *core) group(a, b uint32) {
	x, y := &c.accounts.rows.mut(a).v.group, &c.accounts.rows.mut(b).v.group
	switch {
	case *x == 0 && *y == 0:
		id := c.groups.parent.add()
		*c.groups.parent.mut(id) = id
		*x, *y = id+1, id+1
	case *x == 0:
		*x = *y
	case *y == 0:
		*y = *x
	default:
		// The older stands for both, and every step is halved.
		low, high := c.groups.root(*x-1), c.groups.root(*y-1)
		if low > high {
			low, high = high, low
		}
		*c.groups.parent.mut(high) = low
		*x, *y = low+1, low+1
	}
}

// groupOf returns the number + 1 of an account's group, 0 if it has none.
func (c *core) groupOf(account uint32) uint32 {
	if g := c.accounts.rows.get(account).v.group; g != 0 {
		return c.groups.root(g-1) + 1
	}
	return 0
}

// attach credits whichever of two accounts in step is outside a group with
// meeting the other's group. What it did counts once for each object.
func (c *core) attach(d *doing, m *encounter) {
	mine, its := c.groupOf(d.account), c.groupOf(m.entry.account)
	if mine == its {
		return
	}
	if its != 0 {
		c.credit(d, m, its-1, true)
	}
	if mine != 0 {
		c.credit(d, m, mine-1, false)
	}
}

// credit adds a meeting of an account with a group: of the one that acts now
// with the group of the one before (mine), or the other way round.
func (c *core) credit(d *doing, m *encounter, group uint32, mine bool) {
	account := m.entry.account
	if mine {
		account = d.account
	}
	row := c.accounts.rows.get(account)
	key := pairKey{a: account, b: group, domain: m.key.domain | attached}
	p := c.pairs.get(key)
	if p == nil {
		return
	}
	if p.stampA != row.stamp {
		*p = pair{a: key.a, b: key.b, domain: key.domain, stampA: row.stamp}
	}
	if p.n > 0 && p.post == d.object {
		return
	}
	if p.n < math.MaxUint16 {
		p.n++
		p.expected += float32(max(m.chance, delayShare))
	}
	if !mine {
		c.accounts.rows.mut(account).v.did[m.key.domain.class()]++
	}
	p.post, p.last = d.object, uint32(d.at/1000)
	if p.edge == 0 && (p.n < minAttach || float64(p.n)*math.Log2(float64(p.n)/float64(p.expected)) < edgeBits) {
		return
	}
	n := int(p.n)
	did := max(n, int(c.accounts.rows.get(account).v.did[m.key.domain.class()]))
	expected := float64(p.expected) + float64(did-n)*delayShare
	bits := pairBits(n, did, expected)
	if p.edge == 0 {
		if bits < edgeBits || int(c.edges.n) >= c.cfg.Limits.Edges {
			return
		}
		id := c.edges.add()
		*c.edges.mut(id) = edge{
			a: account, b: group, domain: m.key.domain, attached: true, first: m.entry.at, last: d.at,
			founding: founding{at: d.at, object: d.object, start: m.entry.at},
		}
		p.edge = id + 1
		c.accounts.rows.mut(account).pins++
		c.objects.rows.mut(d.object).pins++
	}
	g := c.edges.mut(p.edge - 1)
	g.n, g.shared, g.expected, g.bits = uint32(n), uint32(did), expected, bits
	g.last = max(g.last, d.at)
	c.itemise(g, mine, d, m.entry)
}
