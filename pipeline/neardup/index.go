package neardup

import (
	"slices"
	"time"
)

// Limits bound what an Index holds. Zero means the default.
type Limits struct {
	// Memory is how long a cluster is known after its last text, 48 hours.
	Memory time.Duration
	// Clusters is how many are known at a time, 131,072. Beyond that, the one
	// that has gone longest without a text is forgotten.
	Clusters int
}

func (l Limits) withDefaults() Limits {
	if l.Memory <= 0 {
		l.Memory = 48 * time.Hour
	}
	if l.Clusters <= 0 {
		l.Clusters = 131_072
	}
	return l
}

// Stats tells what an Index holds and what it did.
type Stats struct {
	Clusters  int    // that are known
	Placed    uint64 // texts placed
	Copies    uint64 // of these, in a cluster that was there
	Repeats   uint64 // of these, of a text just as it was before
	Compared  uint64 // pairs of a text and a founding text that were compared
	Forgotten uint64 // clusters that went after Limits.Memory without a text
	Evicted   uint64 // clusters that went because there were Limits.Clusters
	Displaced uint64 // entries of clusters pushed out of a crowded bucket: a copy may be missed
}

// Index knows the clusters of copies. It is not safe for concurrent use.
type Index struct {
	limit  uint32
	memory int64 // milliseconds

	clusters   paged[cluster]
	live, free uint32 // free heads the list of rows that can be reused, + 1
	first      uint32 // of the list by last use: the latest, + 1
	last       uint32 // the one that goes next, + 1
	turn       uint64 // texts placed
	now        int64

	postings postings
	known    known
	stats    Stats
	scratch  *scratch
}

// cluster is one founding text. Its tokens do not change, and are shared by
// forks.
type cluster struct {
	id      uint64
	tokens  []uint32
	founded uint64 // the turn it was founded in
	turn    uint64 // the turn of its latest text
	used    int64  // when that was
	newer   uint32 // + 1
	older   uint32 // + 1
	stamp   uint32 // tells the row's owner from earlier ones; never 0 in a live one
}

// maxCompared is how many clusters a text is compared with.
const maxCompared = 16

// longText is how many tokens a text must have for one pair in common not to be
// worth a comparison: what it could copy is entered under eight, and of these
// less than two are left in one copy of a hundred that was cut to 60 %.
const longText = 16

// scratch is the memory for placing one text.
type scratch struct {
	matcher  matcher
	features []feature
	hits     []hit
	table    [2048]uint32 // index of a hit + 1, by cluster; more places than hits can be
}

type feature struct {
	hash  uint32
	crowd uint8
}

// hit is a cluster that shares features with a text.
type hit struct {
	cluster, place, shared uint32
	founded                uint64
}

// NewIndex returns an empty index.
func NewIndex(limits Limits) *Index {
	limits = limits.withDefaults()
	return &Index{limit: uint32(limits.Clusters), memory: limits.Memory.Milliseconds()}
}

// Fork returns an index that holds what x holds, and keeps its own changes to
// itself. It costs little. x must not change while the fork is in use.
func (x *Index) Fork() *Index {
	f := *x
	f.clusters = x.clusters.fork()
	f.postings.buckets = x.postings.buckets.fork()
	f.known.entries = x.known.entries.fork()
	f.scratch = nil
	return &f
}

// Stats returns the counts up to now.
func (x *Index) Stats() Stats {
	s := x.stats
	s.Clusters, s.Placed, s.Displaced = int(x.live), x.turn, x.postings.displaced
	return s
}

// Place returns the cluster that a text belongs to: the one whose founding text
// it copies, or else a new one that it founds. copied tells which. Of several
// that it copies, it goes to the one it resembles most, then to the oldest.
//
// The id is half of the SHA-256 of the founding text's words, the same on every
// machine. at is the time of the text in Unix milliseconds and should not be
// less than the one before. s, which may be changed afterwards, is a sketch for
// which Of returned true.
func (x *Index) Place(s *Sketch, at int64) (id uint64, copied bool) {
	x.turn++
	x.now = max(x.now, at)
	x.expire()
	if c, stamp, ok := x.known.get(s.sum); ok {
		if row := x.clusters.get(c); row.stamp == stamp && !x.outdated(row) {
			x.stats.Copies++
			x.stats.Repeats++
			x.touch(c)
			return row.id, true
		}
	}
	if x.scratch == nil {
		x.scratch = new(scratch)
	}
	x.look(s)
	c, copied := x.best(s)
	if copied {
		x.stats.Copies++
		x.touch(c)
	} else {
		c = x.found(s)
	}
	row := x.clusters.get(c)
	x.known.set(s.sum, c, row.stamp)
	return row.id, copied
}

func (x *Index) outdated(c *cluster) bool { return c.used < x.now-x.memory }

// look collects the features of a text and the clusters that share any.
func (x *Index) look(s *Sketch) {
	w := x.scratch
	for _, h := range w.hits {
		w.table[h.place] = 0
	}
	w.features, w.hits = w.features[:0], w.hits[:0]
	for i := 1; i < len(s.tokens); i++ {
		f := feature{hash: pair(s.tokens[i-1], s.tokens[i])}
		if x.postings.buckets.n > 0 {
			b := x.postings.buckets.get(x.postings.at(f.hash))
			for _, e := range b {
				if e.cluster == 0 {
					continue
				}
				f.crowd++
				if e.feature == f.hash {
					x.hit(e.cluster - 1)
				}
			}
		}
		w.features = append(w.features, f)
	}
}

// hit counts a feature that a cluster shares.
func (x *Index) hit(c uint32) {
	w := x.scratch
	at := c * 0x9E3779B1 >> 21
	for w.table[at] != 0 {
		if h := &w.hits[w.table[at]-1]; h.cluster == c {
			h.shared++
			return
		}
		at = (at + 1) % uint32(len(w.table))
	}
	w.hits = append(w.hits, hit{cluster: c, place: at, shared: 1})
	w.table[at] = uint32(len(w.hits))
}

// best returns the cluster among the hits that the text copies.
func (x *Index) best(s *Sketch) (c uint32, ok bool) {
	w := x.scratch
	var top [maxCompared]hit
	n := 0
	least := uint32(1)
	if len(s.tokens) >= longText {
		least = 2
	}
	for _, h := range w.hits {
		if h.shared < least {
			continue
		}
		if n == maxCompared && h.shared < top[n-1].shared {
			continue
		}
		h.founded = x.clusters.get(h.cluster).founded
		i, _ := slices.BinarySearchFunc(top[:n], h, byShared)
		if i == maxCompared {
			continue
		}
		n = min(n+1, maxCompared)
		copy(top[i+1:n], top[i:n-1])
		top[i] = h
	}
	if n == 0 {
		return 0, false
	}
	w.matcher.set(s)
	var most resemblance
	var founded uint64
	for _, h := range top[:n] {
		row := x.clusters.get(h.cluster)
		if x.outdated(row) {
			continue
		}
		x.stats.Compared++
		if row.id == s.sum {
			return h.cluster, true
		}
		r, is := w.matcher.copies(row.tokens)
		if !is || ok && (r.less(most) || !most.less(r) && founded < row.founded) {
			continue
		}
		c, ok, most, founded = h.cluster, true, r, row.founded
	}
	return c, ok
}

// byShared orders hits by what they share, the most first, then by age.
func byShared(a, b hit) int {
	switch {
	case a.shared != b.shared:
		return int(b.shared) - int(a.shared)
	case a.founded < b.founded:
		return -1
	}
	return 1
}

// found makes the text just looked at the founding text of a new cluster.
func (x *Index) found(s *Sketch) uint32 {
	if x.live >= x.limit {
		x.stats.Evicted++
		x.forget(x.last - 1)
	}
	c := x.free - 1
	if x.free == 0 {
		c = x.clusters.n
		x.clusters.grow(c + 1)
		x.postings.fit(c + 1)
		x.known.fit(x.postings.buckets.n)
	} else {
		x.free = x.clusters.get(c).older
	}
	x.live++
	row := x.clusters.mut(c)
	*row = cluster{
		id: s.sum, tokens: slices.Clone(s.tokens), founded: x.turn, turn: x.turn, used: x.now, stamp: row.stamp + 1,
	}
	x.link(c)

	// The rarest pairs find it best, and leave room for others in the
	// buckets of those that every text has.
	f := x.scratch.features
	slices.SortFunc(f, func(a, b feature) int {
		if a.crowd != b.crowd {
			return int(a.crowd) - int(b.crowd)
		}
		return int(int64(a.hash) - int64(b.hash))
	})
	f = slices.CompactFunc(f, func(a, b feature) bool { return a.hash == b.hash })
	for _, f := range f[:min(len(f), features)] {
		x.postings.put(f.hash, c, func(other uint32) uint64 { return x.clusters.get(other).turn })
	}
	return c
}

// expire forgets a few of the clusters whose time is over: those not forgotten
// yet do not count either.
func (x *Index) expire() {
	for range 4 {
		if x.last == 0 || !x.outdated(x.clusters.get(x.last-1)) {
			return
		}
		x.stats.Forgotten++
		x.forget(x.last - 1)
	}
}

// forget removes a cluster.
func (x *Index) forget(c uint32) {
	x.unlink(c)
	row := x.clusters.mut(c)
	for i := 1; i < len(row.tokens); i++ {
		x.postings.remove(pair(row.tokens[i-1], row.tokens[i]), c)
	}
	*row = cluster{stamp: row.stamp + 1, older: x.free}
	x.free = c + 1
	x.live--
}

// touch notes that a cluster got a text.
func (x *Index) touch(c uint32) {
	if x.first != c+1 {
		x.unlink(c)
		x.link(c)
	}
	row := x.clusters.mut(c)
	row.turn, row.used = x.turn, x.now
}

// link puts a cluster at the head of the list by last use.
func (x *Index) link(c uint32) {
	row := x.clusters.mut(c)
	row.newer, row.older = 0, x.first
	if x.first != 0 {
		x.clusters.mut(x.first - 1).newer = c + 1
	} else {
		x.last = c + 1
	}
	x.first = c + 1
}

// unlink takes a cluster out of the list.
func (x *Index) unlink(c uint32) {
	row := x.clusters.get(c)
	newer, older := row.newer, row.older
	if newer != 0 {
		x.clusters.mut(newer - 1).older = older
	} else {
		x.first = older
	}
	if older != 0 {
		x.clusters.mut(older - 1).newer = newer
	} else {
		x.last = newer
	}
}
