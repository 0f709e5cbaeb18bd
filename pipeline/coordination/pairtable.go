package coordination

// pair is what two accounts have earned together in one domain. It holds no
// pointers and fills half a cache line, since most pairs meet once and there
// are very many.
type pair struct {
	a, b uint32 // the smaller number first
	// stampA and stampB tell whether a row of the accounts was given to
	// somebody else since.
	stampA, stampB uint16
	domain         domain
	n              uint16  // objects they met on; 0 marks an empty slot
	expected       float32 // how many chance would give
	edge           uint32  // number + 1 once they are one
	post           uint32  // the post of the latest meeting, as far as 32 bits tell
	last           uint32  // its time in seconds since 1970
}

// pairKey is two accounts, the smaller number first, in one domain.
type pairKey struct {
	a, b   uint32
	domain domain
}

func (p *pair) key() pairKey { return pairKey{p.a, p.b, p.domain} }

// ways is how many places a pair may have. If all are taken, the pair without
// an edge that met least recently gives way.
const ways = 4

// pairTable holds pairs in buckets. It doubles while it may, and then forgets.
type pairTable struct {
	slots     paged[pair] // bucket by bucket
	buckets   uint32      // a power of two
	limit     uint32      // of buckets
	n         int
	fetched   uint32 // makes fetch do something
	forgotten uint64
	refused   uint64
}

func newPairTable(limit int) pairTable {
	t := pairTable{limit: 1}
	for int(t.limit)*2*ways <= limit {
		t.limit *= 2
	}
	t.size(min(t.limit, 1<<10))
	return t
}

func (t *pairTable) size(buckets uint32) {
	t.buckets = buckets
	t.slots = paged[pair]{}
	for t.slots.n < buckets*ways {
		t.slots.add()
	}
}

func (t *pairTable) bucket(k pairKey) uint32 {
	x := (uint64(k.a)<<32 | uint64(k.b)) + uint64(k.domain)*0x9e3779b97f4a7c15
	// The finaliser of SplitMix64.
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return uint32(x^x>>31) & (t.buckets - 1) * ways
}

// fetch looks at a pair's bucket. Where several pairs are wanted, the memory is
// faster when asked for all of them before the first is used.
func (t *pairTable) fetch(k pairKey) { t.fetched += t.slots.get(t.bucket(k)).a }

// get returns the pair's slot to change; if it is new, n is 0. It returns nil
// if there is no place for it. The slot is good until the next call.
func (t *pairTable) get(k pairKey) *pair {
	base := t.bucket(k)
	oldest, empty := -1, -1
	var when uint32
	for i := range ways {
		p := t.slots.get(base + uint32(i))
		switch {
		case p.n == 0:
			empty = i
		case p.key() == k:
			return t.slots.mut(base + uint32(i))
		case p.edge == 0 && (oldest < 0 || p.last < when):
			oldest, when = i, p.last
		}
	}
	at := empty
	if at < 0 {
		if t.buckets < t.limit {
			t.grow()
			return t.get(k)
		}
		if oldest < 0 {
			t.refused++
			return nil
		}
		at = oldest
		t.forgotten++
		t.n--
	}
	p := t.slots.mut(base + uint32(at))
	*p = pair{a: k.a, b: k.b, domain: k.domain}
	t.n++
	return p
}

// grow doubles the table. A bucket splits in two, so that nothing is lost.
func (t *pairTable) grow() {
	old := t.slots
	t.size(2 * t.buckets)
	for i := range old.n {
		p := old.get(i)
		if p.n == 0 {
			continue
		}
		base := t.bucket(p.key())
		for j := range uint32(ways) {
			if t.slots.get(base+j).n == 0 {
				*t.slots.mut(base + j) = *p
				break
			}
		}
	}
}

func (t *pairTable) fork() pairTable {
	f := *t
	f.slots = t.slots.fork()
	return f
}
