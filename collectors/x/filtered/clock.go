package filtered

import (
	"net/http"
	"sync/atomic"
	"time"
)

// slack is how far the clocks may differ before it matters: X gives its time
// in whole seconds, and an answer takes its time.
const slack = 5 * time.Second

// xClock knows how far our clock is ahead of X's, from the Date of X's
// answers: X refuses searches that reach into its future, and a clock that is
// wrong would ask for the wrong minutes. It is safe for concurrent use.
type xClock struct {
	base  http.RoundTripper
	now   func() time.Time
	ahead atomic.Int64
	told  atomic.Bool
}

// RoundTrip implements http.RoundTripper.
func (c *xClock) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		c.ahead.Store(int64(c.now().Sub(date)))
		c.told.Store(true)
	}
	return resp, nil
}

// CloseIdleConnections passes on what http.Client asks of its transport.
func (c *xClock) CloseIdleConnections() {
	if t, ok := c.base.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// skew is how far our clock is ahead, zero if that is little.
func (c *xClock) skew() time.Duration {
	d := time.Duration(c.ahead.Load())
	if d.Abs() <= slack {
		return 0
	}
	return d
}

// watch returns a client that notes X's time.
func (c *xClock) watch(client *http.Client) *http.Client {
	out := *client
	if c.base = client.Transport; c.base == nil {
		c.base = http.DefaultTransport
	}
	out.Transport = c
	return &out
}

// xNow is the time on X's clock.
func (s *Source) xNow() time.Time { return s.o.Now().Add(-s.clock.skew()) }
