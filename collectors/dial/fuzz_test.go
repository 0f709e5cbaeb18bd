package dial

import (
	"net"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/idna"
)

// dialled is where net/http connects to for a URL, in its own way.
func dialled(u *url.URL) string {
	host, port := u.Hostname(), u.Port()
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	if port == "" {
		port = map[string]string{"http": "80", "ws": "80", "https": "443", "wss": "443"}[u.Scheme]
	}
	return net.JoinHostPort(strings.ToLower(host), port)
}

// Two URLs have the same origin only if a client would connect to the same
// address for both, with or without encryption for both; the relation is
// symmetric, and path, query and user do not matter.
func FuzzSameOrigin(f *testing.F) {
	for _, pair := range [][2]string{
		{"https://social.example", "https://SOCIAL.example:443/api?x=1"},
		{"https://social.example", "wss://social.example/stream"},
		{"https://social.example", "http://social.example"},
		{"https://social.example", "https://social.example.evil.example"},
		{"https://social.example", "https://social.example@evil.example"},
		{"https://social.example", `https://social.example\@evil.example`},
		{"https://social.example", "https://social.example:444"},
		{"http://[::1]:80", "http://[::1]"},
		{"https://b\u00fccher.example", "https://xn--bcher-kva.example"},
		{"https://b\u00fccher.example", "https://B\u00dcCHER.example"},
		{"https://social.example.", "https://social.example"},
		{"https://", "https://"},
		{"file:///a", "file:///a"},
		{"https://[fe80::1%25a]", "https://[fe80::1%25A]"},
	} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, err := url.Parse(a)
		if err != nil {
			return
		}
		y, err := url.Parse(b)
		if err != nil {
			return
		}
		same := SameOrigin(x, y)
		if same != SameOrigin(y, x) {
			t.Errorf("%q and %q: not symmetric", a, b)
		}
		bare := url.URL{Scheme: y.Scheme, Host: y.Host}
		if same != SameOrigin(x, &bare) {
			t.Errorf("%q and %q: more than scheme and host counts", a, b)
		}
		if !same {
			return
		}
		if dialled(x) != dialled(y) {
			t.Errorf("%q and %q have the same origin, but lead to %s and %s", a, b, dialled(x), dialled(y))
		}
		secure := func(u *url.URL) bool { return u.Scheme == "https" || u.Scheme == "wss" }
		if secure(x) != secure(y) {
			t.Errorf("%q and %q have the same origin, but only one is encrypted", a, b)
		}
		if x.Hostname() == "" {
			t.Errorf("%q has an origin without a host", a)
		}
	})
}

// The pairs of seeds, decided by hand.
func TestSameOrigin(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"https://social.example", "https://SOCIAL.example:443/api?x=1", true},
		{"https://social.example", "wss://social.example/stream", true},
		{"http://social.example:80", "ws://social.example", true},
		{"http://[::1]:80", "http://[::1]", true},
		{"https://b\u00fccher.example", "https://xn--bcher-kva.example", true},
		{"https://social.example", "http://social.example", false},
		{"https://social.example", "http://social.example:443", false},
		{"https://social.example", "https://social.example.evil.example", false},
		{"https://social.example", "https://social.example@evil.example", false},
		{"https://social.example", "https://social.example:444", false},
		{"https://social.example", "https://social.example.", false},
		{"https://social.example", "//social.example", false},
		{"https://", "https://", false},
		{"file:///a", "file:///a", false},
	} {
		x, err := url.Parse(c.a)
		if err != nil {
			t.Fatal(err)
		}
		y, err := url.Parse(c.b)
		if err != nil {
			t.Fatal(err)
		}
		if got := SameOrigin(x, y); got != c.want {
			t.Errorf("SameOrigin(%s, %s) = %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
