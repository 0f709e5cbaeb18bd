package guard

import (
	"cmp"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestGuard(t *testing.T) {
	h, err := New([]string{"desk.example.org", "Wall.Example.net:8443", "192.0.2.7", "2001:db8::7"}, []string{"/login"}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name    string
		method  string
		path    string
		host    string
		headers map[string]string
		status  int
	}{
		{name: "localhost", host: "localhost", status: 200},
		{name: "localhost with a port", host: "localhost:8080", status: 200},
		{name: "localhost forwarded to another port", host: "LOCALHOST:9999", status: 200},
		{name: "final dot", host: "localhost.:8080", status: 200},
		{name: "loopback v4", host: "127.0.0.1:8080", status: 200},
		{name: "other loopback v4", host: "127.8.9.1", status: 200},
		{name: "loopback v6", host: "[::1]:8080", status: 200},
		{name: "loopback v6 without a port", host: "[::1]", status: 200},
		{name: "allowed name", host: "desk.example.org", status: 200},
		{name: "allowed name, any port", host: "desk.example.org:1234", status: 200},
		{name: "allowed name with its port", host: "wall.example.net:8443", status: 200},
		{name: "allowed v4", host: "192.0.2.7:8080", status: 200},
		{name: "allowed v6", host: "[2001:DB8:0::7]:8080", status: 200},

		{name: "allowed name with another port", host: "wall.example.net:8080", status: 421},
		{name: "rebound name", host: "evil.example", status: 421},
		{name: "rebound name with the port", host: "evil.example:8080", status: 421},
		{name: "name that begins like localhost", host: "localhost.evil.example", status: 421},
		{name: "name that ends like an allowed one", host: "evil-desk.example.org", status: 421},
		{name: "name that looks like an address", host: "127.0.0.1.evil.example", status: 421},
		{name: "address of this machine in a network", host: "192.168.1.5:8080", status: 421},
		{name: "unspecified address", host: "0.0.0.0:8080", status: 421},
		{name: "no name", host: "", status: 421},
		{name: "only a port", host: ":8080", status: 421},
		{name: "empty port", host: "localhost:", status: 421},
		{name: "port that is none", host: "localhost:80a", status: 421},
		{name: "signed port", host: "localhost:+80", status: 421},
		{name: "two ports", host: "localhost:80:80", status: 421},
		{name: "v6 without brackets", host: "::1", status: 421},
		{name: "v6 with a zone", host: "[::1%25lo]:80", status: 421},
		{name: "credentials", host: "localhost@evil.example", status: 421},

		{name: "link from elsewhere", host: "localhost", status: 200, headers: map[string]string{
			"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document",
		}},
		{name: "frame elsewhere", host: "localhost", status: 403, headers: map[string]string{
			"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe",
		}},
		{name: "image elsewhere", host: "localhost", status: 403, headers: map[string]string{
			"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image",
		}},
		{name: "fetch by another port of this machine", host: "localhost", status: 403, headers: map[string]string{
			"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty",
		}},
		{name: "own style sheet", host: "localhost", status: 200, headers: map[string]string{
			"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "style",
		}},
		{name: "address typed in", host: "localhost", status: 200, headers: map[string]string{
			"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document",
		}},

		{name: "HEAD", method: http.MethodHead, host: "localhost", status: 200},
		{name: "POST by a program", method: http.MethodPost, host: "localhost", status: 405},
		{name: "POST by this page", method: http.MethodPost, host: "localhost", status: 405, headers: map[string]string{"Sec-Fetch-Site": "same-origin"}},
		{name: "POST by another page", method: http.MethodPost, host: "localhost", status: 403, headers: map[string]string{
			"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document",
		}},
		{name: "POST by an old browser from elsewhere", method: http.MethodPost, host: "localhost", status: 403, headers: map[string]string{"Origin": "https://evil.example"}},
		{name: "POST by an old browser from here", method: http.MethodPost, host: "localhost:80", status: 405, headers: map[string]string{"Origin": "http://localhost:80"}},
		{name: "DELETE from a sandbox", method: http.MethodDelete, host: "localhost", status: 403, headers: map[string]string{"Origin": "null"}},
		{name: "form of this page", method: http.MethodPost, path: "/login", host: "localhost", status: 200, headers: map[string]string{"Sec-Fetch-Site": "same-origin"}},
		{name: "form in an old browser", method: http.MethodPost, path: "/login", host: "localhost:80", status: 200, headers: map[string]string{"Origin": "http://localhost:80"}},
		{name: "form of a program", method: http.MethodPost, path: "/login", host: "localhost", status: 200},
		{name: "form elsewhere", method: http.MethodPost, path: "/login", host: "localhost", status: 403, headers: map[string]string{
			"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document",
		}},
		{name: "form on another port of this machine", method: http.MethodPost, path: "/login", host: "localhost:80", status: 403, headers: map[string]string{
			"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document",
		}},
		{name: "form elsewhere in an old browser", method: http.MethodPost, path: "/login", host: "localhost", status: 403, headers: map[string]string{"Origin": "https://evil.example"}},
		{name: "form in a sandbox", method: http.MethodPost, path: "/login", host: "localhost", status: 403, headers: map[string]string{"Origin": "null"}},
		{name: "form at a rebound name", method: http.MethodPost, path: "/login", host: "evil.example", status: 421, headers: map[string]string{"Sec-Fetch-Site": "same-origin"}},
		{name: "form to another path", method: http.MethodPost, path: "/login/", host: "localhost", status: 405, headers: map[string]string{"Sec-Fetch-Site": "same-origin"}},
		{name: "PUT to a form", method: http.MethodPut, path: "/login", host: "localhost", status: 405, headers: map[string]string{"Sec-Fetch-Site": "same-origin"}},

		{name: "OPTIONS", method: http.MethodOptions, host: "localhost", status: 405},
		{name: "TRACE", method: http.MethodTrace, host: "localhost", status: 405},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.method == "" {
				test.method = http.MethodGet
			}
			r := httptest.NewRequest(test.method, cmp.Or(test.path, "/about"), nil)
			r.Host = test.host
			for k, v := range test.headers {
				r.Header.Set(k, v)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != test.status {
				t.Errorf("status %d, want %d", w.Code, test.status)
			}
			for header, want := range map[string]string{
				"Content-Security-Policy": contentPolicy, "X-Content-Type-Options": "nosniff",
				"Referrer-Policy": "same-origin", "X-Frame-Options": "DENY",
				"Set-Cookie": "", "Access-Control-Allow-Origin": "",
			} {
				if got := w.Header().Get(header); got != want {
					t.Errorf("%s: %q, want %q", header, got, want)
				}
			}
		})
	}
}

// Property: a Host header is only ever accepted if, read the way browsers read
// it, it names the loopback or an allowed host; so no header with a character
// outside those of host names is.
func FuzzHost(f *testing.F) {
	for _, s := range []string{"localhost:80", "[::1]:1", "desk.example.org", "127.0.0.1", "[::ffff:127.0.0.1]:80", "evil.example"} {
		f.Add(s)
	}
	g, err := New([]string{"desk.example.org"}, nil, http.NotFoundHandler())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, header string) {
		host, ok := parseHost(header)
		if !ok {
			if g.allowed(header) {
				t.Fatalf("%q cannot be read and is allowed", header)
			}
			return
		}
		for _, c := range []byte(header) {
			if c <= ' ' || c >= 0x7f || c == '/' || c == '@' || c == '\\' {
				t.Fatalf("%q was read as a host", header)
			}
		}
		want := host.loopback() || host.name == "desk.example.org"
		if got := g.allowed(header); got != want {
			t.Fatalf("%q allowed: %v, want %v", header, got, want)
		}
	})
}
