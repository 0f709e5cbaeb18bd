package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Limit is how often an endpoint may still be asked.
type Limit struct {
	// Endpoint is method and path: "GET /2/tweets/search/recent".
	Endpoint string
	// Limit requests are allowed in a quarter of an hour, Remaining are left
	// until Reset.
	Limit, Remaining int
	Reset            time.Time
}

// limits keeps the last one of each endpoint.
type limits struct {
	mu  sync.Mutex
	all map[string]Limit
}

func (l *limits) note(endpoint string, h http.Header) {
	limit, err1 := strconv.Atoi(h.Get("x-rate-limit-limit"))
	left, err2 := strconv.Atoi(h.Get("x-rate-limit-remaining"))
	if err1 != nil || err2 != nil {
		return
	}
	seen := Limit{Endpoint: endpoint, Limit: limit, Remaining: left}
	if reset, err := strconv.ParseInt(h.Get("x-rate-limit-reset"), 10, 64); err == nil && reset > 0 {
		seen.Reset = time.Unix(reset, 0).UTC()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		l.all = map[string]Limit{}
	}
	l.all[endpoint] = seen
}

// Limits returns the limits that came with the last answer of each endpoint,
// sorted by endpoint.
func (c *Client) Limits() []Limit {
	c.limits.mu.Lock()
	defer c.limits.mu.Unlock()
	out := make([]Limit, 0, len(c.limits.all))
	for _, l := range c.limits.all {
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b Limit) int { return strings.Compare(a.Endpoint, b.Endpoint) })
	return out
}
