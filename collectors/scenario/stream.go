package scenario

// stream plans all posts in order of delivery. It is one run through the
// story; a Scenario can have many at once.
type stream struct {
	s      *Scenario
	talk   *talk
	pools  [len(platforms)]*pool
	latest [len(platforms)]*event // last post of each platform's protected account
	// ahead is the next organic event, cue the next planted one.
	ahead *event
	cue   int
	clock int64
	queue queue
}

func newStream(s *Scenario) *stream {
	g := &stream{s: s, talk: newTalk(s)}
	for i := range g.pools {
		g.pools[i] = newPool()
	}
	g.ahead = g.talk.next(&g.pools, &g.latest)
	return g
}

// next returns the next event in order of delivery, nil at the end. Delivery
// is later than posting by less than a minute, hence so is any disorder.
func (g *stream) next() *event {
	for {
		if len(g.queue) > 0 && g.queue[0].obs <= g.clock {
			return g.queue.pop()
		}
		e := g.plan()
		if e == nil {
			if len(g.queue) == 0 {
				return nil
			}
			return g.queue.pop()
		}
		g.clock = e.at
		g.queue.push(e)
	}
}

// plan returns the next event in order of posting.
func (g *stream) plan() *event {
	cues := g.s.cues
	if g.cue < len(cues) && (g.ahead == nil || cues[g.cue].at <= g.ahead.at) {
		e := cues[g.cue]
		g.cue++
		if b, i := e.who.block(); b == blockProtected {
			g.latest[i%len(platforms)] = e
			g.pools[e.plat].add(e)
		}
		return e
	}
	e := g.ahead
	if e == nil {
		return nil
	}
	if e.kind == isReply && e.ref.ref != nil || e.kind == isQuote && e.ref.ref != nil {
		// Cut the chain: nobody needs what the answered post itself answered.
		cut := *e.ref
		cut.ref = nil
		e.ref = &cut
	}
	if e.kind != isRepost {
		g.pools[e.plat].add(e)
	}
	g.ahead = g.talk.next(&g.pools, &g.latest)
	return e
}

// queue is a heap of events by time of delivery.
type queue []*event

func earlier(a, b *event) bool { return a.obs < b.obs || a.obs == b.obs && a.seq < b.seq }

func (q *queue) push(e *event) {
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

func (q *queue) pop() *event {
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
