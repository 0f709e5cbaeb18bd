package blueskytest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"winnow/collectors/collectortest"
)

// Options say what kind of server it is. The zero value speaks both wires,
// compresses when asked, and pings every 100 ms.
type Options struct {
	// Tag is the hashtag, without "#", that published posts carry; "winnow" if
	// empty.
	Tag string
	// Legacy leaves out the new wire; Unnumbered also the numbers on the old
	// one, as old servers do; Modern leaves out the old wire.
	Legacy, Unnumbered, Modern bool
	// NoDictionary leaves out compression.
	NoDictionary bool
	// Segment is how many events a cursor by time goes back to at most, to the
	// start of the segment that they are in; 1 if zero.
	Segment int
	// Background is how many events of others a second happen: posts without
	// the tag, reposts and likes.
	Background float64
	// Ping is how often streams are pinged.
	Ping time.Duration
	// Keep is how many events are kept for cursors; 100,000 if zero.
	Keep int
	// Now is the server's clock; time.Now if nil.
	Now func() time.Time
}

// Server is the fake. It is safe for concurrent use.
type Server struct {
	o    Options
	http *httptest.Server
	line line
	dict []byte

	mu       sync.Mutex
	events   []event
	first    int64 // number of the first event that is kept
	next     int64 // number of the next event
	lastTime int64
	rkeys    int64
	changed  chan struct{} // closed when something is new
	posts    map[string]event
	profiles map[string]Profile
	open     map[*subscriber]bool
	attempts int
	asked    int // look-ups of profiles
	status   int
	header   http.Header
	blind    bool

	stop context.CancelFunc
	done sync.WaitGroup
}

var _ collectortest.Platform = (*Server)(nil)

// dictionaryID is in the range that is free for private use.
const dictionaryID = 40_000

// New starts a server; Close ends it.
func New(o Options) *Server {
	if o.Tag == "" {
		o.Tag = "winnow"
	}
	if o.Segment == 0 {
		o.Segment = 1
	}
	if o.Ping == 0 {
		o.Ping = 100 * time.Millisecond
	}
	if o.Keep == 0 {
		o.Keep = 100_000
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{
		o: o, first: 1, next: 1, changed: make(chan struct{}),
		posts: map[string]event{}, profiles: map[string]Profile{}, open: map[*subscriber]bool{},
	}
	if !o.NoDictionary {
		s.dict = buildDictionary()
	}
	mux := http.NewServeMux()
	if !o.Legacy {
		mux.HandleFunc("GET /xrpc/network.bsky.jetstream.subscribeEvents", s.subscribe)
		mux.HandleFunc("GET /xrpc/network.bsky.jetstream.getZstdDictionary", s.dictionary)
	}
	if !o.Modern {
		mux.HandleFunc("GET /subscribe", s.subscribe)
	}
	mux.HandleFunc("GET /xrpc/app.bsky.actor.getProfiles", s.getProfiles)
	s.http = httptest.NewUnstartedServer(s.front(mux))
	s.line.release = make(chan struct{})
	close(s.line.release)
	s.http.Listener = &listener{s.http.Listener, s}
	s.http.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, connKey{}, c)
	}
	s.http.Start()
	var ctx context.Context
	ctx, s.stop = context.WithCancel(context.Background())
	if o.Background > 0 {
		s.done.Go(func() { s.talk(ctx) })
	}
	return s
}

// connKey is where a request's context has its connection.
type connKey struct{}

// Host returns the server's address as a Jetstream host: "ws://127.0.0.1:port".
func (s *Server) Host() string { return "ws" + strings.TrimPrefix(s.http.URL, "http") }

// URL returns the server's address for look-ups: "http://127.0.0.1:port".
func (s *Server) URL() string { return s.http.URL }

// Close ends the server and all streams.
func (s *Server) Close() {
	s.stop()
	s.Silence(false)
	s.Cut()
	s.http.CloseClientConnections()
	s.http.Close()
	s.done.Wait()
}

// front counts streams and gives the answers that were ordered.
func (s *Server) front(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		if stream(r) {
			s.attempts++
		}
		status, header := s.status, s.header
		s.mu.Unlock()
		s.line.mu.Lock()
		refuse := s.line.refuse
		s.line.mu.Unlock()
		if refuse {
			panic(http.ErrAbortHandler) // a connection that was still open
		}
		if status == 0 {
			next.ServeHTTP(w, r)
			return
		}
		for name, values := range header {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprintln(w, http.StatusText(status)) // to a client that may be gone
	})
}

func stream(r *http.Request) bool {
	return r.URL.Path == "/subscribe" || strings.HasSuffix(r.URL.Path, ".subscribeEvents")
}

// wake tells everybody that something is new. The caller holds the lock.
func (s *Server) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Answer implements collectortest.Platform.
func (s *Server) Answer(status int, header http.Header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.header = status, header.Clone()
}

// Open implements collectortest.Platform.
func (s *Server) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// Attempts implements collectortest.Platform.
func (s *Server) Attempts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attempts
}

// Blind makes the server swallow all posts made from now on, as if they had
// never been, while all else goes on.
func (s *Server) Blind(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blind = on
}

// End implements collectortest.Platform.
func (s *Server) End() {
	for _, sub := range s.subscribers() {
		_ = sub.ws.Close(websocket.StatusGoingAway, "the server restarts") // the client may be gone
	}
}

// Cut implements collectortest.Platform.
func (s *Server) Cut() {
	for _, sub := range s.subscribers() {
		_ = sub.ws.CloseNow() // the client may be gone
	}
}

func (s *Server) subscribers() []*subscriber {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*subscriber
	for sub := range s.open {
		out = append(out, sub)
	}
	return out
}
