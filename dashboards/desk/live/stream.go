package live

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// The defaults of [Options], and how long one connection lasts: a browser connects
// again by itself, and is asked again then who it is.
const (
	defaultEvery = 5 * time.Second
	defaultMost  = 64
	lifetime     = 10 * time.Minute
)

// How often a page is told to ask again, in looks at the state: while posts come in,
// and when none do, since "3 minutes ago" grows old as well.
const (
	refresh = 3
	atLeast = 12
)

// retry is how soon a browser connects again, in milliseconds.
const retry = 4000

// State is what an open page is told.
type State struct {
	// Words tell whoever asks how the process was doing then, Fine is false when a person
	// should look.
	Words func(r *http.Request) string
	Fine  bool
	// LastPost is the time of the newest post; zero if there was none.
	LastPost time.Time
}

// Options says what is told, and how often. Zero values mean sensible ones.
type Options struct {
	// State is asked at most once in Every (5 s), however many pages are open. It is
	// needed.
	State func() State
	Every time.Duration
	// Most is how many pages are served at a time.
	Most int
	// Ended is closed when connections are to end; nil means never.
	Ended <-chan struct{}
}

// Streams serves events to open pages:
//
//	event: state     {"words": "Last post 4 seconds ago", "fine": true}
//	event: refresh   {}
//
// State comes when it changes, refresh when a page is worth asking for again. A
// page too many is answered 503, and its numbers stand still.
type Streams struct {
	o    Options
	free chan struct{}

	mu     sync.Mutex
	state  State
	looked time.Time
}

// New makes the streams.
func New(o Options) *Streams {
	if o.Every <= 0 {
		o.Every = defaultEvery
	}
	if o.Most <= 0 {
		o.Most = defaultMost
	}
	return &Streams{o: o, free: make(chan struct{}, o.Most)}
}

// look returns the state, as fresh as Every.
func (s *Streams) look() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := time.Now(); s.looked.IsZero() || now.Sub(s.looked) >= s.o.Every {
		s.state, s.looked = s.o.State(), now
	}
	return s.state
}

// ServeHTTP tells one page until it is closed.
func (s *Streams) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case s.free <- struct{}{}:
		defer func() { <-s.free }()
	default:
		w.Header().Set("Retry-After", "60")
		http.Error(w, "Too many pages are open at a time. This one does not move by itself: load it again.", http.StatusServiceUnavailable)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	// Proxies that gather an answer before they pass it on would gather for ever.
	h.Set("X-Accel-Buffering", "no")
	if r.Method == http.MethodHead {
		return
	}
	out := &writer{w: w, control: http.NewResponseController(w), patience: 6 * s.o.Every}
	out.write("retry: %d\n\n", retry)

	end := time.NewTimer(lifetime)
	defer end.Stop()
	tick := time.NewTicker(s.o.Every)
	defer tick.Stop()
	state, looks := s.look(), 0
	newest, told := state.LastPost, state.message(r)
	out.event("state", told)
	for out.err == nil {
		select {
		case <-r.Context().Done():
			return
		case <-s.o.Ended:
			return
		case <-end.C:
			return
		case <-tick.C:
		}
		state = s.look()
		looks++
		if now := state.message(r); now != told {
			told = now
			out.event("state", told)
		}
		if looks >= atLeast || looks >= refresh && !state.LastPost.Equal(newest) {
			out.event("refresh", struct{}{})
			looks, newest = 0, state.LastPost
		}
		// A comment shows both ends that the other is still there.
		out.write(":\n\n")
	}
}

// message is the state as it is sent.
type message struct {
	Words string `json:"words"`
	Fine  bool   `json:"fine"`
}

func (s State) message(r *http.Request) message {
	m := message{Fine: s.Fine}
	if s.Words != nil {
		m.Words = s.Words(r)
	}
	return m
}

// writer sends pieces of an answer at once; err keeps the first failure.
type writer struct {
	w        http.ResponseWriter
	control  *http.ResponseController
	patience time.Duration
	err      error
}

func (o *writer) event(name string, data any) {
	text, err := json.Marshal(data)
	if err != nil {
		o.err = err
		return
	}
	o.write("event: %s\ndata: %s\n\n", name, text)
}

func (o *writer) write(format string, values ...any) {
	if o.err != nil {
		return
	}
	// The server's own limit is for pages, which end.
	_ = o.control.SetWriteDeadline(time.Now().Add(o.patience))
	if _, o.err = fmt.Fprintf(o.w, format, values...); o.err == nil {
		o.err = o.control.Flush()
	}
}
