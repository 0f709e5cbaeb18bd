package mastodontest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"winnow/collectors/collectortest"
	"winnow/collectors/mastodon"
)

// The tokens that the server knows.
const (
	UserToken    = "user-token"    // of a user, with read:statuses
	AppToken     = "app-token"     // of an application without a user
	NoScopeToken = "noscope-token" // of a user, without any scope that reads
)

// Options is what kind of server it is.
type Options struct {
	// Tag is the hashtag of every post; empty is Baku2015.
	Tag string
	// Heartbeat is the time between heartbeats; zero is 100 ms.
	Heartbeat time.Duration
	// PageSize is how many posts a page has at most; zero is 40.
	PageSize int
	// ULIDs gives posts ids as GoToSocial does, instead of numbers.
	ULIDs bool
	// Mute accepts streams and sends nothing through them, as GoToSocial does.
	Mute bool
	// NoWebSocket and NoEventSource answer 404 to such streams.
	NoWebSocket, NoEventSource bool
	// Private shows timelines to users only.
	Private bool
	// Quota is how many requests beside streams are answered in a QuotaPer;
	// zero for any number.
	Quota    int
	QuotaPer time.Duration
	// RefuseTags are hashtags that no stream is granted for.
	RefuseTags []string
	// Streaming is the address of the streaming server that the instance
	// tells; empty is its own.
	Streaming string
	// Polling makes the server a fake of itself for collectors that poll:
	// what is said of streams is meant of timelines.
	Polling bool
}

// Server is the fake. It is safe for concurrent use.
type Server struct {
	o    Options
	http *httptest.Server
	ln   *listener
	done chan struct{} // closed by Close

	mu       sync.Mutex
	next     int
	posts    []*status // by id, ascending
	streams  map[*stream]struct{}
	newline  string
	answer   int
	header   http.Header
	attempts int
	served   time.Time // when a timeline was last given; zero since something broke
	drop     bool      // the next poll is not answered
	goodbye  bool      // the next poll is answered with 503
	hush     chan struct{}
	asked    int // in this quota's window
	window   time.Time
	requests []Request
}

// Request is a request that came.
type Request struct {
	Path, Query, Token string
}

var _ collectortest.Platform = (*Server)(nil)

// New starts a server.
func New(o Options) *Server {
	if o.Tag == "" {
		o.Tag = "Baku2015"
	}
	if o.Heartbeat <= 0 {
		o.Heartbeat = 100 * time.Millisecond
	}
	if o.PageSize <= 0 {
		o.PageSize = 40
	}
	if o.QuotaPer <= 0 {
		o.QuotaPer = time.Minute
	}
	s := &Server{o: o, done: make(chan struct{}), streams: make(map[*stream]struct{}), newline: "\n"}
	s.http = httptest.NewUnstartedServer(s.handler())
	s.ln = &listener{Listener: s.http.Listener, conns: make(map[*conn]struct{}), refused: s.attempt}
	s.http.Listener = s.ln
	s.http.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, connKey{}, c)
	}
	s.http.Start()
	return s
}

// connKey finds the connection of a request.
type connKey struct{}

// Close ends it.
func (s *Server) Close() {
	close(s.done)
	s.Cut()
	s.http.CloseClientConnections()
	s.http.Close()
}

// URL is the server's address.
func (s *Server) URL() string { return s.http.URL }

// Host is its host, as local ids of posts begin with.
func (s *Server) Host() string { return strings.TrimPrefix(s.http.URL, "http://") }

// Tag is the hashtag of its posts.
func (s *Server) Tag() string { return s.o.Tag }

// Requests returns the requests that came since the start, the last 1,000.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/streaming", s.webSocket)
	mux.HandleFunc("GET /api/v1/streaming/{$}", s.webSocket)
	mux.HandleFunc("GET /api/v1/streaming/hashtag", s.eventSource)
	mux.HandleFunc("GET /api/v1/timelines/tag/{tag}", s.limited(s.timeline))
	mux.HandleFunc("GET /api/v1/statuses/{id}", s.limited(s.status))
	mux.HandleFunc("GET /api/v1/statuses/{id}/reblogged_by", s.limited(s.rebloggedBy))
	mux.HandleFunc("GET /api/v2/instance", s.limited(s.instance))
	mux.HandleFunc("GET /api/v1/accounts/verify_credentials", s.limited(s.verifyUser))
	mux.HandleFunc("GET /api/v1/apps/verify_credentials", s.limited(s.verifyApp))
	for _, path := range []string{"blocks", "mutes", "domain_blocks"} {
		mux.HandleFunc("GET /api/v1/"+path, s.limited(s.hidden))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.refuseAnswer(w, r) {
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// refuseAnswer notes a request and answers it if all are answered the same.
func (s *Server) refuseAnswer(w http.ResponseWriter, r *http.Request) bool {
	stream := strings.HasPrefix(r.URL.Path, "/api/v1/streaming")
	if s.o.Polling {
		// Polling is one attempt for as long as it goes on.
		stream = polls(r) && s.Open() == 0
	}
	s.mu.Lock()
	s.requests = append(s.requests, Request{r.URL.Path, r.URL.RawQuery, token(r)})
	if len(s.requests) > 1000 {
		s.requests = s.requests[1:]
	}
	if stream {
		s.attempts++
	}
	status, header := s.answer, s.header
	s.mu.Unlock()
	if s.ln.refusing() { // over a connection that was there before
		hangUp(w)
		return true
	}
	if status == 0 {
		return false
	}
	for k, vs := range header {
		w.Header()[http.CanonicalHeaderKey(k)] = vs
	}
	refuse(w, status, http.StatusText(status))
	return true
}

// hangUp closes a request's connection.
func hangUp(w http.ResponseWriter) {
	if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
		c.Close()
	}
}

// limited counts requests and refuses those beyond the quota.
func (s *Server) limited(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.o.Quota == 0 {
			next(w, r)
			return
		}
		s.mu.Lock()
		now := time.Now()
		if now.Sub(s.window) >= s.o.QuotaPer {
			s.window, s.asked = now, 0
		}
		s.asked++
		left, reset := s.o.Quota-s.asked, s.window.Add(s.o.QuotaPer)
		s.mu.Unlock()
		w.Header().Set("X-RateLimit-Limit", fmt.Sprint(s.o.Quota))
		w.Header().Set("X-RateLimit-Remaining", fmt.Sprint(max(left, 0)))
		w.Header().Set("X-RateLimit-Reset", reset.UTC().Format("2006-01-02T15:04:05.000000Z"))
		if left < 0 {
			refuse(w, http.StatusTooManyRequests, "Too many requests")
			return
		}
		next(w, r)
	}
}

// authorised reports whether a request may read as a user; if not it is
// answered.
func authorised(w http.ResponseWriter, r *http.Request) bool {
	switch token(r) {
	case UserToken:
		return true
	case "":
		refuse(w, http.StatusUnauthorized, "Missing access token")
	case NoScopeToken:
		refuse(w, http.StatusUnauthorized, "Access token does not have the required scopes")
	default:
		refuse(w, http.StatusUnauthorized, "Invalid access token")
	}
	return false
}

func token(r *http.Request) string {
	t, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return t
}

func refuse(w http.ResponseWriter, status int, words string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"error":%q}`, words) //nolint:errcheck // the client may be gone
}

// sameTag reports whether two spellings are one hashtag.
func sameTag(a, b string) bool { return mastodon.TagName(a) == mastodon.TagName(b) }
