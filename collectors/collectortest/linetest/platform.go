package linetest

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"winnow/collectors/collectortest"
)

// beatEvery is how long a stream is silent at most.
const beatEvery = 100 * time.Millisecond

// connKey is where a request's context has its connection.
type connKey struct{}

// Platform is the server. It keeps everything that was published, in order.
type Platform struct {
	token  string
	server *http.Server
	addr   string
	done   chan struct{}

	mu       sync.Mutex
	kept     []message
	streams  map[*stream]bool
	idle     map[net.Conn]bool
	attempts int
	status   int
	header   http.Header
	refuse   bool
	silent   bool
	newline  string
	hold     int
}

var _ collectortest.Platform = (*Platform)(nil)

// stream is one client that reads.
type stream struct {
	conn net.Conn
	// queue waits to be framed; wake tells of more, or of an end.
	queue [][]byte
	wake  chan struct{}
	ended bool
}

// Start starts a server on a free port; Close ends it. It asks for the token
// if that is not empty.
func Start(token string) (*Platform, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Platform{
		token: token, addr: l.Addr().String(), done: make(chan struct{}),
		streams: map[*stream]bool{}, idle: map[net.Conn]bool{}, newline: "\n",
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /stream", p.stream)
	mux.HandleFunc("GET /history", p.history)
	p.server = &http.Server{
		Handler:           p.guard(mux),
		ReadHeaderTimeout: 10 * time.Second,
		ConnContext:       func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) },
		ConnState:         p.connState,
	}
	go func() {
		defer close(p.done)
		_ = p.server.Serve(l) // ends with Close
	}()
	return p, nil
}

// URL is where the server listens.
func (p *Platform) URL() string { return "http://" + p.addr }

// Close ends every stream and the server.
func (p *Platform) Close() {
	p.Cut()
	_ = p.server.Close() // what it says of the listener changes nothing
	<-p.done
}

// connState refuses connections when that is asked for.
func (p *Platform) connState(c net.Conn, s http.ConnState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.idle, c)
	switch s {
	case http.StateNew:
		if p.refuse {
			reset(c)
		}
	case http.StateIdle:
		if p.idle[c] = true; p.refuse {
			reset(c)
		}
	}
}

// reset closes a connection without a goodbye.
func reset(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0) // else it ends with a goodbye
	}
	c.Close()
}

// guard answers what Answer asks for, and those without the token.
func (p *Platform) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		if r.URL.Path == "/stream" {
			p.attempts++
		}
		status, header := p.status, p.header
		p.mu.Unlock()
		if status == 0 && p.token != "" && r.Header.Get("Authorization") != "Bearer "+p.token {
			status = http.StatusUnauthorized
		}
		if status != 0 {
			maps.Copy(w.Header(), header)
			w.WriteHeader(status)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// stream answers with lines until either side ends it.
func (p *Platform) stream(w http.ResponseWriter, r *http.Request) {
	conn, _ := r.Context().Value(connKey{}).(net.Conn)
	s := &stream{conn: conn, wake: make(chan struct{}, 1)}
	p.mu.Lock()
	if since, err := strconv.ParseUint(r.URL.Query().Get("since"), 10, 64); err == nil {
		for _, m := range p.kept[min(since, uint64(len(p.kept))):] {
			s.queue = append(s.queue, m.encode())
		}
	}
	// The first line says that the stream stands.
	s.queue = append(s.queue, p.beat())
	p.streams[s] = true
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.streams, s)
		p.mu.Unlock()
	}()

	out := http.NewResponseController(w)
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	var held bytes.Buffer
	for {
		p.mu.Lock()
		ended, send := s.ended, false
		if !p.silent {
			for _, line := range s.queue {
				held.Write(line)
				held.WriteString(p.newline)
			}
			s.queue = nil
			send = held.Len() > 0 && held.Len() >= p.hold
		}
		p.mu.Unlock()
		if send {
			_, err := held.WriteTo(w)
			if err == nil {
				err = out.Flush()
			}
			if err != nil {
				return
			}
		}
		if ended {
			return
		}
		select {
		case <-s.wake:
		case <-beat.C:
			p.mu.Lock()
			if p.hold == 0 { // a proxy that holds back heartbeats too would never be sound
				s.queue = append(s.queue, p.beat())
			}
			p.mu.Unlock()
		case <-r.Context().Done():
			return
		}
	}
}

// history answers with what was kept after a sequence.
func (p *Platform) history(w http.ResponseWriter, r *http.Request) {
	since, err := strconv.ParseUint(r.URL.Query().Get("since"), 10, 64)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	kept := p.kept[min(since, uint64(len(p.kept))):]
	p.mu.Unlock()
	e := json.NewEncoder(w)
	for _, m := range kept {
		if e.Encode(m) != nil {
			return // the client has gone
		}
	}
}

// beat is a line without content: it says how far the stream came, and when.
func (p *Platform) beat() []byte {
	return message{Seq: uint64(len(p.kept)), Kind: "beat", At: time.Now().UnixMilli()}.encode()
}

// keep numbers a message, keeps it and sends it to every stream.
func (p *Platform) keep(m message) {
	m.Seq = uint64(len(p.kept)) + 1
	if m.At == 0 {
		m.At = time.Now().UnixMilli()
	}
	p.kept = append(p.kept, m)
	p.send(m.encode())
}

func (p *Platform) send(line []byte) {
	for s := range p.streams {
		s.queue = append(s.queue, line)
		s.signal()
	}
}

func (s *stream) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// nativeID undoes what message.post makes of an id.
func (p *Platform) nativeID(id string) string { return strings.TrimPrefix(id, p.prefix()) }

func (p *Platform) prefix() string { return "https://" + p.addr + "/" }
