package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"winnow/collectors"
	"winnow/collectors/dial"
	"winnow/pipeline/post"
)

// Base is where X's API lives.
const Base = "https://api.x.com"

// MaxPage is the largest answer, in bytes, that is read: a page of a hundred
// long posts with everything they refer to stays far below.
const MaxPage = 16 << 20

// Options says where and how to ask.
type Options struct {
	// Base is scheme, host and port of the API; empty for Base.
	Base string
	// HTTP sends the requests, with the token. It must have no timeout of its
	// own for whole answers, since the stream has no end.
	HTTP *http.Client
	// Timeout is how long a request other than the stream may take; zero for a
	// minute.
	Timeout time.Duration
	// Now tells the time; nil for time.Now.
	Now func() time.Time
}

// Client asks X. It is safe for concurrent use.
type Client struct {
	base    string
	http    *http.Client
	timeout time.Duration
	now     func() time.Time
	limits  limits
	newer   atomic.Bool // which names of fields X takes (see fields)
}

// New returns a client.
func New(o Options) *Client {
	c := &Client{base: strings.TrimSuffix(o.Base, "/"), http: o.HTTP, timeout: o.Timeout, now: o.Now}
	if c.base == "" {
		c.base = Base
	}
	if c.http == nil {
		c.http = http.DefaultClient
	}
	if c.timeout <= 0 {
		c.timeout = time.Minute
	}
	if c.now == nil {
		c.now = time.Now
	}
	return c
}

// open sends a request and returns its answer if it is a good one.
func (c *Client) open(ctx context.Context, method, path string, q url.Values, body any) (*http.Response, error) {
	target := c.base + path
	if len(q) > 0 {
		target += "?" + q.Encode()
	}
	var payload io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, &collectors.Fault{Cause: post.Misconfigured, Err: fmt.Errorf("writing the request to %s: %w", path, err)}
		}
		payload = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, target, payload)
	if err != nil {
		return nil, &collectors.Fault{
			Cause: post.Misconfigured, Err: fmt.Errorf("no request can be made to %s", path),
			Advice: "check the address of X's API in the configuration",
		}
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	resp, err := c.http.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, collectors.FromError(err)
	}
	c.limits.note(method+" "+path, resp.Header)
	if resp.StatusCode/100 == 2 {
		return resp, nil
	}
	defer resp.Body.Close() //nolint:errcheck // nothing more is wanted of it
	return nil, c.refusal(path, resp)
}

// call sends a request and decodes its answer into v; the raw bytes are
// returned too.
func (c *Client) call(ctx context.Context, method, path string, q url.Values, body, v any) ([]byte, error) {
	timed, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	resp, err := c.open(timed, method, path, q, body) //nolint:bodyclose // ReadBody closes it
	var raw []byte
	if err == nil {
		raw, err = dial.ReadBody(resp, MaxPage)
	}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, collectors.FromError(err)
	}
	if err := decode(raw, v); err != nil {
		return nil, protocol(path, "cannot be read: "+err.Error())
	}
	return raw, nil
}

func protocol(path, what string) error {
	return &collectors.Fault{Cause: post.Protocol, Err: fmt.Errorf("the answer of %s %s", path, what)}
}
