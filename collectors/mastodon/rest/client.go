package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	gomastodon "github.com/mattn/go-mastodon"

	"winnow/collectors"
	"winnow/collectors/dial"
	"winnow/collectors/mastodon"
	"winnow/collectors/mastodon/refusal"
	"winnow/pipeline/post"
)

const (
	// maxAnswer is the longest answer that is read, in bytes: a page has at
	// most 80 items.
	maxAnswer = 16 << 20
	// patience is how long an answer may take altogether.
	patience = time.Minute
)

// ErrNotFound is wrapped by the faults of what is not there, or not for us.
var ErrNotFound = errors.New("it is not there")

// Options is whom to ask, and how.
type Options struct {
	// Base is the instance, https://social.example.
	Base *url.URL
	// HTTP carries the requests, and the token.
	HTTP *http.Client
	// Now tells the time.
	Now func() time.Time
	// All and Paging are the server's quotas; zero is Mastodon's.
	All, Paging Quota
	// Evidence has statuses keep the bytes in which they came, and what was
	// asked for.
	Evidence bool
}

// Client asks one server. It is safe for concurrent use.
type Client struct {
	api    gomastodon.Client
	keep   bool // evidence
	base   http.RoundTripper
	limits limits
	now    func() time.Time
	skew   atomic.Int64 // the server's clock minus ours, in nanoseconds
	asked  atomic.Uint64
}

// New returns a client.
func New(o Options) *Client {
	if o.All.Calls <= 0 || o.All.Per <= 0 {
		o.All = AllCalls
	}
	if o.Paging.Calls <= 0 || o.Paging.Per <= 0 {
		o.Paging = PagingCalls
	}
	c := &Client{keep: o.Evidence, base: o.HTTP.Transport, now: o.Now, limits: limits{all: o.All.limiter(), paging: o.Paging.limiter()}}
	if c.base == nil {
		c.base = http.DefaultTransport
	}
	// The token is no business of go-mastodon's: the transport has it.
	c.api = *gomastodon.NewClient(&gomastodon.Config{Server: o.Base.String()})
	c.api.Client = *o.HTTP
	return c
}

// Spare reports whether there is room for requests that can wait.
func (c *Client) Spare() bool { return c.limits.spare(c.now()) }

// Skew is how far the server's clock is ahead of ours, as its last answer
// showed. Less than two seconds count as none: servers tell whole seconds.
func (c *Client) Skew() time.Duration {
	if d := time.Duration(c.skew.Load()); d.Abs() >= 2*time.Second {
		return d
	}
	return 0
}

// Asked is how many requests were made.
func (c *Client) Asked() uint64 { return c.asked.Load() }

// Left is what the server said of its limit last: how many requests are left of
// how many until when. All are zero if it never said.
func (c *Client) Left() (left, most int, reset time.Time) {
	c.limits.mu.Lock()
	defer c.limits.mu.Unlock()
	return c.limits.left, c.limits.most, c.limits.reset
}

// answer is what came for a request.
type answer struct {
	value  jsontext.Value
	header http.Header
	asked  string // path and parameters
}

// received has a status keep how it came, if that is evidence.
func (c *Client) received(st *mastodon.Status, raw jsontext.Value, asked string) {
	if c.keep {
		st.Raw, st.Query = raw, asked
	}
}

// call makes a request through go-mastodon and returns what came, one JSON
// value. go-mastodon's own reading of it is ignored, as it
// gives a whole page up for one odd field.
func (c *Client) call(ctx context.Context, paging bool, ask func(context.Context, *gomastodon.Client) error) (answer, error) {
	if err := c.limits.wait(ctx, paging, c.now()); err != nil {
		return answer{}, err
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var body bytes.Buffer
	trip := &roundTrip{client: c}
	api := c.api
	api.JSONWriter = &body
	api.Transport = trip
	c.asked.Add(1)
	err := ask(limited, &api)
	if ctx.Err() != nil {
		return answer{}, context.Cause(ctx)
	}
	if trip.header != nil {
		value, readErr := jsontext.NewDecoder(&body, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)).ReadValue()
		if readErr == nil {
			return answer{value.Clone(), trip.header, trip.asked}, nil
		}
		if err == nil {
			err = readErr
		}
	}
	return answer{}, fault(err)
}

// fault is what an error of go-mastodon's means.
func fault(err error) error {
	_, ours := errors.AsType[*jsontext.SyntacticError](err)
	_, theirs := errors.AsType[*json.SyntaxError](err)
	if (ours || theirs) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return &collectors.Fault{
			Cause:  post.Protocol,
			Advice: "check the instance's address in the configuration: something else than a Mastodon server may answer there",
			Err:    errors.New("the answer is not JSON"),
		}
	}
	return collectors.FromError(err)
}

// roundTrip is the transport of one call. It turns every answer that is no
// success into a fault, 429 above all: go-mastodon never sees it, and so never
// waits by itself.
type roundTrip struct {
	client *Client
	header http.Header // of the answer, if it was a success
	asked  string      // for what that came
}

// RoundTrip implements http.RoundTripper.
func (t *roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	c := t.client
	r = r.Clone(r.Context())
	r.Header.Del("Authorization") // go-mastodon's, which is empty
	before := c.now()
	resp, err := c.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	now := c.now()
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		c.skew.Store(int64(date.Sub(before.Add(now.Sub(before) / 2))))
	}
	c.limits.observe(resp.Header, now)
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400: // the client decides
		return resp, nil
	case resp.StatusCode == http.StatusOK:
		t.header, t.asked = resp.Header, r.URL.RequestURI()
		resp.Body = &boundedBody{r: resp.Body, left: maxAnswer}
		return resp, nil
	}
	f := collectors.FromResponse(resp, now)
	if f.Cause == post.RateLimited {
		c.limits.refused(f.Until, now)
	}
	// A body too long or broken only means less to say.
	const most = 4 << 10
	body, err := dial.ReadBody(resp, most)
	if err == nil {
		f = refusal.Explain(f, resp.StatusCode, body)
	}
	if resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone {
		f.Err = fmt.Errorf("%w (%w)", ErrNotFound, f.Err)
	}
	return nil, f
}

// boundedBody is a body that may not be longer than expected.
type boundedBody struct {
	r    io.ReadCloser
	left int64
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, &collectors.Fault{Cause: post.Protocol, Err: fmt.Errorf("the answer is longer than %d bytes", maxAnswer)}
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// Close implements io.Closer.
func (b *boundedBody) Close() error { return b.r.Close() }
