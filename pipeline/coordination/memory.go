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

// add appends a row, which is zero since none is ever taken away, and returns
// its index.
func (p *paged[T]) add() uint32 {
	if int(p.n) == len(p.pages)*pageSize {
		p.pages = append(p.pages, new([pageSize]T))
	}
	p.n++
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

// int48 is a number in six bytes, enough for a time in Unix milliseconds: for
// rows of which there are very many.
type int48 [3]uint16

func (x int48) get() int64 {
	return int64((uint64(x[0])|uint64(x[1])<<16|uint64(x[2])<<32)<<16) >> 16
}

func (x *int48) set(v int64) { *x = int48{uint16(v), uint16(v >> 16), uint16(v >> 32)} }

func short(v int64) (x int48) {
	x.set(v)
	return x
}
