package mastodontest

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// Hostile implements collectortest.Platform.
func (s *Server) Hostile() map[string][]byte {
	s.mu.Lock()
	good := s.encode(&status{id: "7", text: "hostile", created: time.Now()})
	s.mu.Unlock()
	update := func(payload string) []byte {
		return encode(map[string]any{"stream": []string{"hashtag", s.o.Tag}, "event": "update", "payload": payload})
	}
	// change sends a good post with one field that is not.
	change := func(field string, value any) []byte {
		var item map[string]any
		if err := json.Unmarshal(good, &item); err != nil { // it was just written
			panic(err)
		}
		at := item
		if inner, ok := strings.CutPrefix(field, "account."); ok {
			at, field = item["account"].(map[string]any), inner //nolint:errcheck,forcetypeassert // see encode
		}
		at[field] = value
		return update(string(encode(item)))
	}
	return map[string][]byte{
		"empty":                []byte(""),
		"no JSON":              []byte("hello"),
		"half JSON":            []byte(`{"event":"update","payload":"{\"id\":`),
		"an array":             []byte(`[1,2,3]`),
		"a number":             []byte(`7`),
		"null":                 []byte(`null`),
		"payload is a number":  []byte(`{"stream":["hashtag","x"],"event":"update","payload":7}`),
		"payload is null":      []byte(`{"stream":["hashtag","x"],"event":"update","payload":null}`),
		"payload is absent":    []byte(`{"stream":["hashtag","x"],"event":"update"}`),
		"event is a number":    []byte(`{"stream":["hashtag","x"],"event":7,"payload":"{}"}`),
		"stream is an object":  []byte(`{"stream":{},"event":"update","payload":"{}"}`),
		"unknown event":        []byte(`{"stream":["hashtag","x"],"event":"emoji_reaction","payload":"{}"}`),
		"error is an object":   []byte(`{"error":{"a":1}}`),
		"delete of an object":  []byte(`{"event":"delete","payload":{"id":{}}}`),
		"delete of a path":     []byte(`{"event":"delete","payload":"../../x"}`),
		"delete of a megabyte": []byte(`{"event":"delete","payload":"` + strings.Repeat("9", 1<<20) + `"}`),
		"deep":                 update(strings.Repeat("[", 100_000)),
		"deep and closed":      update(`{"x":` + strings.Repeat("[", 50_000) + strings.Repeat("]", 50_000) + `}`),
		"not UTF-8":            []byte("{\"event\":\"update\",\"payload\":\"\xff\xfe\"}"),
		"NUL":                  change("content", "a\x00b"),
		"a megabyte of text":   change("content", strings.Repeat("x", 1<<20)),
		"the year 9999":        change("created_at", "9999-01-01T00:00:00.000Z"),
		"the year 0":           change("created_at", "0000-01-01T00:00:00.000Z"),
		"time is a number":     change("created_at", 7),
		"no time":              change("created_at", nil),
		"id is a number":       change("id", 7),
		"id is a path":         change("id", "../../../x"),
		"id is a kilobyte":     change("id", strings.Repeat("9", 1000)),
		"account is a string":  change("account", "anna"),
		"account is null":      change("account", nil),
		"followers negative":   change("account.followers_count", -10),
		"followers fractional": change("account.followers_count", 0.5),
		"boosts are a string":  change("reblogs_count", "many"),
		"tags are a string":    change("tags", "x"),
		"tags are numbers":     change("tags", []int{1, 2}),
		"no uri":               change("uri", nil),
		"reblog is a list":     change("reblog", []int{1}),
		"not for everyone":     change("visibility", "direct"),
	}
}

// Cut implements collectortest.Platform.
func (s *Server) Cut() {
	for _, c := range s.ln.streams() {
		c.cut()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop, s.served = true, time.Time{}
}

// End implements collectortest.Platform.
func (s *Server) End() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for st := range s.streams {
		st.goodbye()
	}
	s.goodbye, s.served = true, time.Time{}
}

// Silence implements collectortest.Platform. Streams opened meanwhile speak;
// polls are not answered.
func (s *Server) Silence(on bool) {
	for _, c := range s.ln.streams() {
		c.silence(on)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case on && s.hush == nil:
		s.hush = make(chan struct{})
	case !on && s.hush != nil:
		close(s.hush)
		s.hush = nil
	}
}

// Answer implements collectortest.Platform.
func (s *Server) Answer(status int, header http.Header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer, s.header = status, header.Clone()
	if status != 0 {
		s.served = time.Time{}
	}
}

// Refuse implements collectortest.Platform.
func (s *Server) Refuse(on bool) { s.ln.refuse.Store(on) }

// Frame implements collectortest.Platform. The newline is that of event
// streams.
func (s *Server) Frame(newline string, size int) {
	s.mu.Lock()
	s.newline = newline
	s.mu.Unlock()
	s.ln.bundle(size)
}

// Open implements collectortest.Platform. Where timelines are polled, it is one
// if one was given a moment ago.
func (s *Server) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.o.Polling {
		if time.Since(s.served) < 500*time.Millisecond {
			return 1
		}
		return 0
	}
	n := 0
	for st := range s.streams {
		if st.asks() {
			n++
		}
	}
	return n
}

// asks reports whether a stream asked for something and is not being ended.
func (st *stream) asks() bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	return len(st.tags) > 0 && !st.ended
}

// Attempts implements collectortest.Platform.
func (s *Server) Attempts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attempts
}
