package change

import (
	"crypto/sha256"
	"encoding/binary"
)

// thing is what a name stands for.
type thing struct {
	kind ItemKind
	id   string
}

// names gives things small numbers for as long as a record refers to them.
type names struct {
	ids  map[thing]uint32
	rows []name
	free []uint32
}

type name struct {
	thing
	label string
	refs  int
}

func newNames() names { return names{ids: make(map[thing]uint32)} }

// hold returns the number of a thing and adds a reference to it.
func (n *names) hold(t thing) uint32 {
	id, ok := n.ids[t]
	if !ok {
		if k := len(n.free); k > 0 {
			id, n.free = n.free[k-1], n.free[:k-1]
		} else {
			id = uint32(len(n.rows))
			n.rows = append(n.rows, name{})
		}
		n.rows[id] = name{thing: t}
		n.ids[t] = id
	}
	n.rows[id].refs++
	return id
}

func (n *names) drop(id uint32) {
	r := &n.rows[id]
	if r.refs--; r.refs == 0 {
		delete(n.ids, r.thing)
		*r = name{}
		n.free = append(n.free, id)
	}
}

// recent is a ring of the latest records, in order of time.
type recent struct {
	names
	ring  []*record
	first int
	n     int
	limit int
	// forced counts records that went before their time for want of room.
	forced uint64
}

func (r *recent) at(i int) *record { return r.ring[(r.first+i)%len(r.ring)] }

// push appends a record; there must be room.
func (r *recent) push(x *record) {
	x.account = r.hold(thing{itemAccount, x.who})
	x.items = make([]uint32, len(x.things))
	for i, t := range x.things {
		x.items[i] = r.hold(t)
		if n := &r.rows[x.items[i]]; n.label == "" && (t.kind == ItemText || t.kind == ItemRepost && x.repost) {
			n.label = x.label
		}
	}
	x.things, x.label, x.who = nil, "", ""
	if r.n == len(r.ring) {
		grown := make([]*record, min(max(1024, 2*len(r.ring)), r.limit))
		for i := range r.n {
			grown[i] = r.at(i)
		}
		r.ring, r.first = grown, 0
	}
	r.ring[(r.first+r.n)%len(r.ring)] = x
	r.n++
}

// pop drops the oldest record.
func (r *recent) pop() {
	x := r.ring[r.first]
	r.ring[r.first] = nil
	r.first = (r.first + 1) % len(r.ring)
	r.n--
	r.drop(x.account)
	for _, id := range x.items {
		r.drop(id)
	}
}

// since returns the index of the first record at or after a time.
func (r *recent) since(at int64) int {
	lo, hi := 0, r.n
	for lo < hi {
		if mid := (lo + hi) / 2; r.at(mid).at < at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// joiners remembers when accounts were first seen. It forgets: who did not come
// while half its limit others did may go.
type joiners struct {
	young, old map[uint64]int64
	half       int
	turns      uint64
}

func newJoiners(limit int) joiners {
	return joiners{young: make(map[uint64]int64), half: max(1, limit/2)}
}

// seen returns when the account was first seen, which is now if never before.
func (j *joiners) seen(account string, now int64) int64 {
	var buf [128]byte
	sum := sha256.Sum256(append(buf[:0], account...))
	k := binary.BigEndian.Uint64(sum[:])
	at, ok := j.young[k]
	if ok {
		return at
	}
	if at, ok = j.old[k]; !ok {
		at = now
	}
	if len(j.young) >= j.half {
		if len(j.old) > 0 {
			j.turns++
		}
		j.old, j.young = j.young, make(map[uint64]int64)
	}
	j.young[k] = at
	return at
}

func (j *joiners) len() int { return len(j.young) + len(j.old) }
