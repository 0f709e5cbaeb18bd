package coordination

import (
	"cmp"
	"slices"
)

// community is evidence that hangs together.
type community struct {
	domain domain
	edges  []uint32
	bursts []uint32
	bits   float64  // of the edges: see grow
	tree   []uint32 // those that add up to it
	since  int64    // when the edges joined enough accounts
	weak   bool     // one burst that does not suffice alone
}

// communities joins the evidence of each domain: accounts by their edges, and
// what shares accounts by those.
func (c *core) communities() []community {
	byDomain := make(map[domain][]community)
	var domains []domain
	put := func(one community) {
		if _, ok := byDomain[one.domain]; !ok {
			domains = append(domains, one.domain)
		}
		byDomain[one.domain] = append(byDomain[one.domain], one)
	}
	for _, one := range c.grow() {
		put(one)
	}
	for id := range c.bursts.rows.n {
		if b := c.bursts.rows.get(id); b.alive {
			if v := c.judge(b); v.found || v.weak {
				put(community{domain: b.domain, bursts: []uint32{id}, weak: !v.found})
			}
		}
	}
	slices.Sort(domains)
	var all []community
	for _, d := range domains {
		all = append(all, c.unite(byDomain[d])...)
	}
	return all
}

// grow joins accounts by their edges. An account that hangs by a single edge
// belongs only if that one is strong; this is what keeps communities from
// growing into chains of acquaintances. The bits of a community are those of
// the strongest edges that still hold it together, one less than it has
// accounts: the others follow from them, and would count one surprise many
// times.
func (c *core) grow() []community {
	edges := c.firmEdges()
	slices.SortStableFunc(edges, func(a, b uint32) int {
		return cmp.Compare(c.edges.get(b).bits, c.edges.get(a).bits)
	})
	type node struct {
		account uint32
		domain  domain
	}
	numbers := make(map[node]int, len(edges))
	var sets sets
	number := func(account uint32, d domain) int {
		n, ok := numbers[node{account, d}]
		if !ok {
			n = sets.add()
			numbers[node{account, d}] = n
		}
		return n
	}
	strong := make([]bool, len(edges)) // those that join what was apart
	for i, id := range edges {
		g := c.edges.get(id)
		strong[i] = sets.join(number(g.a, g.domain), number(g.b, g.domain))
	}
	of := make(map[int]int)
	var grown []community
	founded := make(map[int][]int64)
	for i, id := range edges {
		g := c.edges.get(id)
		root := sets.root(number(g.a, g.domain))
		if sets.size[root] < minCommunity {
			continue
		}
		at, ok := of[root]
		if !ok {
			at = len(grown)
			of[root] = at
			grown = append(grown, community{domain: g.domain})
		}
		grown[at].edges = append(grown[at].edges, id)
		founded[at] = append(founded[at], g.founding.at)
		if strong[i] {
			grown[at].bits += g.bits
			grown[at].tree = append(grown[at].tree, id)
		}
	}
	type place struct {
		group  uint32
		domain domain
	}
	places := make(map[place]int)
	for i := range grown {
		slices.Sort(founded[i])
		grown[i].since = founded[i][min(1, len(founded[i])-1)]
		for _, id := range grown[i].edges {
			places[place{c.groupOf(c.edges.get(id).a), grown[i].domain}] = i
		}
	}
	for id := range c.edges.n {
		if g := c.edges.get(id); g.attached && g.bits >= edgeBits {
			if i, ok := places[place{c.groups.root(g.b) + 1, g.domain}]; ok {
				grown[i].edges = append(grown[i].edges, id)
			}
		}
	}
	return grown
}

// firmEdges returns the edges that are left when weak single ones are cut off,
// again and again.
func (c *core) firmEdges() []uint32 {
	type node struct {
		account uint32
		domain  domain
	}
	degree := make(map[node]int)
	edges := make([]uint32, 0, c.edges.n)
	for id := range c.edges.n {
		g := c.edges.get(id)
		if g.attached || g.bits < edgeBits {
			continue
		}
		edges = append(edges, id)
		degree[node{g.a, g.domain}]++
		degree[node{g.b, g.domain}]++
	}
	for {
		before := len(edges)
		edges = slices.DeleteFunc(edges, func(id uint32) bool {
			g := c.edges.get(id)
			a, b := node{g.a, g.domain}, node{g.b, g.domain}
			if g.bits >= loneEdgeBits || degree[a] > 1 && degree[b] > 1 {
				return false
			}
			degree[a]--
			degree[b]--
			return true
		})
		if len(edges) == before {
			return edges
		}
	}
}

// neighbours is how many of an account's pieces of evidence, in order of time,
// each is compared with.
const neighbours = 8

// sharedAccounts is how many accounts two pieces of evidence must share to
// belong together: one may be there by chance.
const sharedAccounts = 2

// unite joins the communities of one domain that share accounts, pile-ons that
// have one target within a day, and bursts of copies that overlap in time,
// since it is far less likely that two come at once by chance than that one
// does.
func (c *core) unite(parts []community) []community {
	const day = 24 * 60 * 60 * 1000
	slices.SortStableFunc(parts, func(a, b community) int { return cmp.Compare(c.begin(a), c.begin(b)) })
	var sets sets
	for range parts {
		sets.add()
	}
	of := make(map[uint32][]int) // the parts of each account
	common := make(map[[2]int]int)
	for i := range parts {
		for _, a := range c.accountsOf(parts[i]) {
			near := of[a]
			for _, j := range near[max(0, len(near)-neighbours):] {
				common[[2]int{j, i}]++
				if common[[2]int{j, i}] == sharedAccounts {
					sets.join(i, j)
				}
			}
			of[a] = append(near, i)
		}
		for j := i - 1; j >= 0 && j >= i-neighbours; j-- {
			x, y := c.onlyBurst(parts[j]), c.onlyBurst(parts[i])
			if x == nil || y == nil {
				continue
			}
			sameTarget := x.kind == aMention && x.object == y.object && y.start-x.last() <= day
			atOnce := x.kind.copied() && y.kind.copied() && x.pace == fast && y.pace == fast && y.start <= x.last()
			if sameTarget || atOnce {
				sets.join(i, j)
			}
		}
	}
	united := make([]community, 0, len(parts))
	at := make(map[int]int)
	for i, p := range parts {
		root := sets.root(i)
		n, ok := at[root]
		if !ok {
			n = len(united)
			at[root] = n
			united = append(united, community{domain: p.domain, weak: p.weak})
		}
		u := &united[n]
		u.weak = u.weak && sets.size[root] == 1
		u.edges = append(u.edges, p.edges...)
		u.bursts = append(u.bursts, p.bursts...)
		u.bits += p.bits
		u.tree = append(u.tree, p.tree...)
		if len(p.edges) > 0 && (u.since == 0 || p.since < u.since) {
			u.since = p.since
		}
	}
	return slices.DeleteFunc(united, func(p community) bool { return p.weak })
}

// onlyBurst returns the burst of a part that is one burst, else nil.
func (c *core) onlyBurst(p community) *burst {
	if len(p.bursts) != 1 || len(p.edges) > 0 {
		return nil
	}
	return c.bursts.rows.get(p.bursts[0])
}

// begin is when a community was founded.
func (c *core) begin(p community) int64 { return c.founded(p).at }

// founded returns a community's first founding, which is fixed: evidence that
// comes later is founded later.
func (c *core) founded(p community) founding {
	var first founding
	take := func(f founding) {
		if first.at == 0 || cmp.Or(cmp.Compare(f.at, first.at), cmp.Compare(c.name(f.object), c.name(first.object)), cmp.Compare(f.start, first.start)) < 0 {
			first = f
		}
	}
	for _, id := range p.edges {
		take(c.edges.get(id).founding)
	}
	for _, id := range p.bursts {
		take(c.bursts.rows.get(id).founding)
	}
	return first
}

func (c *core) name(object uint32) string { return c.objectAt(object).ID }

// accountsOf returns the accounts of a community, each once.
func (c *core) accountsOf(p community) []uint32 {
	var as []uint32
	for _, id := range p.edges {
		g := c.edges.get(id)
		as = append(as, g.a)
		if !g.attached {
			as = append(as, g.b)
		}
	}
	for _, id := range p.bursts {
		for _, m := range c.bursts.rows.get(id).members {
			as = append(as, m.account)
		}
	}
	slices.Sort(as)
	return slices.Compact(as)
}

// sets is a union-find structure.
type sets struct{ parent, size []int }

func (s *sets) add() int {
	s.parent = append(s.parent, len(s.parent))
	s.size = append(s.size, 1)
	return len(s.parent) - 1
}

func (s *sets) root(i int) int {
	for s.parent[i] != i {
		s.parent[i] = s.parent[s.parent[i]]
		i = s.parent[i]
	}
	return i
}

// join reports whether i and j were apart.
func (s *sets) join(i, j int) bool {
	i, j = s.root(i), s.root(j)
	if i == j {
		return false
	}
	if s.size[i] < s.size[j] {
		i, j = j, i
	}
	s.parent[j] = i
	s.size[i] += s.size[j]
	return true
}
