package neardup

import "slices"

const pageSize = 64

// paged is a slice whose length grows only. A fork copies a page when it first
// changes it; the origin must not change while a fork lives.
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

// grow makes the slice n long.
func (p *paged[T]) grow(n uint32) {
	for len(p.pages)*pageSize < int(n) {
		p.pages = append(p.pages, new([pageSize]T))
	}
	p.n = max(p.n, n)
}

func (p *paged[T]) fork() paged[T] {
	shared := make([]bool, len(p.pages))
	for i := range shared {
		shared[i] = true
	}
	return paged[T]{pages: slices.Clone(p.pages), shared: shared, n: p.n}
}
