package dial

import (
	"net"
	"net/url"
	"strings"
	"testing"

	"winnow/pipeline/post"
)

// lines is a server that greets.
func lines(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("220 hello\r\n"))
			_ = c.Close()
		}
	}()
	return l.Addr().String()
}

// greeting connects and reads what the server says.
func greeting(t *testing.T, o Options, address string) (string, error) {
	t.Helper()
	open, err := buildConn(o, noResolver(t))
	if err != nil {
		t.Fatal(err)
	}
	c, err := open(t.Context(), "tcp", address)
	if err != nil {
		return "", err
	}
	defer func() { _ = c.Close() }()
	b := make([]byte, 3)
	if _, err := c.Read(b); err != nil {
		t.Fatal(err)
	}
	return string(b), nil
}

func TestConnGoesThroughSocks(t *testing.T) {
	proxy := newSocks(t, lines(t), "watcher", "pa:ss/word")
	u := url.URL{Scheme: "socks5h", Host: proxy.addr, User: url.UserPassword("watcher", "pa:ss/word")}
	if got, err := greeting(t, Options{Proxy: u.String()}, "mail.example:587"); err != nil || got != "220" {
		t.Fatalf("got %q, %v", got, err)
	}
	if len(proxy.hosts) != 1 || proxy.hosts[0] != "mail.example:587" {
		t.Errorf("the proxy was asked for %q, want the name", proxy.hosts)
	}
	_, err := greeting(t, Options{Proxy: u.String()}, "10.1.2.3:25")
	wantFault(t, err, post.Misconfigured)
	if len(proxy.hosts) != 1 {
		t.Errorf("the proxy was asked for %q", proxy.hosts)
	}
}

func TestConnStaysOutOfPrivateNetworks(t *testing.T) {
	address := lines(t)
	_, err := greeting(t, Options{}, address)
	wantFault(t, err, post.Misconfigured)
	if got, err := greeting(t, Options{AllowPrivate: true}, address); err != nil || got != "220" {
		t.Errorf("allowed: %q, %v", got, err)
	}
}

func TestConnWantsSocks(t *testing.T) {
	for _, proxy := range []string{"http://watcher:s3cret@proxy.example:3128", "socks5h://watcher:s3cret@[::1", "ftp://watcher:s3cret@host:21"} {
		if _, err := Conn(Options{Proxy: proxy}); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("got %v", err)
		}
	}
}
