package evaluate

import "hash/maphash"

// headcount counts accounts, each once. It keeps eight bytes of each: two of a
// million are taken for one with a chance of one in thirty million.
type headcount struct {
	seed  maphash.Seed
	slots []uint64 // a hash table with open addressing, in the order of the hashes; 0: empty
	n     int
}

func newHeadcount() headcount { return headcount{seed: maphash.MakeSeed()} }

// add reports whether the account is a new one.
func (c *headcount) add(who accountKey) bool {
	h := max(1, maphash.Comparable(c.seed, who))
	if 4*(c.n+1) > 3*len(c.slots) {
		old := c.slots
		c.slots = make([]uint64, max(64, len(old)+len(old)/2))
		for _, h := range old {
			if h != 0 {
				*c.slot(h) = h
			}
		}
	}
	s := c.slot(h)
	if *s == h {
		return false
	}
	*s = h
	c.n++
	return true
}

// slot is where a hash is, or where it would be.
func (c *headcount) slot(h uint64) *uint64 {
	n := uint64(len(c.slots))
	for i := h >> 32 * n >> 32; ; i++ {
		if s := &c.slots[i%n]; *s == 0 || *s == h {
			return s
		}
	}
}
