package dial

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"winnow/pipeline/post"
)

func TestRedirects(t *testing.T) {
	other := server(t, "elsewhere")
	mux := http.NewServeMux()
	to := func(code int, target string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, code) }
	}
	mux.HandleFunc("/here", to(302, "/there?page=2"))
	mux.HandleFunc("/there", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("found")) })
	mux.HandleFunc("/round", to(302, "/round"))
	mux.HandleFunc("/away", to(302, other.URL+"/secret/path?handle=anna"))
	mux.HandleFunc("/moved", to(301, other.URL))
	mux.HandleFunc("/moved-for-good", to(308, other.URL))
	mux.HandleFunc("/file", to(302, "file:///etc/passwd"))
	web := httptest.NewServer(mux)
	defer web.Close()
	mux.HandleFunc("/tls", to(302, strings.Replace(web.URL, "http:", "https:", 1)))
	mux.HandleFunc("/name", to(302, strings.Replace(web.URL, "127.0.0.1", "localhost", 1)))

	c := client(t, Options{AllowPrivate: true}, nil)
	if body, err := get(t, c, web.URL+"/here"); err != nil || body != "found" {
		t.Errorf("within the origin: %q, %v", body, err)
	}
	for path, cause := range map[string]post.Cause{
		"/round": post.Unavailable, "/away": post.Unavailable, "/tls": post.Unavailable, "/name": post.Unavailable, "/file": post.Unavailable,
		"/moved": post.Misconfigured, "/moved-for-good": post.Misconfigured,
	} {
		t.Run(path, func(t *testing.T) {
			_, err := get(t, c, web.URL+path)
			f := wantFault(t, err, cause)
			if strings.Contains(f.Error(), "secret") || strings.Contains(f.Error(), "anna") {
				t.Errorf("the error tells too much: %v", f)
			}
		})
	}
}

// A slow answer is waited for only until it begins: streams may last.
func TestOnlyTheBeginningOfAnAnswerIsHurried(t *testing.T) {
	const limit = 50 * time.Millisecond
	wait := func(ctx context.Context) {
		select {
		case <-time.After(4 * limit):
		case <-ctx.Done():
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/late", func(_ http.ResponseWriter, r *http.Request) { wait(r.Context()) })
	mux.HandleFunc("/long", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "begin ") //nolint:errcheck // read below
		w.(http.Flusher).Flush()    //nolint:errcheck,forcetypeassert // net/http's always can
		wait(r.Context())
		io.WriteString(w, "end") //nolint:errcheck // read below
	})
	web := httptest.NewServer(mux)
	defer web.Close()
	c := client(t, Options{AllowPrivate: true, Timeout: limit}, nil)
	if _, err := get(t, c, web.URL+"/late"); err == nil {
		t.Error("an answer that does not begin was waited for")
	}
	if body, err := get(t, c, web.URL+"/long"); err != nil || body != "begin end" {
		t.Errorf("a long answer: %q, %v", body, err)
	}
}

func TestUserAgent(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(r.UserAgent()))
	}))
	defer web.Close()
	for in, want := range map[string]string{"": "winnow", "winnow/1.2 (+https://winnow.example)": "winnow/1.2 (+https://winnow.example)"} {
		c := client(t, Options{AllowPrivate: true, UserAgent: in}, nil)
		if got, err := get(t, c, web.URL); err != nil || got != want {
			t.Errorf("with %q: sent %q, %v, want %q", in, got, err, want)
		}
	}
}

// A token reaches its origin over HTTP and in a WebSocket's handshake, and
// nobody else, whatever redirects say.
func TestTokenStaysWithItsOrigin(t *testing.T) {
	echo := func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(r.Header.Get("Authorization"))) }
	mux := http.NewServeMux()
	mux.HandleFunc("/", echo)
	mux.HandleFunc("/ws", func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer c.CloseNow()
		if err := c.Write(r.Context(), websocket.MessageText, []byte(r.Header.Get("Authorization"))); err != nil {
			t.Error(err)
		}
	})
	own, other := httptest.NewTLSServer(mux), httptest.NewTLSServer(mux)
	defer own.Close()
	defer other.Close()
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL+"/", http.StatusFound) })
	mux.HandleFunc("/near", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) })

	plain := client(t, Options{AllowPrivate: true}, nil)
	tr, ok := plain.Transport.(*transport)
	if !ok {
		t.Fatalf("the transport is a %T", plain.Transport)
	}
	pool := own.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs //nolint:errcheck,forcetypeassert // httptest's
	pool.AddCert(other.Certificate())
	tr.direct.TLSClientConfig = own.Client().Transport.(*http.Transport).TLSClientConfig.Clone() //nolint:errcheck,forcetypeassert // httptest's

	const want = "Bearer t0ken"
	for _, origin := range []string{own.URL, strings.Replace(own.URL, "https", "WSS", 1), own.URL + "/api/v1"} {
		c := WithToken(plain, origin, "t0ken")
		for _, path := range []string{"/", "/near"} {
			if got, err := get(t, c, own.URL+path); err != nil || got != want {
				t.Errorf("%s of %s: sent %q, %v", path, origin, got, err)
			}
		}
		if got, err := get(t, c, other.URL+"/"); err != nil || got != "" {
			t.Errorf("to another origin than %s: sent %q, %v", origin, got, err)
		}
		if _, err := get(t, c, own.URL+"/away"); err == nil {
			t.Error("a redirect away was followed")
		}
		for server, want := range map[*httptest.Server]string{own: want, other: ""} {
			ws, resp, err := websocket.Dial(t.Context(), strings.Replace(server.URL, "https", "wss", 1)+"/ws", &websocket.DialOptions{HTTPClient: c})
			if err != nil {
				t.Fatal(err)
			}
			if resp.Body != nil {
				defer resp.Body.Close()
			}
			_, got, err := ws.Read(t.Context())
			if err != nil || string(got) != want {
				t.Errorf("in a handshake: sent %q, %v, want %q", got, err, want)
			}
			ws.CloseNow() //nolint:errcheck // only read
		}
	}
	if got, err := get(t, plain, own.URL+"/"); err != nil || got != "" {
		t.Errorf("the client that WithToken was given sends %q, %v", got, err)
	}
	if got, err := get(t, WithToken(plain, own.URL, ""), own.URL+"/"); err != nil || got != "" {
		t.Errorf("an empty token sends %q, %v", got, err)
	}
}

// Anybody on the way can read a token over plain HTTP; on this machine nobody
// is, and in a private network the operator may have said so.
func TestTokenOverPlainHTTP(t *testing.T) {
	clearProxies(t)
	seen := ""
	web := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r.Header.Get("Authorization") }))
	defer web.Close()
	through := func(o Options) *http.Client {
		o.Proxy = web.URL
		return client(t, o, nil)
	}
	for _, c := range []struct {
		origin string
		client *http.Client
		sent   bool
	}{
		{"http://social.example", through(Options{}), false},
		{"ws://social.example", through(Options{}), false},
		{"social.example", through(Options{}), false},
		{"://", through(Options{}), false},
		{"http://social.example", through(Options{AllowPrivate: true}), true},
		{"http://social.example", WithToken(through(Options{AllowPrivate: true}), "https://other.example", "other"), true},
		{"http://social.example", &http.Client{Transport: &http.Transport{}}, false},
	} {
		seen = ""
		_, err := get(t, WithToken(c.client, c.origin, "t0ken"), "http://social.example/")
		if c.sent {
			if err != nil || seen != "Bearer t0ken" {
				t.Errorf("%s: sent %q, %v", c.origin, seen, err)
			}
			continue
		}
		wantFault(t, err, post.Misconfigured)
		if seen != "" || strings.Contains(err.Error(), "t0ken") {
			t.Errorf("%s: sent %q, %v", c.origin, seen, err)
		}
	}
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]"} {
		req := &http.Request{URL: &url.URL{Scheme: "http", Host: host}, Header: http.Header{}}
		var sent string
		base := &http.Client{Transport: roundTrip(func(r *http.Request) { sent = r.Header.Get("Authorization") })}
		_, err := WithToken(base, "http://"+host, "t0ken").Transport.RoundTrip(req) //nolint:bodyclose // there is none
		if !errors.Is(err, errStop) || sent != "Bearer t0ken" || req.Header.Get("Authorization") != "" {
			t.Errorf("%s: sent %q, %v; the caller's request has %q", host, sent, err, req.Header.Get("Authorization"))
		}
	}
}

var errStop = errors.New("stop here")

// roundTrip looks at a request and sends it nowhere.
type roundTrip func(*http.Request)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	f(r)
	return nil, errStop
}

func TestReadBody(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/exact", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("x", 100)) })
	mux.HandleFunc("/more", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("x", 101)) })
	mux.HandleFunc("/chunked", func(w http.ResponseWriter, _ *http.Request) {
		for range 3 {
			fmt.Fprint(w, strings.Repeat("x", 50))
			w.(http.Flusher).Flush() //nolint:errcheck,forcetypeassert // net/http's always can
		}
	})
	mux.HandleFunc("/bomb", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(packed.Bytes())
	})
	mux.HandleFunc("/cut", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "90")
		fmt.Fprint(w, "short")
		w.(http.Flusher).Flush() //nolint:errcheck,forcetypeassert // net/http's always can
		panic(http.ErrAbortHandler)
	})
	web := httptest.NewServer(mux)
	defer web.Close()
	c := client(t, Options{AllowPrivate: true}, nil)
	ask := func(path string) ([]byte, error) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, web.URL+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		return ReadBody(resp, 100)
	}
	if body, err := ask("/exact"); err != nil || len(body) != 100 {
		t.Errorf("as much as is allowed: %d bytes, %v", len(body), err)
	}
	for _, path := range []string{"/more", "/chunked", "/bomb"} {
		_, err := ask(path)
		wantFault(t, err, post.Protocol)
	}
	if _, err := ask("/cut"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("an answer that was cut off: %v", err)
	}
}
