package dial

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"winnow/collectors"
	"winnow/pipeline/post"
)

// socks is a SOCKS5 server that leads every connection to one address.
type socks struct {
	addr, user, password string

	mu    sync.Mutex
	hosts []string // asked for, as they came: a name, or an address
}

// newSocks starts one in front of target; it asks for a password if user is
// not empty.
func newSocks(t *testing.T, target, user, password string) *socks {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &socks{addr: l.Addr().String(), user: user, password: password}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				defer c.Close()
				if err := s.serve(c, target); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) {
					t.Logf("socks: %v", err)
				}
			})
		}
	})
	t.Cleanup(func() { l.Close(); running.Wait() })
	return s
}

func (s *socks) serve(c net.Conn, target string) error {
	r := bufio.NewReader(c)
	some := func(n int) ([]byte, error) {
		b := make([]byte, n)
		_, err := io.ReadFull(r, b)
		return b, err
	}
	text := func() (string, error) {
		n, err := r.ReadByte()
		if err != nil {
			return "", err
		}
		b, err := some(int(n))
		return string(b), err
	}
	if _, err := r.ReadByte(); err != nil { // version
		return err
	}
	if _, err := text(); err != nil { // methods
		return err
	}
	if s.user == "" {
		c.Write([]byte{5, 0})
	} else {
		c.Write([]byte{5, 2})
		if _, err := r.ReadByte(); err != nil {
			return err
		}
		user, err := text()
		if err != nil {
			return err
		}
		password, err := text()
		if err != nil {
			return err
		}
		if user != s.user || password != s.password {
			c.Write([]byte{1, 1})
			return nil
		}
		c.Write([]byte{1, 0})
	}
	head, err := some(4)
	if err != nil {
		return err
	}
	var host string
	switch head[3] {
	case 1:
		b, err := some(4)
		if err != nil {
			return err
		}
		host = net.IP(b).String()
	case 3:
		if host, err = text(); err != nil {
			return err
		}
	case 4:
		b, err := some(16)
		if err != nil {
			return err
		}
		host = net.IP(b).String()
	}
	port, err := some(2)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.hosts = append(s.hosts, net.JoinHostPort(host, strconv.Itoa(int(binary.BigEndian.Uint16(port)))))
	s.mu.Unlock()
	up, err := net.Dial("tcp", target) //nolint:noctx // a test against loopback
	if err != nil {
		return err
	}
	defer up.Close()
	c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	done := make(chan struct{})
	go func() {
		defer close(done)
		io.Copy(up, r) //nolint:errcheck // either end may go away
		up.Close()
	}()
	io.Copy(c, up) //nolint:errcheck // either end may go away
	c.Close()
	<-done
	return nil
}

// noResolver fails the test if a name is resolved on this machine.
func noResolver(t *testing.T) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		t.Error("a name was resolved here, and not by the proxy")
		return nil, errors.New("not allowed")
	}}
}

// get asks for a URL and returns the body of the answer.
func get(t *testing.T, c *http.Client, url string) (string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(req)
	if err != nil {
		return "", err
	}
	body, err := ReadBody(resp, 1<<20)
	return string(body), err
}

// client builds one and closes it with the test.
func client(t *testing.T, o Options, r *net.Resolver) *http.Client {
	t.Helper()
	c, err := build(o, r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// server answers every request with text.
func server(t *testing.T, text string) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte(text))
	}))
	t.Cleanup(s.Close)
	return s
}

// wantFault fails the test unless err is a fault with the cause.
func wantFault(t *testing.T, err error, cause post.Cause) *collectors.Fault {
	t.Helper()
	var f *collectors.Fault
	if !errors.As(err, &f) {
		t.Fatalf("got error %v, want a fault", err)
	}
	if f.Cause != cause {
		t.Errorf("got cause %q, want %q: %v", f.Cause, cause, err)
	}
	if f.Advice == "" && f.Final() {
		t.Errorf("no advice with %v", err)
	}
	return f
}

// Names go to a SOCKS proxy as they are, so that no resolver learns of them; the
// proxy's own address may be private while the source's may not.
func TestSocksResolvesNames(t *testing.T) {
	for _, scheme := range []string{"socks5", "socks5h"} {
		t.Run(scheme, func(t *testing.T) {
			web := server(t, "hello")
			proxy := newSocks(t, web.Listener.Addr().String(), "watcher", "pa:ss/word")
			u := url.URL{Scheme: scheme, Host: proxy.addr, User: url.UserPassword("watcher", "pa:ss/word")}
			c := client(t, Options{Proxy: u.String()}, noResolver(t))
			body, err := get(t, c, "http://social.example/")
			if err != nil || body != "hello" {
				t.Fatalf("got %q, %v", body, err)
			}
			if len(proxy.hosts) != 1 || proxy.hosts[0] != "social.example:80" {
				t.Errorf("the proxy was asked for %q, want the name", proxy.hosts)
			}
		})
	}
}

// What is written as a private address is refused in front of a proxy too,
// since it may stand inside a network of its own.
func TestProxyIsNotAskedForPrivateAddresses(t *testing.T) {
	web := server(t, "hello")
	proxy := newSocks(t, web.Listener.Addr().String(), "", "")
	c := client(t, Options{Proxy: "socks5h://" + proxy.addr}, noResolver(t))
	for _, host := range []string{"127.0.0.1", "10.1.2.3", "[::1]", "[fe80::1%25eth0]", "localhost", "LOCALHOST.", "a.localhost", "169.254.169.254", "[::ffff:192.168.1.1]"} {
		_, err := get(t, c, "http://"+host+"/")
		wantFault(t, err, post.Misconfigured)
	}
	if len(proxy.hosts) != 0 {
		t.Errorf("the proxy was asked for %q", proxy.hosts)
	}
	c = client(t, Options{Proxy: "socks5h://" + proxy.addr, AllowPrivate: true}, noResolver(t))
	if _, err := get(t, c, "http://10.1.2.3/"); err != nil {
		t.Errorf("with private addresses allowed: %v", err)
	}
}

// Whatever is wrong with a proxy, no error repeats its password.
func TestPasswordOfProxyStaysSecret(t *testing.T) {
	web := server(t, "hello")
	strict := newSocks(t, web.Listener.Addr().String(), "watcher", "right")
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	defer refusing.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for _, c := range []struct{ name, proxy, target string }{
		{"no URL", "socks5h://watcher:s3cret@[::1", ""},
		{"bad port", "socks5h://watcher:s3cret@host:port", ""},
		{"no host", "socks5h://watcher:s3cret@", ""},
		{"control character", "socks5h://watcher:s3cret@ho\x00st:1", ""},
		{"scheme", "ftp://watcher:s3cret@host:21", ""},
		{"no scheme", "watcher:s3cret@host:21", ""},
		{"password refused by SOCKS", "socks5h://watcher:s3cret@" + strict.addr, "https://social.example/"},
		{"password refused by HTTP", "http://watcher:s3cret@" + refusing.Listener.Addr().String(), "https://social.example/"},
		{"SOCKS gone", "socks5h://watcher:s3cret@" + gone.Listener.Addr().String(), "https://social.example/"},
		{"HTTP gone", "http://watcher:s3cret@" + gone.Listener.Addr().String(), "http://social.example/"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, err := New(Options{Proxy: c.proxy})
			if c.target != "" {
				if err != nil {
					t.Fatal(err)
				}
				_, err = get(t, h, c.target)
			}
			if err == nil {
				t.Fatal("no error")
			}
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the password is in %q", err)
			}
		})
	}
}

// A proxy in the configuration wins over the environment, whose variables
// count otherwise.
func TestProxyOfTheEnvironment(t *testing.T) {
	named := func(name string) *httptest.Server { return server(t, name) }
	environment, configured := named("environment"), named("configured")
	t.Setenv("HTTP_PROXY", environment.URL)
	t.Setenv("http_proxy", environment.URL)
	t.Setenv("NO_PROXY", "direct.example")
	t.Setenv("no_proxy", "direct.example")
	t.Setenv("REQUEST_METHOD", "")

	body, err := get(t, client(t, Options{}, noResolver(t)), "http://social.example/")
	if err != nil || body != "environment" {
		t.Errorf("without a configured proxy: %q, %v", body, err)
	}
	body, err = get(t, client(t, Options{Proxy: configured.URL}, noResolver(t)), "http://direct.example/")
	if err != nil || body != "configured" {
		t.Errorf("with a configured proxy: %q, %v", body, err)
	}
	// What the environment exempts is reached directly, and guarded.
	_, err = get(t, client(t, Options{}, nil), "http://127.0.0.1:1/")
	wantFault(t, err, post.Misconfigured)

	// One that cannot be read must not mean none.
	for _, broken := range []string{"http://watcher:s3cret@ho\x7fst", "watcher:s3cret@[::1", "ftp://watcher:s3cret@host"} {
		t.Setenv("HTTP_PROXY", broken)
		t.Setenv("http_proxy", broken)
		if _, err := New(Options{}); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("with the proxy %q: %v", broken, err)
		}
		if _, err := New(Options{Proxy: configured.URL}); err != nil {
			t.Errorf("with a configured proxy beside: %v", err)
		}
	}
}
