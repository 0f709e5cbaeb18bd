package xtest

import (
	"encoding/json"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// allowance is how many requests X takes in a quarter of an hour.
var allowance = map[string]int{
	"GET /2/tweets/search/stream":              50,
	"POST /1.1/statuses/filter.json":           50,
	"GET /2/tweets/search/stream/rules":        450,
	"POST /2/tweets/search/stream/rules":       100,
	"GET /2/tweets/search/stream/rules/counts": 450,
	"GET /2/connections":                       25,
	"DELETE /2/connections/all":                25,
	"GET /2/tweets/search/recent":              450,
	"GET /2/tweets/counts/recent":              300,
	"GET /2/tweets":                            3500,
	"GET /2/usage/tweets":                      50,
}

const window = 15 * time.Minute

// admit answers requests that get no further; true lets one through.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, endpoint string) bool {
	s.mu.Lock()
	s.counted[endpoint]++
	if strings.HasSuffix(endpoint, "/stream") || strings.HasSuffix(endpoint, "/filter.json") {
		s.attempts++
	}
	refuse, status, header := s.refuse, s.status, s.header.Clone()
	limit, left, reset := s.spend(endpoint)
	capped := s.o.Cap > 0 && s.sent >= s.o.Cap
	s.mu.Unlock()

	if refuse {
		if c, ok := r.Context().Value(connKey{}).(net.Conn); ok {
			_ = c.Close()
		}
		panic(http.ErrAbortHandler)
	}
	h := w.Header()
	h.Set("x-rate-limit-limit", strconv.Itoa(limit))
	h.Set("x-rate-limit-remaining", strconv.Itoa(max(left, 0)))
	h.Set("x-rate-limit-reset", strconv.FormatInt(reset.Unix(), 10))
	switch {
	case status != 0:
		for _, name := range []string{"x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"} {
			h.Del(name)
		}
		maps.Copy(h, header)
		problem(w, status, "about:blank", http.StatusText(status), "as told to answer")
	case !s.authorised(r, endpoint):
		problem(w, http.StatusUnauthorized, "about:blank", "Unauthorized", "Unauthorized")
	case left < 0 && s.o.Limited:
		problem(w, http.StatusTooManyRequests, "about:blank", "Too Many Requests", "Too Many Requests")
	case capped && !strings.Contains(endpoint, "usage") && !strings.Contains(endpoint, "rules"):
		problem(w, http.StatusTooManyRequests, "usage-capped", "UsageCapExceeded", "Usage cap exceeded: Monthly product cap")
	default:
		return true
	}
	return false
}

// spend takes one request off an endpoint's allowance.
func (s *Server) spend(endpoint string) (limit, left int, reset time.Time) {
	if now := s.o.Now(); now.Sub(s.window) >= window {
		s.window = now
		clear(s.requests)
	}
	s.requests[endpoint]++
	limit = allowance[endpoint]
	return limit, limit - s.requests[endpoint], s.window.Add(window)
}

func (s *Server) authorised(r *http.Request, endpoint string) bool {
	auth := r.Header.Get("Authorization")
	if strings.HasPrefix(auth, "OAuth ") {
		return strings.Contains(endpoint, "/1.1/") && strings.Contains(auth, "oauth_signature")
	}
	return auth == "Bearer "+s.o.Token
}

// problem answers as X does when it does not do what was asked.
func problem(w http.ResponseWriter, status int, kind, title, detail string) {
	if kind != "about:blank" {
		kind = problemType + kind
	}
	reply(w, status, map[string]any{"title": title, "detail": detail, "type": kind, "status": status})
}

const problemType = "https://api.x.com/2/problems/"

func reply(w http.ResponseWriter, status int, v any) {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // only maps of plain values are given
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(raw)
}

// Asked counts the requests to an endpoint since the start, "GET /2/tweets".
func (s *Server) Asked(endpoint string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counted[endpoint]
}

// Billed counts the posts that X would bill: each once per day of UTC, however
// often it was delivered.
func (s *Server) Billed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.billed)
}

// Delivered counts the posts sent, by stream, search and look-up.
func (s *Server) Delivered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}

// bill notes that a post was sent.
func (s *Server) bill(id string) {
	s.sent++
	s.billed[s.o.Now().UTC().Format(time.DateOnly)+" "+id] = true
}

// list reads a comma separated parameter.
func list(r *http.Request, name string) []string {
	var out []string
	for part := range strings.SplitSeq(r.FormValue(name), ",") {
		if part != "" && !slices.Contains(out, part) {
			out = append(out, part)
		}
	}
	return out
}
