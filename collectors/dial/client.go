package dial

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/http/httpproxy"

	"winnow/collectors"
	"winnow/pipeline/post"
)

const (
	// defaultTimeout is for each step until an answer begins.
	defaultTimeout = 15 * time.Second
	// maxRedirects is how many redirects a request may follow.
	maxRedirects = 5
	// maxHeader bounds the header of an answer, in bytes.
	maxHeader = 256 << 10
	// defaultAgent says who asks, and nothing about this machine.
	defaultAgent = "winnow"
)

// Options is how a source reaches its platform.
type Options struct {
	// Proxy is a URL with the scheme socks5, socks5h, http or https. Names are
	// resolved by the proxy, so that a SOCKS proxy hides them from the local
	// network; the proxy itself may be at a private address (Tor at
	// socks5h://127.0.0.1:9050). Empty leaves it to the usual variables of the
	// environment, HTTPS_PROXY, HTTP_PROXY and NO_PROXY, as they are now.
	Proxy string
	// AllowPrivate allows addresses of private networks and of this machine,
	// and a token over plain HTTP. Behind a proxy only addresses written as
	// such can be refused, since the proxy resolves names.
	AllowPrivate bool
	// UserAgent is sent with requests that set none: "winnow/1.2". Empty is "winnow".
	UserAgent string
	// Timeout bounds each of connecting, the TLS handshake and the wait for
	// the header of an answer. Zero is 15 s.
	Timeout time.Duration
}

// New returns a client that keeps to o. It sets no limit on how long an answer
// may take once it began, so that it can carry streams: the context of a
// request ends it. Redirects are followed only within scheme, host and port.
//
// It speaks HTTP/1.1, over which WebSockets work and each stream has a
// connection of its own: one that went silent is never used again.
//
// A refusal that trying again cannot change is a *collectors.Fault. The only
// errors of New itself are proxies that make no sense; they do not repeat the
// URL, which may hold a password.
func New(o Options) (*http.Client, error) {
	return build(o, nil)
}

// build is New with a resolver of names, nil for the system's.
func build(o Options, resolver *net.Resolver) (*http.Client, error) {
	proxy, err := proxyFunc(o.Proxy)
	if err != nil {
		return nil, err
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.UserAgent == "" {
		o.UserAgent = defaultAgent
	}
	dialer := &net.Dialer{
		Timeout:  o.Timeout,
		Resolver: resolver,
		// A peer that vanished without a word is noticed after about a minute,
		// even where nobody counts bytes.
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 30 * time.Second, Interval: 10 * time.Second, Count: 3},
	}
	guarded := *dialer
	if !o.AllowPrivate {
		guarded.ControlContext = control
	}
	t := &transport{
		direct:       newTransport(o, &guarded, nil),
		proxied:      newTransport(o, dialer, proxy),
		proxy:        proxy,
		allowPrivate: o.AllowPrivate,
		agent:        o.UserAgent,
	}
	return &http.Client{Transport: t, CheckRedirect: checkRedirect}, nil
}

func newTransport(o Options, dialer *net.Dialer, proxy func(*http.Request) (*url.URL, error)) *http.Transport {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  proxy,
		DialContext:            dialer.DialContext,
		Protocols:              &protocols,
		TLSHandshakeTimeout:    o.Timeout,
		ResponseHeaderTimeout:  o.Timeout,
		MaxResponseHeaderBytes: maxHeader,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        time.Minute,
	}
}

// proxyFunc tells the proxy for a request, which is nil for none.
func proxyFunc(configured string) (func(*http.Request) (*url.URL, error), error) {
	if configured != "" {
		u, err := parseProxy(configured)
		if err != nil {
			return nil, err
		}
		return http.ProxyURL(u), nil
	}
	env := httpproxy.FromEnvironment()
	for name, value := range map[string]string{"HTTP_PROXY": env.HTTPProxy, "HTTPS_PROXY": env.HTTPSProxy} {
		if value == "" {
			continue
		}
		if !strings.Contains(value, "://") { // host:port, as others take it too
			value = "http://" + value
		}
		// What cannot be read would be passed over, and everything sent
		// directly, though somebody did not want that.
		if _, err := parseProxy(value); err != nil {
			return nil, fmt.Errorf("reading %s from the environment: %w", name, err)
		}
	}
	of := env.ProxyFunc()
	return func(r *http.Request) (*url.URL, error) { return of(r.URL) }, nil
}

// parseProxy reads a proxy's URL; its errors do not repeat it.
func parseProxy(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New("the proxy is no URL: write it as socks5h://host:port or http://host:port")
	}
	switch u.Scheme {
	case "socks5", "socks5h", "http", "https":
		return u, nil
	default:
		return nil, fmt.Errorf("a proxy with the scheme %q cannot be used: write it as socks5h://host:port or http://host:port", u.Scheme)
	}
}

// transport sends what needs a proxy there, and guards where the rest goes.
type transport struct {
	direct, proxied *http.Transport
	proxy           func(*http.Request) (*url.URL, error)
	allowPrivate    bool
	agent           string
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	via, err := t.proxy(r)
	if err != nil {
		closeBody(r)
		return nil, err
	}
	if !t.allowPrivate {
		if err := checkHost(r.URL.Hostname()); err != nil {
			closeBody(r)
			return nil, err
		}
	}
	if r.Header.Get("User-Agent") == "" {
		r = r.Clone(r.Context())
		r.Header.Set("User-Agent", t.agent)
	}
	if via != nil {
		return t.proxied.RoundTrip(r)
	}
	return t.direct.RoundTrip(r)
}

// CloseIdleConnections is called by the method of http.Client.
func (t *transport) CloseIdleConnections() {
	t.direct.CloseIdleConnections()
	t.proxied.CloseIdleConnections()
}

// closeBody does what a RoundTripper owes even to requests that it refuses.
func closeBody(r *http.Request) {
	if r.Body != nil {
		r.Body.Close()
	}
}

// checkRedirect refuses to leave the origin: what is asked of one host is the
// business of no other.
func checkRedirect(next *http.Request, via []*http.Request) error {
	if len(via) >= maxRedirects {
		return &collectors.Fault{Cause: post.Unavailable, Err: fmt.Errorf("%s redirects more than %d times", via[0].URL.Hostname(), maxRedirects)}
	}
	from := via[len(via)-1].URL
	if SameOrigin(from, next.URL) {
		return nil
	}
	f := &collectors.Fault{
		Cause:  post.Unavailable, // such as a page about maintenance
		Advice: "if the platform moved, configure its new address",
		Err:    fmt.Errorf("%s redirects to %s, which was not followed", shown(from), shown(next.URL)),
	}
	if r := next.Response; r != nil && (r.StatusCode == http.StatusMovedPermanently || r.StatusCode == http.StatusPermanentRedirect) {
		f.Cause = post.Misconfigured
		f.Advice = "the platform moved: configure its new address"
	}
	return f
}

// shown is a URL for people: no user, path or query, which may hold secrets or
// names of accounts, and no more than fits in a line.
func shown(u *url.URL) string {
	text := u.Scheme + "://" + u.Host
	if len(text) > 100 {
		text = strings.ToValidUTF8(text[:100], "") + "…"
	}
	return text
}
