package jetstream

import (
	"errors"
	"log/slog"
	"slices"
	"time"

	"winnow/collectors"
	"winnow/collectors/bluesky"
	"winnow/collectors/bluesky/sieve"
	"winnow/collectors/bluesky/track"
	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

// intake makes of frames what is delivered. It serves one connection.
type intake struct {
	sieve   *sieve.Sieve
	set     *track.Set
	matcher Matcher
	recent  *recent
	// handles are those of protected accounts, by identifier.
	handles map[string]string
	metrics *metrics
	log     *slog.Logger
	now     func() time.Time

	// only is the campaign to take posts for; empty for all.
	only string
	// before is the time (µs) up to which an event that was delivered already
	// need not be delivered again; 0 for none.
	before int64

	// asked is what the frames are the answer to, empty unless it is evidence.
	asked string

	m     wire.Message
	names []string
}

// event is what a frame amounts to.
type event struct {
	// seq is 0 where the host does not number; timeUS is 0 for what is no event
	// of the network.
	seq, timeUS int64
	// isPost says that a post was made, whoever's it is.
	isPost bool
	// outdated says that the host does not reach back to the time asked for.
	outdated bool
	// posts and deletions are to be delivered; key names the event afterwards.
	posts     []post.Post
	deletions []post.Deletion
	key       uint64
	// unreadable says that the frame was none.
	unreadable bool
}

// take reads a frame. The error is the server's farewell, a *collectors.Fault;
// what cannot be read is counted and is an empty event.
func (in *intake) take(frame []byte) (event, error) {
	in.metrics.read(len(frame))
	var h sieve.Head
	if sieve.Scan(frame, &h) {
		ev := event{seq: h.Seq, timeUS: h.TimeUS}
		ev.isPost = string(h.Collection) == bluesky.CollectionPost && string(h.Operation) == "create"
		if !in.sieve.Pass(&h, in.set) {
			in.metrics.frame(frameSieved)
			return ev, nil
		}
	}
	var e bluesky.Event
	if err := bluesky.Unmarshal(frame, &e); err != nil {
		in.reject(err)
		return event{unreadable: true}, nil
	}
	if e.Payload == nil && e.Type == "error" {
		return event{}, farewell(&e)
	}
	if e.Kind == bluesky.KindInfo {
		in.metrics.frame(frameNotice)
		return event{outdated: e.Error == "OutdatedCursor"}, nil
	}
	ev := event{seq: max(e.Cursor, 0), timeUS: max(e.TimeUS, 0)}
	ev.isPost = e.Commit.Collection == bluesky.CollectionPost && e.Commit.Operation == "create"
	if e.Kind == bluesky.KindAccount {
		in.account(&e, &ev)
	} else {
		in.commit(&e, &ev)
	}
	// The frame as it was before it was compressed; its room is used again.
	if in.asked != "" {
		for i := range ev.posts {
			ev.posts[i].Received(frame, in.asked)
		}
	}
	return ev, nil
}

// farewell says what an error frame means; the server closes after it.
func farewell(e *bluesky.Event) *collectors.Fault {
	f := &collectors.Fault{Cause: post.Unavailable, Err: errors.New("the server ended the stream with an error of its own")}
	if e.Error == "ConsumerTooSlow" {
		f.Err = errors.New("the server ended the stream, since it was read too slowly")
		f.Advice = "see what keeps this machine or its connection busy: Bluesky sends some 500 events a second"
	}
	return f
}

func (in *intake) reject(err error) {
	in.metrics.frame(frameRejected)
	if r, ok := errors.AsType[*wire.Reject](err); ok {
		in.log.Debug("a frame could not be used", "reason", string(r.Reason), "detail", r.Detail)
	}
}

// account turns the end of an account into the deletion of its posts.
func (in *intake) account(e *bluesky.Event, ev *event) {
	if e.Account.Active || !slices.Contains(gone[:], e.Account.Status) {
		in.metrics.frame(frameUnmatched)
		return
	}
	for _, uri := range in.set.Of(e.DID) {
		ev.deletions = append(ev.deletions, deletion(uri, e.TimeUS))
		in.set.Forget(uri)
	}
	in.metrics.frame(frameMatched)
}

// gone are the states of an account whose posts are gone; see doc.go.
var gone = [...]string{"deleted", "takendown", "deactivated"}

func deletion(uri string, timeUS int64) post.Deletion {
	return post.Deletion{
		Platform: post.Bluesky, NativeID: uri,
		At: time.UnixMicro(timeUS).UTC().Truncate(time.Millisecond),
	}
}

func (in *intake) commit(e *bluesky.Event, ev *event) {
	m := &in.m
	m.Posts, m.Deletions, m.Ignored, m.Rejects = m.Posts[:0], m.Deletions[:0], m.Ignored[:0], m.Rejects[:0]
	e.Decode(m)
	for _, r := range m.Rejects {
		in.reject(r)
	}
	for i := range m.Posts {
		if p := &m.Posts[i]; in.wanted(p) {
			in.set.Add(p)
			ev.posts = append(ev.posts, *p)
		}
	}
	for _, d := range m.Deletions {
		// One that was not scanned may be of any post.
		if in.set.Has([]byte(d.NativeID)) {
			in.set.Forget(d.NativeID)
			ev.deletions = append(ev.deletions, d)
		}
	}
	clear(m.Posts) // holds on to no text
	if len(ev.posts)+len(ev.deletions) == 0 {
		if len(m.Rejects) == 0 {
			in.metrics.frame(frameUnmatched)
		}
		return
	}
	ev.key = in.recent.key(e.DID, e.Commit.Collection, e.Commit.RKey, e.Commit.Operation, e.Commit.Rev)
	if ev.timeUS <= in.before && ev.key != 0 && in.recent.has(ev.key) {
		in.metrics.frame(frameRepeated)
		ev.posts, ev.deletions = nil, nil
		return
	}
	in.metrics.frame(frameMatched)
}

// wanted completes a post and reports whether it is to be delivered.
func (in *intake) wanted(p *post.Post) bool {
	p.ObservedAt = in.now().UTC().Truncate(time.Millisecond)
	in.name(p)
	if p.Kind == post.Repost {
		if in.set.Complete(p) {
			p.Tidy()
		} else if in.set.Has([]byte(p.RepostOf.PostID)) {
			in.metrics.bareRepost()
		}
	}
	edited := false
	if !p.EditedAt.IsZero() {
		var at time.Time
		if at, edited = in.set.PostedAt(p.ID); edited {
			p.PostedAt = at
		}
	}
	in.names = in.matcher.Match(in.names[:0], p)
	// An edit by which a post leaves its campaign is one all the same.
	if len(in.names) == 0 && !edited {
		return false
	}
	return (in.only == "" || slices.Contains(in.names, in.only)) && p.Check() == nil
}

// name gives protected accounts their handles, which is what campaigns may know
// them by.
func (in *intake) name(p *post.Post) {
	if len(in.handles) == 0 {
		return
	}
	give := func(did string, handle *string) {
		if known, ok := in.handles[did]; ok && *handle == "" {
			*handle = known
		}
	}
	give(p.Account.ID, &p.Account.Handle)
	for _, r := range []*post.Ref{&p.ReplyTo, &p.RepostOf, &p.QuoteOf} {
		give(r.AccountID, &r.Handle)
	}
	for i := range p.Mentions {
		give(p.Mentions[i].AccountID, &p.Mentions[i].Handle)
	}
}
