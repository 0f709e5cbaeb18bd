package blueskytest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/klauspost/compress/zstd"
)

// firstTime is the least cursor that is a time in microseconds.
const firstTime = 1_000_000_000_000_000

// subscriber is one open stream.
type subscriber struct {
	ws     *websocket.Conn
	zw     *zstd.Encoder
	modern bool
	wants  func(*event) bool
	raw    chan []byte // messages given as they are
}

// subscribe serves a stream on either wire.
func (s *Server) subscribe(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	sub := &subscriber{modern: r.URL.Path != "/subscribe", raw: make(chan []byte, 64)}
	cursor, err := strconv.ParseInt(cmpOr(q.Get("cursor"), "0"), 10, 64)
	if err != nil || cursor < 0 {
		refuse(w, sub.modern, http.StatusBadRequest, "InvalidRequest", "invalid cursor")
		return
	}
	if id := q.Get("zstdDictionary"); id != "" && sub.modern {
		if s.dict == nil || id != strconv.Itoa(dictionaryID) {
			refuse(w, true, http.StatusBadRequest, "UnknownZstdDictionary", "unknown dictionary")
			return
		}
		if sub.zw, err = zstd.NewWriter(nil, zstd.WithEncoderDict(s.dict), zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest)); err != nil {
			refuse(w, true, http.StatusInternalServerError, "InternalError", "compression")
			return
		}
		defer func() { _ = sub.zw.Close() }()
	}
	sub.wants = filter(q, sub.modern)
	at, clamped, tooOld := s.resolve(cursor, sub.modern)
	if tooOld {
		refuse(w, true, http.StatusBadRequest, "CursorTooOld", fmt.Sprintf("cursor %d below lookback floor %d", cursor, at))
		return
	}
	o := &websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled}
	if sub.modern {
		o.Subprotocols = []string{"xrpc.v1.json"}
	}
	c, _ := r.Context().Value(connKey{}).(*conn)
	if sub.ws, err = websocket.Accept(w, r, o); err != nil {
		return
	}
	defer func() { _ = sub.ws.CloseNow() }()
	s.line.streams(c, true)
	defer s.line.streams(c, false)
	// Reading answers pings and notices that the client is gone.
	ctx := sub.ws.CloseRead(context.Background())
	s.mu.Lock()
	s.open[sub] = true
	s.wake()
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.open, sub)
		s.mu.Unlock()
	}()
	if clamped && sub.modern {
		info := `{"$type":"message","payload":{"$type":"network.bsky.jetstream.subscribeEvents#info","name":"OutdatedCursor","message":"the timestamp is below the floor"}}`
		if sub.send(ctx, []byte(info)) != nil {
			return
		}
	}
	s.serve(ctx, sub, at)
}

func cmpOr(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// serve sends events from number at on until the client is gone.
func (s *Server) serve(ctx context.Context, sub *subscriber, at int64) {
	ping := time.NewTicker(s.o.Ping)
	defer ping.Stop()
	for {
		s.mu.Lock()
		at = max(at, s.first)
		batch := slices.Clone(s.events[min(at-s.first, int64(len(s.events))):])
		at = s.next
		changed := s.changed
		s.mu.Unlock()
		for i := range batch {
			e := &batch[i]
			if sub.wants(e) && sub.send(ctx, e.encode(sub.modern, s.o.Unnumbered)) != nil {
				return
			}
		}
		if len(batch) > 0 {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case raw := <-sub.raw:
			if sub.send(ctx, raw) != nil {
				return
			}
		case <-changed:
		case <-ping.C:
			// The answer is not waited for: it is the write that counts.
			pinging, cancel := context.WithTimeout(ctx, s.o.Ping)
			_ = sub.ws.Ping(pinging)
			cancel()
		}
	}
}

// send sends one message.
func (sub *subscriber) send(ctx context.Context, raw []byte) error {
	if sub.zw != nil {
		return sub.ws.Write(ctx, websocket.MessageBinary, sub.zw.EncodeAll(raw, nil))
	}
	return sub.ws.Write(ctx, websocket.MessageText, raw)
}

// filter returns what the query wants.
func filter(q url.Values, modern bool) func(*event) bool {
	if !modern {
		wanted := q["wantedCollections"]
		return func(e *event) bool {
			return e.kind != "commit" || len(wanted) == 0 || slices.Contains(wanted, e.collection)
		}
	}
	kinds, wanted := q["kinds"], q["collections"]
	return func(e *event) bool {
		if len(kinds) > 0 && !slices.Contains(kinds, e.kind) {
			return false
		}
		return e.kind != "commit" || len(wanted) == 0 || slices.Contains(wanted, e.collection)
	}
}

// resolve returns the number that a cursor stands for.
func (s *Server) resolve(cursor int64, modern bool) (at int64, clamped, tooOld bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case cursor == 0:
		return s.next, false, false
	case cursor < firstTime && s.o.Unnumbered, cursor < firstTime && cursor >= s.next:
		return s.next, false, false
	case cursor < firstTime:
		if cursor < s.first {
			return s.first, true, modern
		}
		return cursor, false, false
	}
	if cursor > s.o.Now().UnixMicro() {
		return s.next, false, false
	}
	i := sort.Search(len(s.events), func(i int) bool { return s.events[i].timeUS >= cursor })
	clamped = i == 0 && s.first > 1
	return s.first + int64(i-i%s.o.Segment), clamped, false
}

// refuse answers a handshake with an error in the wire's own form.
func refuse(w http.ResponseWriter, modern bool, status int, name, message string) {
	if !modern {
		http.Error(w, message, status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": name, "message": message}) // to a client that may be gone
}

// dictionary serves the dictionary.
func (s *Server) dictionary(w http.ResponseWriter, _ *http.Request) {
	if s.dict == nil {
		refuse(w, true, http.StatusNotFound, "DictionaryNotFound", "no dictionary")
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(s.dict) // to a client that may be gone
}

// buildDictionary makes a dictionary of frames like those that will be sent.
func buildDictionary() []byte {
	var samples [][]byte
	var history strings.Builder
	for i := range 60 {
		e := sample(i)
		raw := e.encode(true, false)
		samples = append(samples, raw)
		if i < 20 {
			history.Write(raw)
		}
	}
	dict, err := zstd.BuildDict(zstd.BuildDictOptions{
		ID: dictionaryID, Contents: samples, History: []byte(history.String()), Offsets: [3]int{1, 4, 8},
		Level: zstd.SpeedFastest,
	})
	if err != nil {
		panic("blueskytest: the samples make no dictionary: " + err.Error())
	}
	return dict
}
