package socket_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"winnow/collectors"
	"winnow/collectors/bluesky/blueskytest"
	"winnow/collectors/bluesky/socket"
	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

func dialer(t testing.TB, compress bool) *socket.Dialer {
	t.Helper()
	c := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(c.CloseIdleConnections)
	return socket.NewDialer(c, compress, time.Now)
}

func host(t testing.TB, s string) socket.Host {
	t.Helper()
	h, err := socket.ParseHost(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestWires: a frame comes through on both wires, compressed where that can be
// had, plain where the dictionary cannot be had.
func TestWires(t *testing.T) {
	for _, c := range []struct {
		name       string
		o          blueskytest.Options
		wire       socket.Wire
		compressed bool
	}{
		{"compressed", blueskytest.Options{}, socket.Events, true},
		{"no dictionary", blueskytest.Options{NoDictionary: true}, socket.Events, false},
		{"old", blueskytest.Options{}, socket.Legacy, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			fake := blueskytest.New(c.o)
			defer fake.Close()
			id := fake.Publish("hello")
			conn, err := dialer(t, true).Open(t.Context(), socket.Request{Host: host(t, fake.Host()), Wire: c.wire, Cursor: 1})
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			frame, err := conn.Next(t.Context())
			if err != nil || !strings.Contains(string(frame), id[strings.LastIndex(id, "/")+1:]) {
				t.Errorf("%v: %s", err, frame)
			}
			if n, compressed := conn.Bytes(); compressed != c.compressed || n == 0 {
				t.Errorf("%d bytes, compressed %v", n, compressed)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	fake := blueskytest.New(blueskytest.Options{Legacy: true})
	defer fake.Close()
	d := dialer(t, false)
	r := socket.Request{Host: host(t, fake.Host()), Wire: socket.Events}
	if _, err := d.Open(t.Context(), r); !errors.Is(err, socket.ErrWire) {
		t.Errorf("the new wire at an old server: %v", err)
	}
	for status, want := range map[int]post.Cause{401: post.Unauthorised, 429: post.RateLimited, 503: post.Unavailable, 422: post.Misconfigured} {
		fake.Answer(status, nil)
		_, err := d.Open(t.Context(), r)
		if f, ok := errors.AsType[*collectors.Fault](err); !ok || f.Cause != want {
			t.Errorf("%d is %v, want %s", status, err, want)
		}
	}
	fake.Answer(0, nil)
	fake.Refuse(true)
	_, err := d.Open(t.Context(), r)
	if f, ok := errors.AsType[*collectors.Fault](err); !ok || f.Cause != post.Network || strings.Contains(err.Error(), "maxMessageSize") {
		t.Errorf("nobody listens: %v", err)
	}
	modern := blueskytest.New(blueskytest.Options{})
	defer modern.Close()
	for range 5 {
		modern.Publish("x")
	}
	modern.Trim(1)
	if _, err := d.Open(t.Context(), socket.Request{Host: host(t, modern.Host()), Wire: socket.Events, Cursor: 2}); !errors.Is(err, socket.ErrTooOld) {
		t.Errorf("a cursor that is too old: %v", err)
	}
}

// sends starts a server that sends messages and then waits.
func sends(t testing.TB, kind websocket.MessageType, messages ...[]byte) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = c.CloseNow() }()
		ctx := c.CloseRead(context.Background())
		for _, m := range messages {
			if c.Write(ctx, kind, m) != nil {
				return
			}
		}
		<-ctx.Done()
	}))
	t.Cleanup(s.Close)
	return s
}

// TestTooLong: a message that is too long is stepped over, as is one in a form
// that was not agreed on, and the next one is read.
func TestTooLong(t *testing.T) {
	long := make([]byte, socket.MaxFrame+1)
	for _, c := range []struct {
		kind websocket.MessageType
		want post.Reason
	}{{websocket.MessageText, socket.TooLong}, {websocket.MessageBinary, socket.TooLong}} {
		s := sends(t, c.kind, long, append(long, long...), []byte("{}"))
		conn, err := dialer(t, false).Open(t.Context(), socket.Request{Host: host(t, s.URL), Wire: socket.Legacy})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			_, err = conn.Next(t.Context())
			if r, ok := errors.AsType[*wire.Reject](err); !ok || r.Reason != c.want {
				t.Fatalf("got %v, want %s", err, c.want)
			}
		}
		frame, err := conn.Next(t.Context())
		if c.kind == websocket.MessageText && (err != nil || string(frame) != "{}") {
			t.Errorf("the next one is %q, %v", frame, err)
		}
		if r, ok := errors.AsType[*wire.Reject](err); c.kind == websocket.MessageBinary && (!ok || r.Reason != socket.NotExpected) {
			t.Errorf("the next one is %v", err)
		}
		conn.Close()
	}
}

func TestParseHost(t *testing.T) {
	for in, want := range map[string]string{
		"jetstream.us-east.bsky.network": "jetstream.us-east.bsky.network", "wss://a.example:8443/": "a.example:8443", "http://127.0.0.1:1": "127.0.0.1:1",
		"": "", "a.example/subscribe": "", "ftp://a.example": "", "wss://u:p@a.example": "", "a.example?x": "", "https://:443": "",
	} {
		h, err := socket.ParseHost(in)
		if h.Name() != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q, %v; want %q", in, h.Name(), err, want)
		}
	}
}
