package talk

import (
	"winnow/collectors/scenario/cast"
)

// Stream plans all posts in order of delivery. It is one run through the
// story; a Scenario can have many at once.
type Stream struct {
	cues    []*Event // planted, in order of time
	organic *organic
	pools   [len(cast.Platforms)]*pool
	latest  [len(cast.Platforms)]*Event // last post of each platform's protected account
	// ahead is the next organic event, cue the next planted one.
	ahead *Event
	cue   int
	clock int64
	queue queue
}

// NewStream starts the story; cues are the planted events in order of time.
func NewStream(s *Setting, cues []*Event) *Stream {
	g := &Stream{cues: cues, organic: newOrganic(s)}
	for i := range g.pools {
		g.pools[i] = newPool()
	}
	g.ahead = g.organic.next(&g.pools, &g.latest)
	return g
}

// Next returns the next event in order of delivery, nil at the end. Delivery
// is later than posting by less than a minute, hence so is any disorder.
func (g *Stream) Next() *Event {
	for {
		if len(g.queue) > 0 && g.queue[0].Obs <= g.clock {
			return g.queue.pop()
		}
		e := g.plan()
		if e == nil {
			if len(g.queue) == 0 {
				return nil
			}
			return g.queue.pop()
		}
		g.clock = e.At
		g.queue.push(e)
	}
}

// plan returns the next event in order of posting.
func (g *Stream) plan() *Event {
	if g.cue < len(g.cues) && (g.ahead == nil || g.cues[g.cue].At <= g.ahead.At) {
		e := g.cues[g.cue]
		g.cue++
		if b, i := e.Who.Block(); b == cast.Protected {
			g.latest[i%len(cast.Platforms)] = e
			g.pools[e.Plat].add(e)
		}
		return e
	}
	e := g.ahead
	if e == nil {
		return nil
	}
	if e.Kind == Reply && e.Ref.Ref != nil || e.Kind == Quote && e.Ref.Ref != nil {
		// Cut the chain: nobody needs what the answered post itself answered.
		cut := *e.Ref
		cut.Ref = nil
		e.Ref = &cut
	}
	if e.Kind != Repost {
		g.pools[e.Plat].add(e)
	}
	g.ahead = g.organic.next(&g.pools, &g.latest)
	return e
}

// queue is a heap of events by time of delivery.
type queue []*Event

func earlier(a, b *Event) bool { return a.Obs < b.Obs || a.Obs == b.Obs && a.Seq < b.Seq }

func (q *queue) push(e *Event) {
	h := append(*q, e)
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !earlier(e, h[up]) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = e
	*q = h
}

func (q *queue) pop() *Event {
	h := *q
	top := h[0]
	last := h[len(h)-1]
	h[len(h)-1] = nil
	h = h[:len(h)-1]
	*q = h
	if len(h) == 0 {
		return top
	}
	i := 0
	for {
		down := 2*i + 1
		if down >= len(h) {
			break
		}
		if down+1 < len(h) && earlier(h[down+1], h[down]) {
			down++
		}
		if !earlier(h[down], last) {
			break
		}
		h[i] = h[down]
		i = down
	}
	h[i] = last
	return top
}
