package xtest

import (
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// stream is one open connection.
type stream struct {
	classic bool
	track   query2
	ask     asked
	conn    net.Conn

	mu     sync.Mutex
	queue  []byte        // framed, not written yet
	ending bool          // to end well when the queue is empty
	wake   chan struct{} // of capacity 1
}

func (st *stream) push(framed []byte) {
	st.mu.Lock()
	st.queue = append(st.queue, framed...)
	st.mu.Unlock()
	st.nudge()
}

func (st *stream) nudge() {
	select {
	case st.wake <- struct{}{}:
	default:
	}
}

// patience is how long a new connection waits for one that its client closed
// just now, before it counts as one too many.
const patience = 300 * time.Millisecond

// stream2 is GET /2/tweets/search/stream.
func (s *Server) stream2(w http.ResponseWriter, r *http.Request) {
	most := 1
	if s.o.Enterprise {
		most = 2
	}
	backfill, err := strconv.Atoi(r.FormValue("backfill_minutes"))
	if r.FormValue("backfill_minutes") != "" && (err != nil || backfill < 0 || backfill > 5 || !s.o.Enterprise) {
		problem(w, http.StatusBadRequest, "invalid-request", "Invalid Request", "backfill_minutes is not available")
		return
	}
	s.mu.Lock()
	none := len(s.rules) == 0
	s.mu.Unlock()
	if none {
		problem(w, http.StatusConflict, "about:blank", "RuleConfigurationIssue", "no rules")
		return
	}
	st := &stream{ask: askedFor(r)}
	if !s.enter(r, st, most) {
		reply(w, http.StatusTooManyRequests, map[string]any{
			"title": "ConnectionException", "connection_issue": "TooManyConnections",
			"detail": "This stream is currently at the maximum allowed connection limit.",
			"type":   problemType + "streaming-connection",
		})
		return
	}
	if backfill > 0 {
		s.replay(st, s.o.Now().Add(-time.Duration(backfill)*time.Minute))
	}
	s.serve(w, r, st)
}

// stream1 is POST /1.1/statuses/filter.json.
func (s *Server) stream1(w http.ResponseWriter, r *http.Request) {
	track := list(r, "track")
	if len(track) == 0 {
		w.WriteHeader(http.StatusNotAcceptable)
		return
	}
	st := &stream{classic: true, track: query2(track)}
	if !s.enter(r, st, 1) {
		w.WriteHeader(420)
		_, _ = w.Write([]byte("Exceeded connection limit for user"))
		return
	}
	s.serve(w, r, st)
}

// enter counts a new stream among the open ones; false if there are too many.
func (s *Server) enter(r *http.Request, st *stream, most int) bool {
	st.conn, _ = r.Context().Value(connKey{}).(net.Conn)
	st.wake = make(chan struct{}, 1)
	deadline := time.After(patience)
	for {
		s.mu.Lock()
		if len(s.streams)+s.ghosts < most {
			s.streams[st] = true
			s.mu.Unlock()
			return true
		}
		hopeless := s.ghosts >= most
		s.mu.Unlock()
		if hopeless {
			return false
		}
		select {
		case <-r.Context().Done():
			return false
		case <-deadline:
			return false
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// serve writes what the stream has to say until it ends.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, st *stream) {
	defer s.leave(st)
	control := http.NewResponseController(w)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	if control.Flush() != nil {
		return
	}
	beat := time.NewTicker(s.o.KeepAlive)
	defer beat.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-beat.C:
			st.push([]byte("\r\n"))
		case <-st.wake:
		}
		s.mu.Lock()
		silent, hold := s.silent, s.hold
		s.mu.Unlock()
		if silent {
			continue
		}
		out, end := st.take(hold)
		if len(out) > 0 {
			if _, err := w.Write(out); err != nil || control.Flush() != nil {
				return
			}
		}
		if end {
			return
		}
	}
}

// take returns what may be written now: everything, or nothing until hold
// bytes are together.
func (st *stream) take(hold int) (out []byte, end bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if len(st.queue) < hold && !st.ending {
		return nil, false
	}
	out, st.queue = st.queue, nil
	return out, st.ending
}

func (s *Server) leave(st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.streams[st] && s.haunted {
		s.ghosts++
	}
	delete(s.streams, st)
}

// frame adds the end of a message.
func (s *Server) frame(message []byte) []byte {
	return append(slices.Clip(message), s.newline...)
}

// announce sends a post to whoever asked for such posts.
func (s *Server) announce(n *note) {
	for st := range s.streams {
		s.offer(st, n)
	}
}

func (s *Server) offer(st *stream, n *note) {
	if st.classic {
		if st.track.matches(n) {
			st.push(s.frame(classic(n)))
		}
		return
	}
	var matched []any
	for _, r := range s.rules {
		if parse(r.Value).matches(n) {
			matched = append(matched, map[string]any{"id": r.ID, "tag": r.Tag})
		}
	}
	if len(matched) > 0 {
		s.bill(n.key())
		st.push(s.frame(encode(st.ask.message([]*note{n}, matched))))
	}
}

// replay sends what was posted since then (backfill_minutes).
func (s *Server) replay(st *stream, since time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.posts {
		if n.at.After(since) {
			s.offer(st, n)
		}
	}
}

// query2 is a track parameter: any of the phrases, whose words must all be there.
type query2 []string

func (q query2) matches(n *note) bool {
	text := strings.ToLower(n.words())
	words := strings.FieldsFunc(text, func(r rune) bool { return !letterOrSo(r) && r != '_' && r != '#' && r != '@' })
	has := func(want string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return w == want || strings.TrimLeft(w, "#@") == want })
	}
	for _, phrase := range q {
		parts := strings.Fields(strings.ToLower(phrase))
		if len(parts) > 0 && !slices.ContainsFunc(parts, func(p string) bool { return !has(p) }) {
			return true
		}
	}
	return false
}
