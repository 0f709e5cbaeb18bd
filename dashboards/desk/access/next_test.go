package access

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestNext(t *testing.T) {
	for next, want := range map[string]string{
		"/":                              "/",
		"/about":                         "/about",
		"/campaign?name=a%26b&range=7d":  "/campaign?name=a%26b&range=7d",
		"/campaign?name=%23Baku2015":     "/campaign?name=%23Baku2015",
		"/campaign?next=//evil.example":  "/campaign?next=//evil.example",
		"":                               "/",
		"about":                          "/",
		"//evil.example":                 "/",
		"///evil.example":                "/",
		"/\\evil.example":                "/",
		"\\\\evil.example":               "/",
		"/%5cevil.example":               "/",
		"/%2f%2fevil.example":            "/",
		"/%2e%2e/about":                  "/",
		"/..//evil.example":              "/",
		"/campaign/../../etc/passwd":     "/",
		"/./about":                       "/",
		"/about/":                        "/",
		"https://evil.example":           "/",
		"https:evil.example":             "/",
		"javascript:alert(1)":            "/",
		"/\tevil.example":                "/",
		"/\t/evil.example":               "/",
		"/about\r\nSet-Cookie: winnow=x": "/",
		"/about\nLocation: /":            "/",
		"/about ":                        "/",
		" /about":                        "/",
		"/əbout":                         "/",
		"/about#//evil.example":          "/",
		"/login":                         "/",
		"/login?next=/login":             "/",
		"/logout":                        "/",
		"/" + strings.Repeat("a", 3000):  "/",
		"/%zz":                           "/",
		"/@evil.example":                 "/@evil.example",
	} {
		if got := SafeNext(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

// Whatever stands in next, after log-in the browser stays at the desk, and no
// header but Location comes of it.
func TestNextIsFollowed(t *testing.T) {
	h := newHouse(t, Options{})
	for _, next := range []string{"//evil.example", "/\\evil.example", "/about\r\nX-Evil: 1", "https://evil.example/", "/..//evil.example"} {
		w := h.ask(http.MethodPost, "/login", form("anna", annas, next))
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/" || w.Header().Get("X-Evil") != "" {
			t.Errorf("%q: %d %q", next, w.Code, w.Header())
		}
		if w := h.ask(http.MethodGet, "/login?next="+url.QueryEscape(next), ""); w.Body.String() != "form next=/ problem=" {
			t.Errorf("%q: %s", next, w.Body)
		}
	}
}

// Property: wherever it leads is a path of this host in the eyes of a browser,
// which takes \ for / and drops tabs and line ends, and is left alone by a second
// look.
func FuzzNext(f *testing.F) {
	for _, s := range []string{"/", "/a?b=c", "//evil.example", "/\\evil", "/a/../..//b", "javascript:x", "/%2f/evil.example", "/a%0d%0ab", "/;@evil.example:80/"} {
		f.Add(s)
	}
	base, err := url.Parse("https://desk.example.org/login")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, next string) {
		got := SafeNext(next)
		browser := strings.NewReplacer("\\", "/", "\t", "", "\n", "", "\r", "").Replace(got)
		if browser != got || !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || strings.Contains(strings.SplitN(got, "?", 2)[0], "..") && SafeNext(got) != got {
			t.Fatalf("%q leads to %q", next, got)
		}
		u, err := base.Parse(got)
		if err != nil || u.Scheme != "https" || u.Host != "desk.example.org" || u.User != nil {
			t.Fatalf("%q leads to %v, %v", next, u, err)
		}
		if u.Path == loginPath || u.Path == logoutPath {
			t.Fatalf("%q leads back to %s", next, u.Path)
		}
		if again := SafeNext(got); again != got {
			t.Fatalf("%q leads to %q, which leads to %q", next, got, again)
		}
		for _, c := range []byte(got) {
			if c <= ' ' || c >= 0x7f {
				t.Fatalf("%q leads to %q", next, got)
			}
		}
	})
}
