package neardup

import "slices"

// postings is the inverted index: which clusters have a feature. It is a table
// of buckets that are a cache line each, as in a set-associative cache, so that
// a look-up costs one access to memory and no list gets long.
type postings struct {
	buckets   paged[bucket] // a power of two
	displaced uint64
}

const (
	bucketSize = 8
	// features is how many of its pairs a cluster is entered under.
	features = 8
	// leastBuckets is what an index starts with.
	leastBuckets = 64
)

type bucket [bucketSize]slot

// slot is one cluster under one feature.
type slot struct{ feature, cluster uint32 } // cluster + 1; 0 if free

func (p *postings) at(feature uint32) uint32 { return feature & (p.buckets.n - 1) }

// fit makes room for n clusters: buckets are half full on average.
func (p *postings) fit(n uint32) {
	want := max(p.buckets.n, leastBuckets)
	for want*bucketSize < 2*n*features {
		want *= 2
	}
	if want == p.buckets.n {
		return
	}
	old := p.buckets
	p.buckets = paged[bucket]{}
	p.buckets.grow(want)
	for i := range old.n {
		for _, s := range old.get(i) {
			if s.cluster == 0 {
				continue
			}
			b := p.buckets.mut(p.at(s.feature))
			b[slices.Index(b[:], slot{})] = s
		}
	}
}

// put enters a cluster under a feature. In a full bucket the cluster goes that
// was used least lately.
func (p *postings) put(feature, cluster uint32, used func(uint32) uint64) {
	at := p.at(feature)
	b := p.buckets.get(at)
	i := slices.Index(b[:], slot{})
	if i < 0 {
		i = 0
		p.displaced++
		for j := range b {
			if used(b[j].cluster-1) < used(b[i].cluster-1) {
				i = j
			}
		}
	}
	p.buckets.mut(at)[i] = slot{feature, cluster + 1}
}

// remove takes a cluster out of a feature's bucket.
func (p *postings) remove(feature, cluster uint32) {
	at := p.at(feature)
	for i, s := range p.buckets.get(at) {
		if s == (slot{feature, cluster + 1}) {
			p.buckets.mut(at)[i] = slot{}
		}
	}
}

// known remembers for texts which cluster they went to. It forgets what comes
// into the way of another text.
type known struct {
	entries paged[entry]
}

type entry struct {
	sum            uint64
	cluster, stamp uint32
}

func (k *known) at(sum uint64) uint32 { return uint32(sum) & (k.entries.n - 1) }

func (k *known) get(sum uint64) (cluster, stamp uint32, ok bool) {
	if k.entries.n == 0 {
		return 0, 0, false
	}
	e := k.entries.get(k.at(sum))
	return e.cluster, e.stamp, e.sum == sum && e.stamp != 0
}

func (k *known) set(sum uint64, cluster, stamp uint32) {
	*k.entries.mut(k.at(sum)) = entry{sum, cluster, stamp}
}

// fit makes the table n entries long, a power of two.
func (k *known) fit(n uint32) {
	if n == k.entries.n {
		return
	}
	old := k.entries
	k.entries = paged[entry]{}
	k.entries.grow(n)
	for i := range old.n {
		if e := old.get(i); e.stamp != 0 {
			*k.entries.mut(k.at(e.sum)) = *e
		}
	}
}
