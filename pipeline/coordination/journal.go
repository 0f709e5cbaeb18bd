package coordination

// entry is one action as the journal keeps it. Only an account's first action
// on an object is kept: what comes again adds no surprise.
type entry struct {
	at int64 // Unix milliseconds
	// age is for how long the account had acted on the object by then, in
	// milliseconds and as far as is known; at most 49 days.
	age uint32
	// prevAccount and prevObject are how many entries before this one the last by
	// the same account and on the same object are; 0 if there is none.
	prevAccount, prevObject uint32
	post                    name // its key
	account, object         uint32
	link, text, named       uint32 // the post's first link, its text and the first account it names, + 1; 0 if none
	declared                uint8
	kind                    objectKind
	marks                   marks
}

// journal is a ring of the latest actions. Entries are numbered from 1; those
// about one account and those on one object are chained from the latest back,
// by way of the chain of their rows.
type journal struct {
	ring  paged[entry]
	posts nameStore // keys; the oldest go first, and their blocks with them
	limit uint64
	head  uint64 // number of the latest entry
}

// tail is the oldest entry that lives.
func (j *journal) tail() uint64 {
	if j.head <= j.limit {
		return 1
	}
	return j.head - j.limit + 1
}

// entry returns entry n, or nil if it is gone or n is 0.
func (j *journal) entry(n uint64) *entry {
	if n < j.tail() {
		return nil
	}
	return j.ring.get(uint32((n - 1) % j.limit))
}

// post returns the key of an entry's post.
func (j *journal) post(e *entry) string { return j.posts.get(e.post) }

// push enters an action by the post with a key, behind those with the numbers
// given by the same account and on the same object.
func (j *journal) push(e entry, post string, ofAccount, onObject uint64) uint64 {
	j.head++
	at := uint32((j.head - 1) % j.limit)
	if at == j.ring.n {
		j.ring.add()
	} else {
		j.posts.drop(j.ring.get(at).post)
	}
	e.prevAccount, e.prevObject, e.post = j.back(ofAccount), j.back(onObject), j.posts.add(post)
	*j.ring.mut(at) = e
	return j.head
}

// back is how many entries before the latest entry n is, 0 if it is gone.
func (j *journal) back(n uint64) uint32 {
	if n < j.tail() {
		return 0
	}
	return uint32(j.head - n)
}

// before returns the number of an entry before entry n.
func before(n uint64, back uint32) uint64 {
	if back == 0 {
		return 0
	}
	return n - uint64(back)
}

// acted returns an account's latest entry about the object among its last
// maxRecall, the latest of which is from; nil if there is none.
func (j *journal) acted(from uint64, object uint32) *entry {
	for range maxRecall {
		e := j.entry(from)
		if e == nil || e.object == object {
			return e
		}
		from = before(from, e.prevAccount)
	}
	return nil
}

// since returns the latest entries on an object, at most maxPartners, that are
// not before the time given; the latest first.
func (j *journal) since(from uint64, at int64, buf []uint64) []uint64 {
	buf = buf[:0]
	for len(buf) < maxPartners {
		e := j.entry(from)
		if e == nil || e.at < at {
			break
		}
		buf = append(buf, from)
		from = before(from, e.prevObject)
	}
	return buf
}

func (j *journal) fork() journal {
	f := *j
	f.ring, f.posts = j.ring.fork(), j.posts.fork()
	return f
}

// rolling counts events over the last while, up to one bucket, without keeping
// them: the bucket before fades as the present one passes.
type rolling struct {
	bucket    int48
	cur, prev uint32
}

func (r *rolling) advance(at, width int64) {
	switch b := at/width - r.bucket.get(); {
	case b == 0:
		return
	case b == 1:
		r.prev, r.cur = r.cur, 0
	default:
		r.prev, r.cur = 0, 0
	}
	r.bucket.set(at / width)
}

// add counts one event.
func (r *rolling) add(at, width int64) {
	r.advance(at, width)
	r.cur++
}

// count estimates the events in (at-width, at].
func (r *rolling) count(at, width int64) float64 {
	b := at / width
	switch b - r.bucket.get() {
	case 0:
		return float64(r.cur) + float64(r.prev)*(1-float64(at-b*width)/float64(width))
	case 1:
		return float64(r.cur) * (1 - float64(at-b*width)/float64(width))
	default:
		return 0
	}
}
