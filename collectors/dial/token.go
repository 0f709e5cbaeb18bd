package dial

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/idna"

	"winnow/collectors"
	"winnow/pipeline/post"
)

// origin is where a URL leads: the triple that tokens are pinned to.
type origin struct {
	scheme, host, port string
}

// originOf returns where u leads; false if it is none of http, https, ws and
// wss, or names no host. A WebSocket has the origin of its handshake.
func originOf(u *url.URL) (origin, bool) {
	o := origin{scheme: strings.ToLower(u.Scheme), host: u.Hostname(), port: u.Port()}
	switch o.scheme {
	case "http", "ws":
		o.scheme = "http"
		if o.port == "" {
			o.port = "80"
		}
	case "https", "wss":
		o.scheme = "https"
		if o.port == "" {
			o.port = "443"
		}
	default:
		return origin{}, false
	}
	for i := range len(o.host) {
		if o.host[i] >= 0x80 { // as net/http does before it resolves
			ascii, err := idna.Lookup.ToASCII(o.host)
			if err != nil {
				return origin{}, false
			}
			o.host = ascii
			break
		}
	}
	o.host = strings.ToLower(o.host)
	return o, o.host != ""
}

// SameOrigin reports whether two URLs lead to the same scheme, host and port.
// The scheme of a WebSocket is that of its handshake; case does not matter, and
// neither does a port that is the scheme's own. Sources ask it before they
// follow an address that a platform supplied.
func SameOrigin(a, b *url.URL) bool {
	x, ok := originOf(a)
	if !ok {
		return false
	}
	y, ok := originOf(b)
	return ok && x == y
}

// WithToken returns a client that sends the token in the header of every
// request to origin, which is scheme://host[:port] with any of the schemes
// https, wss, http and ws, and to no other. The last two are refused, as a
// *collectors.Fault from each request, unless the host is this machine's
// loopback or c was made with AllowPrivate. An empty token is never sent.
func WithToken(c *http.Client, origin, token string) *http.Client {
	base := c.Transport
	if base == nil {
		base = http.DefaultTransport
	}
	t := &bearer{base: base}
	if token != "" {
		t.header = "Bearer " + token
	}
	u, err := url.Parse(origin)
	var ok bool
	if err == nil {
		t.origin, ok = originOf(u)
	}
	switch {
	case token == "":
	case !ok:
		t.err = errors.New("the address that a token belongs to is not of the form https://host")
	case t.origin.scheme == "http" && !isLoopback(t.origin.host) && !allowsPrivate(base):
		t.err = fmt.Errorf("a token is not sent to %s over plain HTTP, where anybody can read it", t.origin.host)
	}
	out := *c
	out.Transport = t
	return &out
}

// allowsPrivate reports whether a transport was made with AllowPrivate.
func allowsPrivate(rt http.RoundTripper) bool {
	switch rt := rt.(type) {
	case *transport:
		return rt.allowPrivate
	case *bearer:
		return allowsPrivate(rt.base)
	default:
		return false
	}
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.Unmap().IsLoopback()
}

// bearer adds a token to the requests to one origin.
type bearer struct {
	base   http.RoundTripper
	origin origin
	header string
	err    error
}

// RoundTrip implements http.RoundTripper.
func (t *bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	if t.err != nil {
		closeBody(r)
		return nil, &collectors.Fault{Cause: post.Misconfigured, Advice: "configure the platform's address with https://", Err: t.err}
	}
	if o, ok := originOf(r.URL); ok && o == t.origin && t.header != "" {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", t.header)
	}
	return t.base.RoundTrip(r)
}

// CloseIdleConnections is called by the method of http.Client.
func (t *bearer) CloseIdleConnections() {
	if c, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
