package streaming

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"sync"
	"time"

	"winnow/collectors"
	"winnow/collectors/mastodon"
	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

// MaxEventSources is how many event streams are opened at most: each tag takes
// a connection of its own.
const MaxEventSources = 40

// EventSource listens to each tag over an event stream of its own, until ctx
// ends or any of them does; nothing is left running then. The error is a
// *collectors.Fault, what h returned, or the cause of ctx's end.
func EventSource(ctx context.Context, o Options, h Handler) error {
	if len(o.Tags) > MaxEventSources {
		return &collectors.Fault{
			Cause:  post.Misconfigured,
			Advice: "watch fewer hashtags here, or set the transport to websocket or poll",
			Err:    fmt.Errorf("%d hashtags need as many event streams, and at most %d are opened", len(o.Tags), MaxEventSources),
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel(nil)
	// One after the other: servers limit how fast connections may come.
	for _, tag := range o.Tags {
		s, err := open(ctx, o, tag)
		if err != nil {
			return err
		}
		running.Go(func() { cancel(s.run(ctx, h)) })
	}
	if err := h.Open(); err != nil {
		return err
	}
	<-ctx.Done()
	return context.Cause(ctx)
}

// source is one event stream.
type source struct {
	tag    string
	body   io.ReadCloser
	cancel context.CancelFunc
	stall  time.Duration
}

func open(ctx context.Context, o Options, tag string) (*source, error) {
	u := o.Base.JoinPath(path, "hashtag")
	u.RawQuery = url.Values{"tag": {tag}}.Encode()
	reqCtx, cancel := context.WithCancel(ctx)
	req, err := http.NewRequestWithContext(reqCtx, http.MethodGet, u.String(), nil)
	if err != nil {
		cancel()
		return nil, &collectors.Fault{Cause: post.Misconfigured, Err: errors.New("the streaming server's address is no URL")}
	}
	req.Header.Set("Accept", "text/event-stream")
	resp, err := o.HTTP.Do(req)
	if err != nil {
		cancel()
		return nil, ended(ctx, err)
	}
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if resp.StatusCode == http.StatusOK && err == nil && kind == "text/event-stream" {
		return &source{tag: mastodon.TagName(tag), body: resp.Body, cancel: cancel, stall: o.Stall}, nil
	}
	defer cancel()
	defer resp.Body.Close() //nolint:errcheck // only read
	f := collectors.FromResponse(resp, o.Now())
	switch resp.StatusCode {
	case http.StatusOK, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusNotImplemented:
		f = unsupported(f, resp.StatusCode)
	}
	return nil, f
}

// run reads until the stream ends, and closes it.
func (s *source) run(ctx context.Context, h Handler) error {
	defer s.cancel()
	defer s.body.Close() //nolint:errcheck // only read
	// Each stream has its own watchdog: bytes on one say nothing of another.
	watch := time.AfterFunc(s.stall, s.cancel)
	defer watch.Stop()
	events := newEventStream(&watched{r: s.body, seen: func() {
		watch.Reset(s.stall)
		h.Alive()
	}}, MaxMessage)
	for {
		e, err := events.next()
		switch {
		case err == nil:
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.Is(err, errTooLong):
			return &collectors.Fault{Cause: post.Protocol, Err: err}
		case errors.Is(err, context.Canceled):
			return stalled(s.stall)
		case errors.Is(err, io.EOF):
			return &collectors.Fault{Cause: post.Network, Err: errors.New("the server ended the event stream")}
		default:
			return collectors.FromError(err)
		}
		m := Message{Tag: s.tag, Event: e.name, Payload: e.data}
		if err = wire.Text(e.data); err == nil && e.name == "" {
			err = wire.Rejectf(wire.UnknownShape, "no event")
		}
		if err := h.Message(m, err); err != nil {
			return err
		}
	}
}

// watched reports that bytes came.
type watched struct {
	r    io.Reader
	seen func()
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if n > 0 {
		w.seen()
	}
	return n, err
}
