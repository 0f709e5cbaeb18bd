package coordination

import (
	"hash/maphash"
	"slices"
)

// row is what a table keeps for one key. It holds no pointers, and that of an
// account fills a cache line, since there are very many.
type row[V any] struct {
	name name
	// pins counts the evidence that rests on this row and keeps it.
	pins uint32
	// chain is the latest journal entry about this row, 0 if none.
	chain int48
	// stamp tells the present owner of the row from earlier ones.
	stamp uint16
	v     V
}

// latest is the latest journal entry about the row.
func (r *row[V]) latest() uint64 { return uint64(r.chain.get()) }

// table gives keys small numbers, and reuses the rows of those that neither
// the journal nor any evidence knows any more.
type table[V any] struct {
	ids    index
	rows   paged[row[V]]
	names  nameStore
	busy   []uint32 // rows that the post under way uses
	seed   maphash.Seed
	limit  uint32
	hand   uint32
	reused uint64
}

// newTable: nobody can know which keys fall together. What is found does not
// depend on it.
func newTable[V any](limit int) table[V] {
	return table[V]{limit: uint32(limit), seed: maphash.MakeSeed()}
}

// begin says that a new post is under way.
func (t *table[V]) begin() { t.busy = t.busy[:0] }

// key returns the key that has a number.
func (t *table[V]) key(id uint32) string { return t.names.get(t.rows.get(id).name) }

// find returns the number of a key, if it has one, and its tag.
func (t *table[V]) find(key string) (id, tag uint32, ok bool) {
	tag = uint32(maphash.String(t.seed, key))
	// A row may have got another key since, so it has the last word.
	is := func(id uint32) bool { return string(t.names.bytes(t.rows.get(id).name)) == key }
	if id, ok = t.ids.own.find(tag, is); !ok {
		id, ok = t.ids.base.find(tag, is)
	}
	if ok {
		t.busy = append(t.busy, id)
	}
	return id, tag, ok
}

// add gives a key, which must be new, a row. tag is what find returned, tail the
// oldest journal entry that lives.
func (t *table[V]) add(key string, tag uint32, tail uint64) uint32 {
	id := t.rows.n
	if id < t.limit {
		t.rows.add()
	} else {
		id = t.reuse(tail)
		old := t.rows.get(id).name
		t.ids.own.remove(uint32(maphash.Bytes(t.seed, t.names.bytes(old))), id)
		t.names.drop(old)
	}
	r := t.rows.mut(id)
	*r = row[V]{name: t.names.add(key), stamp: r.stamp + 1}
	t.ids.own.add(tag, id)
	t.busy = append(t.busy, id)
	if t.names.wasteful() {
		t.tidyNames()
	}
	return id
}

// tidyNames lets go of the names that were dropped.
func (t *table[V]) tidyNames() {
	var tidy nameStore
	for id := range t.rows.n {
		r := t.rows.mut(id)
		r.name = tidy.take(&t.names, r.name)
	}
	t.names = tidy
}

// reuse finds a row that can go. The limits see to it that half of the rows
// can, so that it takes two steps on average; see Config.withDefaults.
func (t *table[V]) reuse(tail uint64) uint32 {
	for {
		id := t.hand
		if t.hand++; t.hand == t.limit {
			t.hand = 0
		}
		r := t.rows.get(id)
		if r.pins > 0 || r.latest() >= tail || slices.Contains(t.busy, id) {
			continue
		}
		t.reused++
		return id
	}
}

func (t *table[V]) fork() table[V] {
	f := *t
	f.ids, f.rows, f.names, f.busy = index{base: t.ids.own}, t.rows.fork(), t.names.fork(), nil
	return f
}

// index finds the numbers of keys. A fork adds to slots of its own; its base may
// still tell of rows that have another key by now.
type index struct{ own, base slots }

// slots find numbers by the hash of a key: open addressing, a tag and a number
// to a slot. Their order is that of the tags, so that growing is one walk through
// memory.
type slots struct {
	at []uint64 // tag in the upper half, number + 1 in the lower; 0: empty
	n  int
}

const leastIndex = 64

// home is where the search for a tag begins.
func (x *slots) home(tag uint32) int { return int(uint64(tag) * uint64(len(x.at)) >> 32) }

func (x *slots) next(i int) int {
	if i++; i == len(x.at) {
		return 0
	}
	return i
}

// find returns the number with the tag that is the right one.
func (x *slots) find(tag uint32, is func(id uint32) bool) (id uint32, ok bool) {
	if x.n == 0 {
		return 0, false
	}
	for i := x.home(tag); x.at[i] != 0; i = x.next(i) {
		if s := x.at[i]; uint32(s>>32) == tag && is(uint32(s)-1) {
			return uint32(s) - 1, true
		}
	}
	return 0, false
}

// add enters a number under its tag.
func (x *slots) add(tag, id uint32) {
	if 4*(x.n+1) > 3*len(x.at) {
		old := x.at
		x.at = make([]uint64, max(leastIndex, len(old)+len(old)/2))
		for _, s := range old {
			if s != 0 {
				x.put(s)
			}
		}
	}
	x.put(uint64(tag)<<32 | uint64(id+1))
	x.n++
}

func (x *slots) put(slot uint64) {
	i := x.home(uint32(slot >> 32))
	for x.at[i] != 0 {
		i = x.next(i)
	}
	x.at[i] = slot
}

// remove takes a number out, if it is there, and closes the gap.
func (x *slots) remove(tag, id uint32) {
	if x.n == 0 {
		return
	}
	gap := x.home(tag)
	for x.at[gap] != uint64(tag)<<32|uint64(id+1) {
		if x.at[gap] == 0 {
			return
		}
		gap = x.next(gap)
	}
	x.n--
	for i := x.next(gap); x.at[i] != 0; i = x.next(i) {
		// What is found by way of the gap moves into it.
		way := i - x.home(uint32(x.at[i]>>32))
		room := i - gap
		if way < 0 {
			way += len(x.at)
		}
		if room < 0 {
			room += len(x.at)
		}
		if way >= room {
			x.at[gap] = x.at[i]
			gap = i
		}
	}
	x.at[gap] = 0
}
