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

// sightTable is a hash table with open addressing. Key 0 marks an empty slot.
type sightTable struct {
	slots []sighting
	n     int
}

type sighting struct {
	id postID
	at int64
}

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
	s.young.set(id, at)
}

func (s *sightings) len() int { return s.young.n + s.old.n }

func (t *sightTable) get(id postID) int64 {
	if t.n == 0 {
		return 0
	}
	mask := uint64(len(t.slots) - 1)
	for i := uint64(id) & mask; ; i = (i + 1) & mask {
		switch s := &t.slots[i]; s.id {
		case id:
			return s.at
		case 0:
			return 0
		}
	}
}

func (t *sightTable) set(id postID, at int64) {
	if 4*(t.n+1) > 3*len(t.slots) {
		old := t.slots
		t.slots, t.n = make([]sighting, max(64, 2*len(old))), 0
		for i := range old {
			if old[i].id != 0 {
				t.put(old[i].id, old[i].at)
			}
		}
	}
	t.put(id, at)
}

func (t *sightTable) put(id postID, at int64) {
	mask := uint64(len(t.slots) - 1)
	for i := uint64(id) & mask; ; i = (i + 1) & mask {
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
