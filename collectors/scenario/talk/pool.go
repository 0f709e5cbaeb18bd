package talk

import (
	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/dice"
)

// pool keeps the recent posts of one platform that may still be reposted,
// answered or quoted: a ring of all, and one of the most attractive, which
// reaches further back. Both are bounded.
type pool struct {
	all, hits ring
}

const (
	poolSize = 1 << 15
	hitsSize = 1 << 13
	// hitFit is the fitness that one post in about 64 reaches (see dice.Curves.Fit).
	hitFit = 440
)

func newPool() *pool { return &pool{all: newRing(poolSize), hits: newRing(hitsSize)} }

func (p *pool) add(e *Event) {
	p.all.add(e)
	if e.Fit >= hitFit && e.Kind != Reply {
		p.hits.add(e)
	}
}

// pick returns a post from about at, preferring attractive ones and those in
// lang, by somebody else than who; nil if there is none. Replies are only
// picked for replies.
func (p *pool) pick(d *dice.Dice, at int64, lang uint8, who cast.Number, forReply bool) *Event {
	r := &p.all
	if d.Chance(350) && p.hits.len() > 8 || !r.reaches(at) {
		r = &p.hits
	}
	if r.len() == 0 {
		r = &p.all
	}
	i := r.search(at)
	var best *Event
	bestScore := 0
	for range 5 {
		e := r.back(i, uint64(d.N(12)))
		if e == nil || e.Who == who || e.Kind == Reply && !forReply {
			continue
		}
		score := int(e.Fit)
		if e.Lang == lang {
			score *= 6
		}
		if score > bestScore {
			best, bestScore = e, score
		}
	}
	return best
}

// ring holds the newest events in order of time.
type ring struct {
	at   []int64
	ev   []*Event
	next uint64 // how many were ever added
}

func newRing(size int) ring { return ring{at: make([]int64, size), ev: make([]*Event, size)} }

func (r *ring) add(e *Event) {
	i := r.next & uint64(len(r.at)-1)
	r.at[i], r.ev[i] = e.At, e
	r.next++
}

func (r *ring) len() int { return int(min(r.next, uint64(len(r.at)))) }

// reaches says whether the ring still goes back to at.
func (r *ring) reaches(at int64) bool {
	return r.next <= uint64(len(r.at)) || r.at[r.next&uint64(len(r.at)-1)] <= at
}

// search returns the counter of the newest event not after at, or of the
// oldest.
func (r *ring) search(at int64) uint64 {
	lo, hi := r.next-uint64(r.len()), r.next
	mask := uint64(len(r.at) - 1)
	first := lo
	for lo < hi {
		mid := lo + (hi-lo)/2
		if r.at[mid&mask] <= at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return max(lo, first+1) - 1
}

// back returns the event n before counter i, or nil beyond the oldest.
func (r *ring) back(i, n uint64) *Event {
	oldest := r.next - uint64(r.len())
	if r.len() == 0 || i < oldest+n {
		return nil
	}
	return r.ev[(i-n)&uint64(len(r.at)-1)]
}
