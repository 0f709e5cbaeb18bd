package socket

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/coder/websocket"
	"github.com/klauspost/compress/zstd"

	"winnow/collectors"
	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

const (
	// MaxFrame is the longest frame that is looked at, in bytes, compressed or
	// not. A record has at most one megabyte.
	MaxFrame = 4 << 20
	// maxStep is the longest that is stepped over; who sends more is no
	// Jetstream.
	maxStep = 64 << 20
	// keepRoom is how much room is kept from one frame for the next.
	keepRoom = 256 << 10
)

// The reasons for which a message is no frame, beside those of package wire.
const (
	TooLong      post.Reason = "frame-too-long"
	NotInflated  post.Reason = "bad-compression"
	NotExpected  post.Reason = "binary-frame" // though no compression was agreed on
	closedReason             = "the server closed the connection"
)

// Conn is an open connection. One goroutine reads it.
type Conn struct {
	ws         *websocket.Conn
	zr         *zstd.Decoder // nil where frames come plain
	alive      func()
	host       string
	asked      string
	room       []byte // the message
	frame      []byte // what it was before it was compressed
	bytes      uint64
	compressed bool
}

// Next returns the next frame, which is valid until the next call. A message
// that cannot be used is a *wire.Reject: the connection stands, and Next may be
// called again. All other errors are final: the end of ctx or a
// *collectors.Fault.
func (c *Conn) Next(ctx context.Context) ([]byte, error) {
	kind, r, err := c.ws.Reader(ctx)
	if err != nil {
		return nil, c.fault(ctx, err)
	}
	c.alive()
	if err := c.read(r); err != nil {
		if rejected, ok := errors.AsType[*wire.Reject](err); ok {
			return nil, rejected
		}
		return nil, c.fault(ctx, err)
	}
	c.bytes += uint64(len(c.room))
	if kind == websocket.MessageText {
		return c.room, nil
	}
	return c.inflate(c.room)
}

// read reads a message into room, or steps over one that is too long.
func (c *Conn) read(r io.Reader) error {
	if cap(c.room) > keepRoom {
		c.room = nil
	}
	c.room = c.room[:0]
	for {
		if len(c.room) == cap(c.room) {
			if len(c.room) > MaxFrame {
				return c.stepOver(r)
			}
			c.room = append(c.room, 0)[:len(c.room)]
		}
		n, err := r.Read(c.room[len(c.room):cap(c.room)])
		c.room = c.room[:len(c.room)+n]
		if errors.Is(err, io.EOF) {
			if len(c.room) > MaxFrame {
				return wire.Rejectf(TooLong)
			}
			return nil
		}
		if err != nil {
			return err
		}
		if len(c.room) > keepRoom {
			c.alive() // a long message on a thin line
		}
	}
}

func (c *Conn) stepOver(r io.Reader) error {
	n, err := io.Copy(io.Discard, io.LimitReader(aliveReader{r, c.alive}, maxStep))
	if err != nil {
		return err
	}
	if n == maxStep {
		return &collectors.Fault{Cause: post.Protocol, Err: fmt.Errorf("read from %s: a message of more than %d bytes", c.host, maxStep)}
	}
	return wire.Rejectf(TooLong)
}

type aliveReader struct {
	r     io.Reader
	alive func()
}

func (a aliveReader) Read(p []byte) (int, error) {
	n, err := a.r.Read(p)
	if n > 0 {
		a.alive()
	}
	return n, err
}

func (c *Conn) inflate(message []byte) ([]byte, error) {
	if c.zr == nil {
		return nil, wire.Rejectf(NotExpected)
	}
	c.compressed = true
	if cap(c.frame) > keepRoom {
		c.frame = nil
	}
	var err error
	if c.frame, err = c.zr.DecodeAll(message, c.frame[:0]); err != nil {
		return nil, wire.Rejectf(NotInflated)
	}
	return c.frame, nil
}

// fault says why no frame came.
func (c *Conn) fault(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if f, ok := errors.AsType[*collectors.Fault](err); ok {
		return f
	}
	if code := websocket.CloseStatus(err); code != -1 {
		// The reason beside the code is the server's own words, which may be
		// anything.
		return &collectors.Fault{Cause: post.Network, Err: fmt.Errorf("read from %s: %s (%d)", c.host, closedReason, code)}
	}
	return collectors.FromError(fmt.Errorf("read from %s: %w", c.host, err))
}

// Ping asks the server for a sign of life and waits for it; somebody has to be
// reading meanwhile. All that the server wrote before it answered has been read
// when Ping returns.
func (c *Conn) Ping(ctx context.Context) error { return c.ws.Ping(ctx) }

// Bytes returns how many bytes of messages were read, and whether they were
// compressed.
func (c *Conn) Bytes() (n uint64, compressed bool) { return c.bytes, c.compressed }

// Asked is the path of the request with its parameters.
func (c *Conn) Asked() string { return c.asked }

// Close ends the connection at once and frees what it holds; nobody may be
// reading any more.
func (c *Conn) Close() {
	_ = c.ws.CloseNow() // nothing is to be said to a server that only sends
	if c.zr != nil {
		c.zr.Close()
	}
}
