package classic

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/dghubble/go-twitter/twitter"

	"winnow/collectors"
	"winnow/collectors/wire"
	"winnow/collectors/x/v1"
	"winnow/pipeline/post"
)

var zeroTime time.Time // everything from now on, nothing from before

// Stream implements collectors.Source. There is no cursor: v1.1 cannot go on
// where it was.
func (s *Source) Stream(ctx context.Context, _ []byte, out collectors.Out) error {
	connection, cancel := context.WithCancel(ctx)
	defer cancel()
	b := newBody(func() { s.metrics.rejected(string(wire.TooLong)) })
	client := twitter.NewClient(&http.Client{Transport: s.under(connection, b, out)})
	stream, err := client.Streams.Filter(&twitter.StreamFilterParams{
		Track: s.track.Keywords, Follow: s.track.Follow, StallWarnings: twitter.Bool(true),
	})
	if err != nil {
		return &collectors.Fault{Cause: post.Misconfigured, Err: errors.New("go-twitter does not take the keywords")}
	}
	defer func() {
		cancel()    // ends connecting and reading
		<-b.reading // see body.reading
		stream.Stop()
		b.release()
	}()
	h := &handler{source: s, out: out}
	h.m.Evidence, h.m.Query = s.asked != "", s.asked
	demux := h.demux()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-b.over:
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return err
		case message, ok := <-stream.Messages:
			if !ok {
				return &collectors.Fault{Cause: post.Protocol, Err: errors.New("go-twitter has given up")}
			}
			h.line = <-b.raw
			demux.Handle(message)
			if h.err != nil {
				return h.err
			}
		}
	}
}

// handler is what the demux hands messages to.
type handler struct {
	source *Source
	out    collectors.Out
	// line is the message at hand, as it came.
	line []byte
	// err ends the stream.
	err error
	// m is used for one message after the other.
	m wire.Message

	// delivered and missed count posts since the last notice of a limit, which
	// came at limitedAt; total is the server's own count of missed ones.
	delivered, missed, total int64
	limitedAt                time.Time
}

func (h *handler) demux() twitter.SwitchDemux {
	d := twitter.NewSwitchDemux()
	d.Tweet = func(*twitter.Tweet) { h.post() }
	d.StatusDeletion = func(*twitter.StatusDeletion) { h.deletion() }
	d.StreamLimit = h.limit
	d.StreamDisconnect = h.disconnect
	d.Warning = h.warning
	d.LocationDeletion = func(*twitter.LocationDeletion) { h.notice("scrub_geo") }
	d.StatusWithheld = func(*twitter.StatusWithheld) { h.notice("status_withheld") }
	d.UserWithheld = func(*twitter.UserWithheld) { h.notice("user_withheld") }
	d.FriendsList = func(*twitter.FriendsList) { h.notice("friends") }
	d.Event = func(*twitter.Event) { h.notice("event") }
	d.DM = func(*twitter.DirectMessage) { h.notice("direct_message") }
	d.Other = func(any) { h.other() }
	return d
}

// decode reads the line as package v1 does and counts what is no use.
func (h *handler) decode() {
	h.m.Posts, h.m.Deletions, h.m.Ignored, h.m.Rejects = nil, nil, h.m.Ignored[:0], h.m.Rejects[:0]
	v1.Decode(h.line, &h.m)
	for _, r := range h.m.Rejects {
		h.source.metrics.rejected(string(r.Reason))
	}
	for _, kind := range h.m.Ignored {
		h.notice(kind)
	}
}

func (h *handler) post() {
	h.decode()
	h.deliver()
}

func (h *handler) deliver() {
	now := h.source.o.Now().UTC().Truncate(time.Millisecond)
	for i := range h.m.Posts {
		h.m.Posts[i].ObservedAt = now
	}
	if len(h.m.Posts) == 0 {
		return
	}
	h.delivered += int64(len(h.m.Posts))
	if !h.limitedAt.IsZero() && now.Sub(h.limitedAt) > limitQuiet {
		h.limitedAt, h.delivered, h.missed = zeroTime, 0, 0
		h.out.Share(1, "", "")
	}
	h.err = h.out.Deliver(collectors.Delivery{Posts: h.m.Posts})
}

func (h *handler) deletion() {
	h.decode()
	if len(h.m.Deletions) > 0 {
		h.source.metrics.notice("delete")
		h.err = h.out.Deliver(collectors.Delivery{Deletions: h.m.Deletions})
	}
}

// other is for what go-twitter does not know, and for what is no JSON.
func (h *handler) other() {
	h.decode()
	h.deliver() // a status without the figure by which go-twitter knows one is one all the same
}

func (h *handler) notice(kind string) { h.source.metrics.notice(kind) }

// limitQuiet is how long no notice of a limit must come until everything is
// taken to come again: a server that leaves posts out says so each second.
const limitQuiet = time.Minute

// limit says that the server leaves posts out. Its count goes on from the
// beginning of the connection.
func (h *handler) limit(l *twitter.StreamLimit) {
	h.notice("limit")
	if l == nil || l.Track < 0 {
		h.source.metrics.rejected(string(wire.WrongType))
		return
	}
	more := l.Track - h.total
	if more < 0 {
		more = l.Track // it began anew
	}
	h.total = l.Track
	if more == 0 {
		return
	}
	h.missed += more
	h.source.metrics.missed(more)
	share := float64(h.delivered) / (float64(h.delivered) + float64(h.missed))
	if h.limitedAt.IsZero() {
		h.source.o.Log.Warn("the stream's server leaves posts out: more match than it may deliver", "source", h.source.o.Name)
	}
	h.limitedAt = h.source.o.Now()
	h.delivered, h.missed = 0, 0
	h.out.Share(share, post.RateLimited, "more posts match than the server may deliver")
}

// warning says that posts are read more slowly than they come.
func (h *handler) warning(w *twitter.StallWarning) {
	h.notice("warning")
	if w != nil {
		h.source.o.Log.Warn("the stream's server warns that posts are read too slowly",
			"source", h.source.o.Name, "percent_full", w.PercentFull)
	}
}

// disconnect says why the server is about to end the stream.
func (h *handler) disconnect(d *twitter.StreamDisconnect) {
	h.notice("disconnect")
	if d == nil {
		h.source.metrics.rejected(string(wire.WrongType))
		return
	}
	fault := &collectors.Fault{Cause: post.Unavailable, Err: fmt.Errorf("the server ended the stream, with code %d", d.Code)}
	switch d.Code {
	case 2, 7: // a second stream with the same credentials
		fault.Cause = post.RateLimited
		fault.Advice = "another program uses the same credentials: stop it, or give Winnow its own"
	case 4:
		fault.Advice = "posts were read too slowly: look at the load of this machine"
	case 6:
		fault.Cause = post.Unauthorised
		fault.Advice = "the token was withdrawn: make a new one"
	}
	h.err = fault
}
