package xtest

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options says what plan the app has and how the fake behaves.
type Options struct {
	// Token is the app's bearer token; empty for "token".
	Token string
	// Tag is what Publish puts into posts that lack it, so that they belong to
	// the campaign under test; empty for "#Baku2015".
	Tag string
	// KeepAlive is how often a silent stream says that it lives; zero for 50 ms
	// (X: 20 s).
	KeepAlive time.Duration
	// Classic makes the Platform's methods speak of the v1.1 stream, which
	// tells deletions and no edits; the v2 stream is the other way round.
	Classic bool
	// Enterprise allows backfill_minutes and a second connection.
	Enterprise bool
	// Rules is how many rules fit; zero for 1,000.
	Rules int
	// Limited makes requests above X's rate limits fail, which otherwise are
	// only told in headers.
	Limited bool
	// SearchLag is how fresh a post must not be for a search to know it (X: 10
	// s); a search up to a later time is refused. Zero for none.
	SearchLag time.Duration
	// Newer makes searches and look-ups take and give X's newer names of
	// fields only.
	Newer bool
	// Cap is how many posts may be delivered before X refuses everything; zero
	// for no such cap.
	Cap int
	// Refused are words with which X takes no rule.
	Refused []string
	// Now tells the time; nil for time.Now.
	Now func() time.Time
}

// Server is a fake of X. It is safe for concurrent use.
type Server struct {
	o        Options
	listener net.Listener
	http     *http.Server
	serving  sync.WaitGroup // the server
	handling sync.WaitGroup // requests

	mu       sync.Mutex
	closed   bool
	posts    []*note // by id, which is by time
	byID     map[string]*note
	rules    []rule
	lastID   int64
	streams  map[*stream]bool
	ghosts   int
	haunted  bool
	attempts int
	requests map[string]int // by endpoint, in the window that began at window
	window   time.Time
	counted  map[string]int // requests by endpoint, since the start
	billed   map[string]bool
	sent     int
	silent   bool
	refuse   bool
	status   int
	header   http.Header
	newline  string
	hold     int
}

type connKey struct{}

// New starts a fake, which Close ends. It fails if the loopback interface
// cannot be listened on.
func New(o Options) (*Server, error) {
	if o.Token == "" {
		o.Token = "token"
	}
	if o.Tag == "" {
		o.Tag = "#Baku2015"
	}
	if o.KeepAlive <= 0 {
		o.KeepAlive = 50 * time.Millisecond
	}
	if o.Rules <= 0 {
		o.Rules = 1000
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Server{
		o: o, listener: listener, newline: "\r\n",
		byID: map[string]*note{}, streams: map[*stream]bool{},
		requests: map[string]int{}, counted: map[string]int{}, billed: map[string]bool{},
	}
	s.http = &http.Server{
		Handler: s.handler(),
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, c)
		},
	}
	s.serving.Go(func() {
		_ = s.http.Serve(listener) // it ends with Close and says only that
	})
	return s, nil
}

// URL is where the fake listens: "http://127.0.0.1:12345".
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Token is the bearer token that it takes.
func (s *Server) Token() string { return s.o.Token }

// Close ends everything and waits until it did.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	_ = s.http.Close()
	s.serving.Wait()
	s.handling.Wait()
}

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	handle := func(method, path string, h http.HandlerFunc) {
		endpoint := method + " " + path
		mux.HandleFunc(endpoint, func(w http.ResponseWriter, r *http.Request) {
			s.mu.Lock()
			if s.closed {
				s.mu.Unlock()
				panic(http.ErrAbortHandler)
			}
			s.handling.Add(1)
			s.mu.Unlock()
			defer s.handling.Done()
			if s.admit(w, r, endpoint) {
				h(w, r)
			}
		})
	}
	handle("GET", "/2/tweets/search/stream", s.stream2)
	handle("POST", "/1.1/statuses/filter.json", s.stream1)
	handle("GET", "/2/tweets/search/stream/rules", s.getRules)
	handle("POST", "/2/tweets/search/stream/rules", s.postRules)
	handle("GET", "/2/tweets/search/stream/rules/counts", s.ruleCounts)
	handle("GET", "/2/connections", s.connections)
	handle("DELETE", "/2/connections/all", s.closeConnections)
	handle("GET", "/2/tweets/search/recent", s.search)
	handle("GET", "/2/tweets/counts/recent", s.counts)
	handle("GET", "/2/tweets", s.lookup)
	handle("GET", "/2/usage/tweets", s.usage)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		problem(w, http.StatusNotFound, "resource-not-found", "Not Found Error", "no such endpoint")
	})
	return mux
}
