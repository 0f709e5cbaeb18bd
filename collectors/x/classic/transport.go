package classic

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"winnow/collectors"
	"winnow/collectors/x/api"
	"winnow/pipeline/post"
)

// path is where the stream is, below the server's address.
const path = "/1.1/statuses/filter.json"

// connect opens the stream. Its error is a *collectors.Fault, or ctx's.
func (s *Source) connect(ctx context.Context, params url.Values) (io.ReadCloser, error) {
	target := s.target.JoinPath(path)
	// In the body, since an address of 400 keywords is longer than many servers
	// take, and is what they write into their logs.
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), strings.NewReader(params.Encode()))
	if err != nil {
		return nil, &collectors.Fault{Cause: post.Misconfigured, Err: errors.New("no request can be made to the stream's address")}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := s.o.HTTP.Do(req)
	switch {
	case ctx.Err() != nil:
		if err == nil {
			_ = resp.Body.Close() // nobody waits for it any more
		}
		return nil, ctx.Err()
	case err != nil:
		return nil, collectors.FromError(err)
	case resp.StatusCode == http.StatusOK:
		return resp.Body, nil
	}
	defer resp.Body.Close() //nolint:errcheck // nothing more is wanted of it
	fault := collectors.FromResponse(resp, s.o.Now())
	switch resp.StatusCode {
	case http.StatusNotAcceptable, http.StatusRequestEntityTooLarge, http.StatusRequestedRangeNotSatisfiable:
		fault.Cause = post.Misconfigured
		fault.Advice = "the server does not accept the keywords: watch fewer of them, or other ones"
	}
	return nil, fault
}

// transport answers go-twitter's requests.
type transport func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

// under returns the transport of one Stream: whatever happens to the real
// connection, go-twitter gets 200 and b.
func (s *Source) under(ctx context.Context, b *body, out collectors.Out) transport {
	return func(r *http.Request) (*http.Response, error) {
		b.open.Do(func() {
			upstream, err := s.connect(ctx, r.URL.Query())
			if err != nil {
				b.failed = err
				return
			}
			b.upstream = upstream
			b.lines = api.Lines(collectors.AliveReader(upstream, out), s.o.MaxLine)
			out.Live(zeroTime)
		})
		return &http.Response{
			Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{}, Body: b, ContentLength: -1, Request: r,
		}, nil
	}
}

// body is what go-twitter reads: the messages of the real connection, and
// after its end nothing, until it is closed.
type body struct {
	open     sync.Once
	upstream io.ReadCloser   // nil if there is none
	lines    *api.LineReader // of upstream
	failed   error           // why there is no upstream
	tooLong  func()          // told of each message that is skipped

	pending []byte // of the message that go-twitter is reading
	// raw are the messages that go-twitter has, in order: the one that it is
	// sending, and the one before if that is not taken yet.
	raw chan []byte
	// over gets the reason when the connection has ended and go-twitter has
	// sent everything before that.
	over chan error
	// reading is closed by the first Read: from then on Stop is safe, which
	// uses without a lock what go-twitter sets just before.
	reading chan struct{}
	first   sync.Once
	closed  chan struct{}
	close   sync.Once
}

func newBody(tooLong func()) *body {
	return &body{
		tooLong: tooLong,
		raw:     make(chan []byte, 2), over: make(chan error, 1),
		reading: make(chan struct{}), closed: make(chan struct{}),
	}
}

// Read implements io.Reader. It returns whole messages, each with "\r\n", and
// io.EOF only after Close.
func (b *body) Read(p []byte) (int, error) {
	b.first.Do(func() { close(b.reading) })
	if len(b.pending) == 0 {
		if err := b.next(); err != nil {
			select {
			case b.over <- err:
			default: // it was told already
			}
			<-b.closed
			return 0, io.EOF
		}
	}
	n := copy(p, b.pending)
	b.pending = b.pending[n:]
	return n, nil
}

var end = []byte("\r\n")

func (b *body) next() error {
	if b.lines == nil {
		return b.failed
	}
	for {
		line, err := b.lines.Next()
		if errors.Is(err, api.ErrTooLong) {
			b.tooLong()
			continue
		}
		if err != nil {
			return collectors.FromError(err)
		}
		framed := bytes.Join([][]byte{line, nil}, end)
		select {
		case b.raw <- framed[:len(line):len(line)]:
		case <-b.closed:
			return io.EOF
		}
		b.pending = framed
		return nil
	}
}

// Close implements io.Closer. It may be called often.
func (b *body) Close() error {
	b.close.Do(func() { close(b.closed) })
	return nil
}

// release closes the real connection, when nobody reads it any more.
func (b *body) release() {
	if b.upstream != nil {
		_ = b.upstream.Close() // it is of no use any more
	}
}
