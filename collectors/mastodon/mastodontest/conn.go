package mastodontest

import (
	"net"
	"sync"
	"sync/atomic"
)

// listener hands out connections that can be held back.
type listener struct {
	net.Listener
	refused func()
	refuse  atomic.Bool

	mu    sync.Mutex
	size  int
	conns map[*conn]struct{}
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if l.refusing() {
			l.refused()
			c.Close()
			continue
		}
		held := &conn{Conn: c, of: l}
		l.mu.Lock()
		l.conns[held] = struct{}{}
		l.mu.Unlock()
		return held, nil
	}
}

func (l *listener) refusing() bool { return l.refuse.Load() }

// streams returns the connections that carry streams.
func (l *listener) streams() []*conn {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []*conn
	for c := range l.conns {
		if c.stream.Load() {
			out = append(out, c)
		}
	}
	return out
}

// bundle is how many bytes a stream's connection gathers before it sends them.
func (l *listener) bundle(size int) {
	l.mu.Lock()
	l.size = size
	l.mu.Unlock()
	for _, c := range l.streams() {
		c.flush(false)
	}
}

func (l *listener) gathered() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.size
}

// conn is a connection whose bytes can be held back once it carries a stream.
type conn struct {
	net.Conn
	of       *listener
	stream   atomic.Bool
	requests atomic.Int64 // polls that came through it

	mu      sync.Mutex
	silent  bool
	pending []byte
}

// Write implements net.Conn.
func (c *conn) Write(p []byte) (int, error) {
	if !c.stream.Load() {
		return c.Conn.Write(p)
	}
	size := c.of.gathered()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pending = append(c.pending, p...)
	if c.silent || len(c.pending) < size {
		return len(p), nil
	}
	return len(p), c.send()
}

// silence holds everything back, or lets it go.
func (c *conn) silence(on bool) {
	c.mu.Lock()
	c.silent = on
	c.mu.Unlock()
	if !on {
		c.flush(false)
	}
}

// flush sends what is held back, unless it is silent and not forced.
func (c *conn) flush(force bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.silent && !force {
		return
	}
	_ = c.send() // the peer may be gone
}

func (c *conn) send() error {
	if len(c.pending) == 0 {
		return nil
	}
	_, err := c.Conn.Write(c.pending)
	c.pending = nil
	return err
}

// Close implements net.Conn.
func (c *conn) Close() error {
	c.flush(false)
	c.of.mu.Lock()
	delete(c.of.conns, c)
	c.of.mu.Unlock()
	return c.Conn.Close()
}

// cut ends a connection without a goodbye.
func (c *conn) cut() {
	c.mu.Lock()
	c.pending = nil
	c.mu.Unlock()
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset, as of a process that died
	}
	_ = c.Close() // the peer may be gone
}
