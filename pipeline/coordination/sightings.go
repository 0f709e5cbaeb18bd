package coordination

// sightings is when each post came, for the latest posts. It forgets: what was
// neither noted nor noted again while as many others came as half its limit may
// go, and what is in the older half when the newer is full does go. Its keys are
// hashes already, so they are their own places in the tables.
type sightings struct {
	young, old sightTable
	half       int
	turns      uint64 // how often the older half went
}

// sightTable is a hash table with open addressing, in the order of the hashes.
// Key 0 marks an empty slot.
type sightTable struct {
	slots []sighting
	n     int
}

// home is where the search for a post begins.
func (t *sightTable) home(id postID) int { return int(uint64(id) >> 32 * uint64(len(t.slots)) >> 32) }

func (t *sightTable) next(i int) int {
	if i++; i == len(t.slots) {
		return 0
	}
	return i
}

type sighting struct {
	id postID
	at int64
}

const leastSights = 64

func newSightings(limit int) sightings { return sightings{half: max(1, limit/2)} }

// get returns 0 for what is not there.
func (s *sightings) get(id postID) int64 {
	id = max(id, 1)
	if at := s.young.get(id); at != 0 {
		return at
	}
	return s.old.get(id)
}

func (s *sightings) set(id postID, at int64) {
	id = max(id, 1)
	if s.young.n >= s.half && s.young.get(id) == 0 {
		if s.old.n > 0 {
			s.turns++
		}
		s.old, s.young = s.young, sightTable{slots: s.old.slots}
		clear(s.young.slots)
	}
	s.young.set(id, at, s.half)
}

func (s *sightings) len() int { return s.young.n + s.old.n }

func (t *sightTable) get(id postID) int64 {
	if t.n == 0 {
		return 0
	}
	for i := t.home(id); ; i = t.next(i) {
		switch s := &t.slots[i]; s.id {
		case id:
			return s.at
		case 0:
			return 0
		}
	}
}

// set enters a post into a table of limit posts.
func (t *sightTable) set(id postID, at int64, limit int) {
	if 4*(t.n+1) > 3*len(t.slots) {
		old := t.slots
		t.slots, t.n = make([]sighting, max(leastSights, min(2*len(old), 4*limit/3+2))), 0
		for i := range old {
			if old[i].id != 0 {
				t.put(old[i].id, old[i].at)
			}
		}
	}
	t.put(id, at)
}

func (t *sightTable) put(id postID, at int64) {
	for i := t.home(id); ; i = t.next(i) {
		switch s := &t.slots[i]; s.id {
		case id:
			s.at = at
			return
		case 0:
			*s = sighting{id, at}
			t.n++
			return
		}
	}
}
