package coordination

// The containers here can be forked. A fork sees what its origin held, costs
// little however large that is, and keeps its own changes to itself. It is how
// Findings looks ahead of posts that others may yet precede: the origin must
// not change while a fork lives.

const pageSize = 512

// paged is a slice that grows by pages; a fork copies a page when it first
// changes it.
type paged[T any] struct {
	pages  []*[pageSize]T
	shared []bool // in a fork: pages that still belong to the origin
	n      uint32
}

// get returns row i to read.
func (p *paged[T]) get(i uint32) *T { return &p.pages[i/pageSize][i%pageSize] }

// mut returns row i to change. What get returned before may be outdated by it.
func (p *paged[T]) mut(i uint32) *T {
	at := i / pageSize
	if int(at) < len(p.shared) && p.shared[at] {
		own := *p.pages[at]
		p.pages[at] = &own
		p.shared[at] = false
	}
	return &p.pages[at][i%pageSize]
}

// add appends a zero row and returns its index.
func (p *paged[T]) add() uint32 {
	if int(p.n) == len(p.pages)*pageSize {
		p.pages = append(p.pages, new([pageSize]T))
	}
	p.n++
	var zero T
	*p.mut(p.n - 1) = zero
	return p.n - 1
}

func (p *paged[T]) fork() paged[T] {
	f := paged[T]{pages: append([]*[pageSize]T(nil), p.pages...), shared: make([]bool, len(p.pages)), n: p.n}
	for i := range f.shared {
		f.shared[i] = true
	}
	return f
}

// layered is a map; a fork writes into a layer of its own. The zero value of V
// means "not there".
type layered[K comparable, V comparable] struct {
	base, top map[K]V
}

func newLayered[K comparable, V comparable]() layered[K, V] {
	return layered[K, V]{top: make(map[K]V)}
}

func (l *layered[K, V]) get(k K) V {
	if v, ok := l.top[k]; ok || l.base == nil {
		return v
	}
	return l.base[k]
}

func (l *layered[K, V]) set(k K, v V) {
	var zero V
	if v == zero && l.base == nil {
		delete(l.top, k)
		return
	}
	l.top[k] = v
}

func (l *layered[K, V]) len() int { return len(l.base) + len(l.top) }

func (l *layered[K, V]) fork() layered[K, V] {
	return layered[K, V]{base: l.top, top: make(map[K]V)}
}

// ageing is a map that forgets and cannot be forked: what was neither set nor touched while as many
// others came as half its limit may go, and what is in the older half when the
// newer is full does go.
type ageing[K comparable, V comparable] struct {
	young, old layered[K, V]
	half       int
	turns      uint64 // how often the older half went
}

func newAgeing[K comparable, V comparable](limit int) ageing[K, V] {
	return ageing[K, V]{young: newLayered[K, V](), old: newLayered[K, V](), half: max(1, limit/2)}
}

func (a *ageing[K, V]) get(k K) V {
	var zero V
	if v := a.young.get(k); v != zero {
		return v
	}
	return a.old.get(k)
}

func (a *ageing[K, V]) set(k K, v V) {
	if a.young.len() >= a.half {
		var zero V
		if a.young.get(k) == zero {
			if a.old.len() > 0 {
				a.turns++
			}
			a.old, a.young = a.young, newLayered[K, V]()
		}
	}
	a.young.set(k, v)
}

func (a *ageing[K, V]) len() int { return a.young.len() + a.old.len() }

// row is what a table keeps for one key.
type row[K comparable, V any] struct {
	key K
	// chain is the latest journal entry about this row, 0 if none.
	chain uint64
	// touched is the post that used the row last.
	touched uint64
	// stamp tells the present owner of the row from earlier ones.
	stamp uint32
	// pins counts the evidence that rests on this row and keeps it.
	pins uint32
	v    V
}

// table gives keys small numbers, and reuses the rows of those that neither
// the journal nor any evidence knows any more.
type table[K comparable, V any] struct {
	ids    layered[K, uint32] // number + 1
	rows   paged[row[K, V]]
	limit  uint32
	hand   uint32
	reused uint64
}

func newTable[K comparable, V any](limit int) table[K, V] {
	return table[K, V]{ids: newLayered[K, uint32](), limit: uint32(limit)}
}

// find returns the number of k, if it has one.
func (t *table[K, V]) find(k K) (uint32, bool) {
	// A fork cannot delete from its origin's map, so the row has the last word.
	if id := t.ids.get(k); id != 0 && t.rows.get(id-1).key == k {
		return id - 1, true
	}
	return 0, false
}

// add gives k, which must be new, a row. post is the present post, tail the
// oldest journal entry that lives.
func (t *table[K, V]) add(k K, post, tail uint64) uint32 {
	id := t.rows.n
	if id < t.limit {
		t.rows.add()
	} else {
		id = t.reuse(post, tail)
	}
	r := t.rows.mut(id)
	*r = row[K, V]{key: k, touched: post, stamp: r.stamp + 1}
	t.ids.set(k, id+1)
	return id
}

// reuse finds a row that can go. The limits see to it that half of the rows
// can, so that it takes two steps on average; see Config.withDefaults.
func (t *table[K, V]) reuse(post, tail uint64) uint32 {
	for {
		id := t.hand
		if t.hand++; t.hand == t.limit {
			t.hand = 0
		}
		r := t.rows.get(id)
		if r.pins > 0 || r.chain >= tail || r.touched == post {
			continue
		}
		t.ids.set(r.key, 0)
		t.reused++
		return id
	}
}

func (t *table[K, V]) fork() table[K, V] {
	f := *t
	f.ids, f.rows = t.ids.fork(), t.rows.fork()
	return f
}
