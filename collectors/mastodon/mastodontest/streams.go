package mastodontest

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// stream is a stream that is open: a WebSocket or an event stream.
type stream struct {
	conn *conn
	end  chan struct{} // closed to end it with a goodbye
	wake chan struct{} // says that there is something to send

	mu    sync.Mutex
	tags  []string
	queue []message
	ended bool
}

// message is what is to be sent: an event, or raw bytes instead.
type message struct {
	tag, event, payload string
	raw                 []byte
}

func newStream(c *conn) *stream {
	return &stream{conn: c, end: make(chan struct{}), wake: make(chan struct{}, 1)}
}

func (st *stream) push(m message) {
	st.mu.Lock()
	st.queue = append(st.queue, m)
	st.mu.Unlock()
	select {
	case st.wake <- struct{}{}:
	default:
	}
}

func (st *stream) take() []message {
	st.mu.Lock()
	defer st.mu.Unlock()
	q := st.queue
	st.queue = nil
	return q
}

func (st *stream) subscribe(tag string) {
	st.mu.Lock()
	defer st.mu.Unlock()
	for _, t := range st.tags {
		if sameTag(t, tag) {
			return
		}
	}
	st.tags = append(st.tags, tag)
}

// spelling returns how a tag was asked for, and whether it was.
func (st *stream) spelling(tag string) (string, bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	for _, t := range st.tags {
		if sameTag(t, tag) {
			return t, true
		}
	}
	return "", false
}

func (st *stream) goodbye() {
	st.mu.Lock()
	defer st.mu.Unlock()
	if !st.ended {
		st.ended = true
		close(st.end)
	}
}

// broadcast sends an event to all streams of a post's tag.
func (s *Server) broadcast(event, payload string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for st := range s.streams {
		if tag, ok := st.spelling(s.o.Tag); ok && !s.o.Mute {
			st.push(message{tag: tag, event: event, payload: payload})
		}
	}
}

func (s *Server) add(st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streams[st] = struct{}{}
}

func (s *Server) remove(st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.streams, st)
}

func (s *Server) attempt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.attempts++
}

// connOf marks a request's connection as one that carries a stream.
func connOf(r *http.Request) *conn {
	c := r.Context().Value(connKey{}).(*conn) //nolint:errcheck,forcetypeassert // New put it there
	c.stream.Store(true)
	return c
}

func (s *Server) refused(tag string) bool {
	for _, t := range s.o.RefuseTags {
		if sameTag(t, tag) {
			return true
		}
	}
	return false
}

func (s *Server) webSocket(w http.ResponseWriter, r *http.Request) {
	if s.o.NoWebSocket {
		refuse(w, http.StatusNotFound, "Not found")
		return
	}
	if !authorised(w, r) {
		return
	}
	st := newStream(connOf(r))
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer ws.CloseNow() //nolint:errcheck // over either way
	s.add(st)
	defer s.remove(st)
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	defer cancel()
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	running.Go(func() {
		defer cancel()
		s.writeSocket(ctx, ws, st)
	})
	running.Go(func() { beat(ctx, ws, s.o.Heartbeat) })
	for {
		_, raw, err := ws.Read(ctx)
		if err != nil {
			return
		}
		s.understand(st, raw)
	}
}

// understand does what a client's message wants.
func (s *Server) understand(st *stream, raw []byte) {
	var in struct{ Type, Stream, Tag string }
	if json.Unmarshal(raw, &in) != nil || in.Type != "subscribe" {
		return
	}
	switch {
	case in.Stream != "hashtag":
		st.push(message{raw: []byte(`{"error":"Unknown stream type","status":400}`)})
	case in.Tag == "":
		st.push(message{raw: []byte(`{"error":"Missing tag name parameter","status":400}`)})
	case s.refused(in.Tag):
		st.push(message{raw: []byte(`{"error":"An unexpected error occurred","status":500}`)})
	default:
		st.subscribe(in.Tag)
	}
}

func (s *Server) writeSocket(ctx context.Context, ws *websocket.Conn, st *stream) {
	for {
		select {
		case <-st.wake:
		case <-st.end:
			st.conn.flush(true)
			_ = ws.Close(websocket.StatusGoingAway, "")
			return
		case <-s.done:
			return
		case <-ctx.Done():
			return
		}
		for _, m := range st.take() {
			raw := m.raw
			if raw == nil {
				raw = encode(map[string]any{"stream": []string{"hashtag", m.tag}, "event": m.event, "payload": m.payload})
			}
			if ws.Write(ctx, websocket.MessageText, raw) != nil {
				return
			}
		}
	}
}

// beat pings. Whoever does not answer is left alone.
func beat(ctx context.Context, ws *websocket.Conn, every time.Duration) {
	for {
		select {
		case <-time.After(every):
		case <-ctx.Done():
			return
		}
		limited, cancel := context.WithTimeout(ctx, every)
		_ = ws.Ping(limited)
		cancel()
	}
}

func (s *Server) eventSource(w http.ResponseWriter, r *http.Request) {
	if s.o.NoEventSource {
		refuse(w, http.StatusNotFound, "Not found")
		return
	}
	if !authorised(w, r) {
		return
	}
	tag := r.URL.Query().Get("tag")
	if tag == "" || s.refused(tag) {
		refuse(w, http.StatusBadRequest, "Missing tag name parameter")
		return
	}
	st := newStream(connOf(r))
	defer st.conn.stream.Store(false) // it may be used for other requests
	st.subscribe(tag)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "private, no-store")
	s.add(st)
	defer s.remove(st)
	send := func(text string) bool {
		s.mu.Lock()
		newline := s.newline
		s.mu.Unlock()
		if _, err := w.Write([]byte(strings.ReplaceAll(text, "\n", newline))); err != nil {
			return false
		}
		return http.NewResponseController(w).Flush() == nil
	}
	if !send(":)\n") {
		return
	}
	heart := time.NewTicker(s.o.Heartbeat)
	defer heart.Stop()
	for {
		select {
		case <-heart.C:
			if !send(":thump\n\n") {
				return
			}
		case <-st.wake:
			for _, m := range st.take() {
				if !send(m.lines()) {
					return
				}
			}
		case <-st.end:
			st.conn.flush(true)
			return
		case <-s.done:
			return
		case <-r.Context().Done():
			return
		}
	}
}

// lines is a message as an event of an event stream. Raw messages are those of
// a WebSocket, and are taken apart if they can be.
func (m message) lines() string {
	if m.raw != nil {
		m.event, m.payload = "update", string(m.raw)
		var in struct{ Event, Payload *string }
		if json.Unmarshal(m.raw, &in) == nil && in.Event != nil && in.Payload != nil {
			m.event, m.payload = *in.Event, *in.Payload
		}
	}
	return "event: " + m.event + "\ndata: " + strings.ReplaceAll(m.payload, "\n", "\ndata: ") + "\n\n"
}

func encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil { // only maps of strings and numbers are encoded
		panic(err)
	}
	return raw
}
