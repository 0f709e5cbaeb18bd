package jetstream

import (
	"sync"
	"time"

	"winnow/collectors"
	"winnow/collectors/bluesky/socket"
	"winnow/pipeline/post"
)

// hosts chooses which host to ask. It is safe for concurrent use.
type hosts struct {
	list []socket.Host
	wire string
	away time.Duration

	mu    sync.Mutex
	state []hostState
	// agreed is when the last host that turned out blind was last known to see
	// everything, zero if none did.
	agreed time.Time
}

// hostState is what became of a host.
type hostState struct {
	legacy  bool // it does not speak the new wire
	leave   time.Time
	refused bool  // it refused us for good, and was not reached since
	seq     int64 // a number that means nothing to it any more
}

func newHosts(names []string, wire string, away time.Duration) (*hosts, error) {
	h := &hosts{wire: wire, away: away, state: make([]hostState, len(names))}
	for _, name := range names {
		host, err := socket.ParseHost(name)
		if err != nil {
			return nil, err
		}
		h.list = append(h.list, host)
	}
	return h, nil
}

// choose returns the first host that is not left alone, or else the one that
// was left alone first.
func (h *hosts) choose(now time.Time) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	best := 0
	for i := range h.state {
		if !h.state[i].leave.After(now) {
			return i
		}
		if h.state[i].leave.Before(h.state[best].leave) {
			best = i
		}
	}
	return best
}

// other returns a host that is not left alone beside i; false if there is none.
func (h *hosts) other(i int, now time.Time) (int, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for n := 1; n < len(h.list); n++ {
		if k := (i + n) % len(h.list); !h.state[k].leave.After(now) && h.list[k] != h.list[i] {
			return k, true
		}
	}
	return 0, false
}

// legacy reports whether the old wire is the one to speak with host i.
func (h *hosts) legacy(i int) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.wire == WireLegacy || h.state[i].legacy
}

// opened notes that host i was reached, by the old wire or not.
func (h *hosts) opened(i int, legacy bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state[i].legacy, h.state[i].refused = legacy && h.wire == WireAuto, false
}

// renumbered notes that a sequence number means nothing to host i any more.
func (h *hosts) renumbered(i int, seq int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state[i].seq = seq
}

// start says where to begin on host i, having been at p if that is known. If
// the last host was blind, that is where it was last known not to be, and
// repair is true.
func (h *hosts) start(i int, p position, ok bool) (st start, repair bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.agreed.IsZero() && (!ok || h.agreed.Before(p.time())) {
		return byTime(h.agreed), true
	}
	if !ok {
		return start{}, false
	}
	if p.Host == h.list[i].Name() && p.Seq == h.state[i].seq {
		p.Seq = 0
	}
	return startAt(p, h.list[i]), false
}

// seen notes that what a blind host did not send has come from another one.
func (h *hosts) seen() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.agreed = time.Time{}
}

// blind notes that host i is, and when it was last known not to be.
func (h *hosts) blind(agreed time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.agreed.IsZero() || agreed.Before(h.agreed) {
		h.agreed = agreed
	}
}

// failed notes why a connection to host i ended, and whether it had stood for
// a while. It returns the fault as it is to be told: that one of several hosts
// refuses us is no reason to stop.
func (h *hosts) failed(i int, f *collectors.Fault, steady bool, now time.Time) *collectors.Fault {
	h.mu.Lock()
	defer h.mu.Unlock()
	st := &h.state[i]
	if !steady || f.Cause != post.Network {
		// A connection that broke after a while is taken up again where it was,
		// on the same host. All else is the host's.
		st.leave = now.Add(h.away)
		if f.Until.After(st.leave) {
			st.leave = f.Until
		}
	}
	st.refused = f.Final()
	all := true
	for k := range h.state {
		all = all && h.state[k].refused
	}
	waits := false // some other host need not be waited for
	for k := range h.state {
		waits = waits || k != i && !h.state[k].leave.After(now)
	}
	told := *f
	switch {
	case f.Final() && !all:
		told.Cause = post.Unavailable
	case f.Cause == post.RateLimited && waits:
		told.Cause, told.Until = post.Unavailable, time.Time{}
	}
	return &told
}

// forgetWire lets the new wire be tried again on host i.
func (h *hosts) forgetWire(i int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state[i].legacy = false
}
