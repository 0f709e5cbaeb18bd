package spend

import "hash/maphash"

// seenMost is how many posts of a day are remembered. Beyond that the older
// half is forgotten: such a post counts again, which errs on the safe side.
const seenMost = 400_000

// seen remembers which posts were paid for today, in at most about 15 MB.
type seen struct {
	seed       maphash.Seed
	young, old map[uint64]struct{}
}

func newSeen() seen {
	return seen{seed: maphash.MakeSeed(), young: make(map[uint64]struct{})}
}

// hash is how an id is remembered.
func (s *seen) hash(id string) uint64 { return maphash.String(s.seed, id) }

func (s *seen) has(h uint64) bool {
	if _, ok := s.young[h]; ok {
		return true
	}
	_, ok := s.old[h]
	return ok
}

// add reports whether id is new.
func (s *seen) add(id string) bool {
	h := s.hash(id)
	if s.has(h) {
		return false
	}
	if len(s.young) >= seenMost/2 {
		s.old, s.young = s.young, make(map[uint64]struct{})
	}
	s.young[h] = struct{}{}
	return true
}

func (s *seen) clear() {
	clear(s.young)
	s.old = nil
}
