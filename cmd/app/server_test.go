package app

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener whose connections are pipes of this process, on which the
// test's clock runs.
type pipes struct {
	coming chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.coming:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }

// A client that is slow on purpose is cut off: while it sends its header, while it
// sends a form, while it reads, and when it says nothing more.
func TestSlowClients(t *testing.T) {
	const header = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
	for name, test := range map[string]struct {
		// sends is what comes at once, then is one byte every pause, for ever.
		sends, then string
		pause       time.Duration
		reads       bool
		within      time.Duration
	}{
		"nothing at all":      {"", "", time.Second, true, 10 * time.Second},
		"header byte by byte": {"GET / HTTP/1.1\r\n", "X", time.Second, true, 10 * time.Second},
		"form byte by byte":   {header, "a", time.Second, true, 30 * time.Second},
		"form that stops":     {header + "name=", "", time.Second, true, 30 * time.Second},
		"answer not read":     {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "", time.Second, false, time.Minute},
		"idle afterwards":     {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "", time.Second, true, 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &pipes{coming: make(chan net.Conn), closed: make(chan struct{})}
				server := newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					_, _ = io.Copy(io.Discard, r.Body)
					_, _ = w.Write([]byte(strings.Repeat("page ", 10_000)))
				}), slog.New(slog.DiscardHandler))
				done := make(chan error, 1)
				go func() { done <- server.Serve(l) }()
				client, theirs := net.Pipe()
				began := time.Now()
				l.coming <- theirs
				var sender sync.WaitGroup
				sender.Go(func() { // slowly, until it is cut off
					if _, err := io.WriteString(client, test.sends); err != nil {
						return
					}
					tick := time.NewTicker(test.pause)
					defer tick.Stop()
					for test.then != "" {
						<-tick.C
						if _, err := io.WriteString(client, test.then); err != nil {
							return
						}
					}
				})
				if test.reads {
					_, _ = io.Copy(io.Discard, bufio.NewReader(client))
				} else {
					// The first byte, so that the answer is under way.
					_, _ = client.Read(make([]byte, 1))
					<-time.After(test.within + time.Second)
					if n, err := io.Copy(io.Discard, client); n > 0 || err != nil {
						t.Errorf("%d bytes more, %v", n, err)
					}
				}
				if took := time.Since(began); took < time.Second || took > test.within+2*time.Second {
					t.Errorf("cut off after %v, want %v", took, test.within)
				}
				if err := server.Close(); err != nil {
					t.Error(err)
				}
				<-done
				_ = client.Close()
				sender.Wait()
			})
		})
	}
}
