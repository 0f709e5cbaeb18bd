package instance

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"winnow/collectors"
	"winnow/collectors/mastodon"
	"winnow/collectors/mastodon/refusal"
	"winnow/collectors/mastodon/rest"
	"winnow/collectors/mastodon/streaming"
	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

const maxEventSources = streaming.MaxEventSources

// session is one call of Stream.
type session struct {
	*Source
	out collectors.Out
	// by is how posts come now; changed only while nothing listens.
	by Transport
	// opened is closed when the stream first stands.
	opened chan struct{}
	once   sync.Once

	mu     sync.Mutex
	cursor cursor
	// live is when it first stood, in the server's time.
	live time.Time
	// streamed counts the posts that a stream brought.
	streamed uint64
	refusals int
	err      error // why nothing is delivered any more
	marks    map[string]mark
	round    tally
}

// Stream implements collectors.Source.
func (s *Source) Stream(ctx context.Context, cursor []byte, out collectors.Out) error {
	defer s.idle()
	ses := &session{
		Source: s, out: out, opened: make(chan struct{}),
		cursor: readCursor(cursor, s.tags), marks: make(map[string]mark),
	}
	ctx, cancel := context.WithCancelCause(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel(nil)
	running.Go(func() {
		if err := ses.background(ctx); err != nil {
			cancel(err)
		}
	})
	err := ses.listen(ctx)
	// The background may have seen the same end, or may be its cause.
	if ses.failed() != nil {
		return ses.failed()
	}
	return err
}

// listen listens by one transport after the other until one fails that the
// instance has.
func (ses *session) listen(ctx context.Context) error {
	for {
		t := ses.transport()
		ses.by = t
		o := streaming.Options{Base: ses.stream, HTTP: ses.http, Tags: asked(ses.tags), Stall: ses.o.Stall, Now: ses.o.Now}
		var err error
		switch t {
		case WebSocket:
			err = streaming.WebSocket(ctx, o, ses)
		case SSE:
			err = streaming.EventSource(ctx, o, ses)
		default:
			err = ses.poll(ctx)
		}
		switch {
		case errors.Is(err, streaming.ErrUnsupported) && ses.o.Transport == Auto:
			ses.lacks(t)
		case errors.Is(err, streaming.ErrUnsupported):
			return advise(err, "the instance has no such stream: set the transport to auto")
		case errors.Is(err, errTryStream):
		default:
			return explain(err)
		}
		ses.o.Log.Info("the transport changes", "source", ses.info.Name, "from", string(t), "to", string(ses.transport()))
	}
}

// advise returns a fault with an advice of its own.
func advise(err error, advice string) error {
	f := *collectors.FromError(err)
	f.Cause, f.Advice = post.Misconfigured, advice
	return &f
}

// explain adds what an operator can do where the platform's words are not known.
func explain(err error) error {
	f, ok := errors.AsType[*collectors.Fault](err)
	if !ok || f.Cause != post.Unauthorised || f.Advice != "" {
		return err
	}
	out := *f
	out.Advice = refusal.MakeToken
	return &out
}

// Alive implements streaming.Handler.
func (ses *session) Alive() { ses.out.Alive() }

// Open implements streaming.Handler.
func (ses *session) Open() error {
	ses.mu.Lock()
	err := ses.err
	ses.mu.Unlock()
	if err != nil {
		return err
	}
	ses.stands()
	return nil
}

// stands says that everything comes from now on.
func (ses *session) stands() {
	ses.once.Do(func() {
		ses.mu.Lock()
		ses.live = ses.serverTime().Truncate(time.Millisecond) // as posts tell theirs
		ses.mu.Unlock()
		ses.out.Live(time.Time{})
		close(ses.opened)
	})
}

// stood reports whether the session has stood at all.
func (ses *session) stood() bool {
	select {
	case <-ses.opened:
		return true
	default:
		return false
	}
}

// serverTime is the time on the server's clock, as far as it is known.
func (s *Source) serverTime() time.Time { return s.o.Now().Add(s.rest.Skew()) }

// Message implements streaming.Handler.
func (ses *session) Message(m streaming.Message, err error) error {
	switch {
	case err != nil:
		ses.reject(err)
		return nil
	case m.Refused != "":
		return ses.refused(m)
	}
	switch m.Event {
	case streaming.Update, streaming.Edit:
		ses.metrics.messages.WithLabelValues(m.Event).Inc()
		return ses.status(m)
	case streaming.Delete:
		ses.metrics.messages.WithLabelValues(m.Event).Inc()
		return ses.deletion(m.Payload)
	default:
		ses.metrics.messages.WithLabelValues(otherEvent).Inc()
		return nil
	}
}

// reject notes what cannot be used.
func (s *Source) reject(err error) {
	reason := wire.UnknownShape
	if r, ok := errors.AsType[*wire.Reject](err); ok {
		reason = r.Reason
	} else if inv, ok := errors.AsType[*post.Invalid](err); ok {
		reason = inv.Reason
	}
	s.metrics.rejects.WithLabelValues(string(reason)).Inc()
	s.o.Log.Debug("something was sent that cannot be used", "source", s.info.Name, "reason", string(reason))
}

// refused takes the answer that a subscription is not granted. It does not say
// which, so that only their number counts.
func (ses *session) refused(m streaming.Message) error {
	ses.mu.Lock()
	ses.refusals++
	n := ses.refusals
	ses.mu.Unlock()
	f := refusal.Of(m.Status, m.Refused)
	if n >= len(ses.tags) {
		return f
	}
	ses.o.Log.Warn("the instance refuses to stream some hashtags", "source", ses.info.Name, "refused", n, "of", len(ses.tags), "status", m.Status)
	ses.out.Share(float64(len(ses.tags)-n)/float64(len(ses.tags)), f.Cause, "the instance refuses to stream some of the hashtags; their posts come late, from timelines")
	return nil
}

// status takes a status that a stream brought.
func (ses *session) status(m streaming.Message) error {
	var st mastodon.Status
	if err := mastodon.Unmarshal(m.Payload, &st); err != nil {
		ses.reject(err)
		return nil
	}
	if ses.evidence {
		st.Raw, st.Query = m.Payload, ses.subscription(m.Tag)
	}
	ses.mu.Lock()
	ses.streamed++
	first := ses.streamed == 1
	ses.mu.Unlock()
	if first {
		ses.sees()
	}
	_, known := ses.seen.Get(string(st.ID))
	if known && m.Event == streaming.Update {
		// It came through another hashtag, or from a timeline.
		ses.passed(&st, m.Tag)
		return nil
	}
	return ses.deliver([]*mastodon.Status{&st}, m.Tag)
}

// subscription is what a hashtag's stream is asked for, as an address without
// the host. Over a WebSocket the same is said in a message.
func (ses *session) subscription(tag string) string {
	path, q := "/api/v1/streaming", url.Values{}
	if ses.by == SSE {
		path += "/hashtag"
	} else {
		q.Set("stream", "hashtag")
	}
	if tag != "" { // some servers do not say through which it came
		q.Set("tag", tag)
	}
	return path + "?" + q.Encode()
}

// deletion takes the id of a deleted status.
func (ses *session) deletion(payload []byte) error {
	id := string(bytes.TrimSpace(payload))
	if len(id) > 0 && id[0] == '{' { // announced as the future form
		var in struct {
			ID string `json:"id"`
		}
		if err := wire.Unmarshal(payload, &in, json.JoinOptions(wire.Options())); err != nil {
			ses.reject(err)
			return nil
		}
		id = in.ID
	}
	if !rest.ValidID(id) {
		ses.reject(wire.Rejectf(wire.UnknownShape, "no id"))
		return nil
	}
	ses.gone.Add(id, struct{}{})
	var m wire.Message
	m.Delete(post.Deletion{Platform: post.Mastodon, NativeID: mastodon.LocalID(ses.host, id), At: ses.o.Now()})
	// The boosts have its words, and are gone with it.
	for _, account := range ses.tracker.Forget(id) {
		m.Delete(post.Deletion{Platform: post.Mastodon, NativeID: mastodon.BoostLocalID(ses.host, id, account), At: ses.o.Now()})
	}
	return ses.hand(collectors.Delivery{Deletions: m.Deletions})
}
