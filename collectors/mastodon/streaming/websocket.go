package streaming

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/go-json-experiment/json"

	"winnow/collectors"
	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

// WebSocket listens to all tags over one connection, until ctx ends or the
// connection does; nothing is left running then. The error is a
// *collectors.Fault, what h returned, or the cause of ctx's end.
func WebSocket(ctx context.Context, o Options, h Handler) error {
	conn, err := handshake(ctx, o, h)
	if err != nil {
		return err
	}
	defer conn.CloseNow() //nolint:errcheck // it is over either way

	ctx, cancel := context.WithCancelCause(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel(nil)
	running.Go(func() {
		if err := subscribe(ctx, conn, o, h); err != nil {
			cancel(err)
		}
	})
	for {
		kind, message, err := conn.Reader(ctx)
		if err != nil {
			return brokenSocket(ctx, err)
		}
		raw, err := io.ReadAll(&watched{r: message, seen: h.Alive})
		if err != nil {
			return brokenSocket(ctx, err)
		}
		if kind != websocket.MessageText {
			err = h.Message(Message{}, wire.Rejectf(wire.UnknownShape, "a binary message"))
		} else {
			err = h.Message(ParseMessage(raw))
		}
		if err != nil {
			return err
		}
	}
}

// Handshake opens a WebSocket and closes it again, to see whether it could be.
func Handshake(ctx context.Context, o Options) error {
	conn, err := handshake(ctx, o, nil)
	if err != nil {
		return err
	}
	// How the server takes leave is of no interest.
	_ = conn.CloseNow()
	return nil
}

func handshake(ctx context.Context, o Options, h Handler) (*websocket.Conn, error) {
	alive := func() {
		if h != nil {
			h.Alive()
		}
	}
	conn, resp, err := websocket.Dial(ctx, o.Base.JoinPath(path).String(), &websocket.DialOptions{ //nolint:bodyclose // Dial does
		HTTPClient:     o.HTTP,
		OnPingReceived: func(context.Context, []byte) bool { alive(); return true },
		OnPongReceived: func(context.Context, []byte) { alive() },
	})
	if err == nil {
		conn.SetReadLimit(MaxMessage)
		return conn, nil
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if resp == nil || resp.Body == nil {
		return nil, collectors.FromError(err)
	}
	f := collectors.FromResponse(resp, o.Now())
	switch resp.StatusCode {
	case http.StatusOK, http.StatusBadRequest, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusUpgradeRequired, http.StatusNotImplemented:
		return nil, unsupported(f, resp.StatusCode)
	case http.StatusSwitchingProtocols:
		f = &collectors.Fault{Cause: post.Protocol, Err: errors.New("the answer to a WebSocket's handshake is not one")}
	}
	return nil, f
}

// unsupported is the fault of a server without the stream asked for.
func unsupported(f *collectors.Fault, status int) *collectors.Fault {
	out := *f
	out.Err = fmt.Errorf("%w: it answers %d", ErrUnsupported, status)
	return &out
}

// subscribe asks for the tags, says that this is done as soon as the server has
// read it, and from then on looks whether the server is still there.
func subscribe(ctx context.Context, conn *websocket.Conn, o Options, h Handler) error {
	for _, tag := range o.Tags {
		raw, err := json.Marshal(struct {
			Type   string `json:"type"`
			Stream string `json:"stream"`
			Tag    string `json:"tag"`
		}{"subscribe", "hashtag", tag})
		if err != nil {
			return &collectors.Fault{Cause: post.Misconfigured, Err: errors.New("a hashtag cannot be written as JSON")}
		}
		if err := conn.Write(ctx, websocket.MessageText, raw); err != nil {
			return brokenSocket(ctx, err)
		}
	}
	every := o.Stall / 3
	for open := false; ; {
		// Servers do not confirm subscriptions. But they read in order, so that
		// one that answers a ping has read them.
		if err := ping(ctx, conn, 2*every); err != nil {
			return err
		}
		if !open {
			open = true
			if err := h.Open(); err != nil {
				return err
			}
		}
		select {
		case <-time.After(every):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func ping(ctx context.Context, conn *websocket.Conn, limit time.Duration) error {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err := conn.Ping(limited)
	switch {
	case err == nil:
		return nil
	case ctx.Err() == nil && limited.Err() != nil:
		return stalled(limit)
	default:
		return brokenSocket(ctx, err)
	}
}

// brokenSocket is the fault of a connection that ended.
func brokenSocket(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	switch status := websocket.CloseStatus(err); {
	case errors.Is(err, websocket.ErrMessageTooBig), status == websocket.StatusMessageTooBig:
		return &collectors.Fault{Cause: post.Protocol, Err: fmt.Errorf("a message is longer than %d bytes", MaxMessage)}
	case status == websocket.StatusProtocolError, status == websocket.StatusInvalidFramePayloadData, status == websocket.StatusUnsupportedData:
		return &collectors.Fault{Cause: post.Protocol, Err: fmt.Errorf("the WebSocket was closed with code %d", status)}
	case status >= 0: // the reason is the server's words, and not ours to show
		return &collectors.Fault{Cause: post.Network, Err: fmt.Errorf("the server closed the WebSocket with code %d", status)}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &collectors.Fault{Cause: post.Network, Err: errors.New("the connection broke off")}
	}
	return collectors.FromError(err)
}
