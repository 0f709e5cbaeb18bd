package coordination

// row is what a table keeps for one key.
type row[K comparable, V any] struct {
	key K
	// chain is the latest journal entry about this row, 0 if none.
	chain uint64
	// touched is the post that used the row last.
	touched uint64
	// tag is a hash of the key.
	tag uint32
	// stamp tells the present owner of the row from earlier ones.
	stamp uint32
	// pins counts the evidence that rests on this row and keeps it.
	pins uint32
	v    V
}

// table gives keys small numbers, and reuses the rows of those that neither
// the journal nor any evidence knows any more.
type table[K comparable, V any] struct {
	ids    index
	rows   paged[row[K, V]]
	hash   func(K) uint32
	limit  uint32
	hand   uint32
	reused uint64
}

func newTable[K comparable, V any](limit int, hash func(K) uint32) table[K, V] {
	return table[K, V]{hash: hash, limit: uint32(limit)}
}

// find returns the number of k, if it has one, and its tag.
func (t *table[K, V]) find(k K) (id, tag uint32, ok bool) {
	tag = t.hash(k)
	if id, ok = t.among(t.ids.slots, k, tag); !ok {
		id, ok = t.among(t.ids.base, k, tag)
	}
	return id, tag, ok
}

// among looks through one layer of slots.
func (t *table[K, V]) among(slots []uint64, k K, tag uint32) (id uint32, ok bool) {
	if len(slots) == 0 {
		return 0, false
	}
	mask := uint32(len(slots) - 1)
	for i := tag & mask; ; i = (i + 1) & mask {
		s := slots[i]
		if s == 0 {
			return 0, false
		}
		if uint32(s>>32) == tag {
			// A row may have got another key since, so it has the last word.
			if id := uint32(s) - 1; t.rows.get(id).key == k {
				return id, true
			}
		}
	}
}

// add gives k, which must be new, a row. tag is what find returned, post the
// present post, tail the oldest journal entry that lives.
func (t *table[K, V]) add(k K, tag uint32, post, tail uint64) uint32 {
	id := t.rows.n
	if id < t.limit {
		t.rows.add()
	} else {
		id = t.reuse(post, tail)
	}
	r := t.rows.mut(id)
	*r = row[K, V]{key: k, tag: tag, touched: post, stamp: r.stamp + 1}
	t.ids.add(r.tag, id, func(id uint32) uint32 { return t.rows.get(id).tag })
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
		t.reused++
		return id
	}
}

func (t *table[K, V]) fork() table[K, V] {
	f := *t
	f.ids, f.rows = t.ids.fork(), t.rows.fork()
	return f
}

// index finds numbers by the hash of a key: open addressing, a tag and a number
// to a slot. Slots whose row has another key by now are swept out as it grows. A
// fork adds to slots of its own.
type index struct {
	slots, base []uint64 // tag in the upper half, number + 1 in the lower; 0: empty
	n           int
}

const leastIndex = 64

func (x *index) fork() index { return index{base: x.slots} }

// add enters a number under its tag. now returns the tag that a number has now.
func (x *index) add(tag, id uint32, now func(id uint32) uint32) {
	if 4*(x.n+1) > 3*len(x.slots) {
		old, live := x.slots, 0
		for _, s := range old {
			if s != 0 && now(uint32(s)-1) == uint32(s>>32) {
				live++
			}
		}
		size := max(leastIndex, len(old))
		for 2*(live+1) > size {
			size *= 2
		}
		x.slots, x.n = make([]uint64, size), 0
		for _, s := range old {
			if s != 0 && now(uint32(s)-1) == uint32(s>>32) {
				x.put(s)
			}
		}
	}
	x.put(uint64(tag)<<32 | uint64(id+1))
}

func (x *index) put(slot uint64) {
	mask := uint32(len(x.slots) - 1)
	i := uint32(slot>>32) & mask
	for x.slots[i] != 0 {
		i = (i + 1) & mask
	}
	x.slots[i] = slot
	x.n++
}
