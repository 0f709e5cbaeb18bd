package blueskytest

import (
	"net"
	"sync"
)

// line is what is done to bytes on their way.
type line struct {
	mu      sync.Mutex
	refuse  bool
	silent  bool
	release chan struct{} // closed when nothing is held back
	size    int           // bytes that a proxy keeps together
	conns   map[*conn]bool
}

// listener hands out connections that go by the line.
type listener struct {
	net.Listener
	s *Server
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		l.s.line.mu.Lock()
		refuse := l.s.line.refuse
		l.s.line.mu.Unlock()
		if !refuse {
			return &conn{Conn: c, line: &l.s.line, closed: make(chan struct{})}, nil
		}
		_ = c.Close() // as if nobody listened
		l.s.mu.Lock()
		l.s.attempts++
		l.s.mu.Unlock()
	}
}

// conn is a connection whose bytes can be held back.
type conn struct {
	net.Conn
	line *line

	mu     sync.Mutex
	stream bool   // a stream goes through it
	held   []byte // what a proxy keeps

	once   sync.Once
	closed chan struct{}
}

// Write implements net.Conn.
func (c *conn) Write(p []byte) (int, error) {
	c.line.mu.Lock()
	release, size := c.line.release, c.line.size
	c.line.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stream {
		return c.Conn.Write(p)
	}
	select {
	case <-release:
	case <-c.closed:
		return 0, net.ErrClosed
	}
	if c.held = append(c.held, p...); len(c.held) < size {
		return len(p), nil
	}
	return len(p), c.flush()
}

// flush sends what is held. The caller holds the lock.
func (c *conn) flush() error {
	_, err := c.Conn.Write(c.held)
	c.held = nil
	return err
}

// Close implements net.Conn.
func (c *conn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

// streams marks the connection of a stream, or of one that ended.
func (l *line) streams(c *conn, on bool) {
	c.mu.Lock()
	c.stream = on
	c.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conns == nil {
		l.conns = make(map[*conn]bool)
	}
	if on {
		l.conns[c] = true
	} else {
		delete(l.conns, c)
	}
}

// Silence implements collectortest.Platform.
func (s *Server) Silence(on bool) {
	s.line.mu.Lock()
	defer s.line.mu.Unlock()
	switch {
	case on && !s.line.silent:
		s.line.release = make(chan struct{})
	case !on && s.line.silent:
		close(s.line.release)
	}
	s.line.silent = on
}

// Refuse implements collectortest.Platform.
func (s *Server) Refuse(on bool) {
	s.line.mu.Lock()
	defer s.line.mu.Unlock()
	s.line.refuse = on
}

// Frame implements collectortest.Platform. Frames of WebSockets have a length,
// so that there is no newline to choose.
func (s *Server) Frame(_ string, size int) {
	s.line.mu.Lock()
	s.line.size = size
	var all []*conn
	for c := range s.line.conns {
		all = append(all, c)
	}
	s.line.mu.Unlock()
	if size > 0 {
		return
	}
	for _, c := range all {
		c.mu.Lock()
		_ = c.flush() // to a client that may be gone
		c.mu.Unlock()
	}
}
