package coordination

// entry is one action as the journal keeps it. Only an account's first action
// on an object is kept: what comes again adds no surprise.
type entry struct {
	at    int64 // Unix milliseconds
	since int64 // when the account first acted on the object, as far as is known
	// prevAccount and prevObject are the entries before it by the same account
	// and on the same object.
	prevAccount, prevObject uint64
	post                    string // post key: platform, "/", post id
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

func (j *journal) push(e entry) uint64 {
	j.head++
	at := uint32((j.head - 1) % j.limit)
	if at == j.ring.n {
		j.ring.add()
	}
	*j.ring.mut(at) = e
	return j.head
}

// acted returns an account's latest entry about the object among its last
// maxRecall, the latest of which is from; nil if there is none.
func (j *journal) acted(from uint64, object uint32) *entry {
	for range maxRecall {
		e := j.entry(from)
		if e == nil || e.object == object {
			return e
		}
		from = e.prevAccount
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
		from = e.prevObject
	}
	return buf
}

func (j *journal) fork() journal {
	f := *j
	f.ring = j.ring.fork()
	return f
}

// rolling counts events over the last while, up to one bucket, without keeping
// them: the bucket before fades as the present one passes.
type rolling struct {
	bucket    int64
	cur, prev uint32
}

func (r *rolling) advance(at, width int64) {
	switch b := at / width; {
	case b == r.bucket:
	case b == r.bucket+1:
		r.bucket, r.prev, r.cur = b, r.cur, 0
	default:
		r.bucket, r.prev, r.cur = b, 0, 0
	}
}

// add counts one event.
func (r *rolling) add(at, width int64) {
	r.advance(at, width)
	r.cur++
}

// count estimates the events in (at-width, at].
func (r *rolling) count(at, width int64) float64 {
	switch b := at / width; {
	case b == r.bucket:
		return float64(r.cur) + float64(r.prev)*(1-float64(at-b*width)/float64(width))
	case b == r.bucket+1:
		return float64(r.cur) * (1 - float64(at-b*width)/float64(width))
	default:
		return 0
	}
}
