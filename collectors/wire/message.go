package wire

import (
	"errors"
	"strings"

	"winnow/pipeline/post"
)

// The reasons of decoders, beside those of post.Check.
const (
	NotJSON       post.Reason = "not-json"
	UnknownShape  post.Reason = "unknown-shape"  // readable, but no message of this format
	WrongType     post.Reason = "wrong-type"     // a field holds another type than documented
	NegativeCount post.Reason = "negative-count" // a figure that cannot be
	TooLong       post.Reason = "too-long"       // a line beyond what is read
)

// Reasons returns all reasons that a decoder gives, those of post.Check among them.
func Reasons() []post.Reason {
	return append(post.Reasons(), NotJSON, UnknownShape, WrongType, NegativeCount, TooLong)
}

// Reject says why something cannot be used. It is an error.
type Reject struct {
	Reason post.Reason
	// Detail names the field or the offset, never the content.
	Detail string
}

// Error implements error.
func (r *Reject) Error() string {
	if r.Detail == "" {
		return string(r.Reason)
	}
	return string(r.Reason) + ": " + r.Detail
}

// Rejectf is short for a *Reject whose detail is put together from parts.
func Rejectf(reason post.Reason, detail ...string) *Reject {
	return &Reject{Reason: reason, Detail: strings.Join(detail, "")}
}

// Message is what decoded lines or frames amount to. Decoders append to it, so
// that a caller may gather a batch without copying.
type Message struct {
	Posts     []post.Post
	Deletions []post.Deletion
	// Ignored names, by kind, what was understood and is deliberately no post
	// ("app.bsky.feed.like"); one entry for each such thing.
	Ignored []string
	// Rejects are what could not be used.
	Rejects []*Reject

	// Evidence, set by the caller, has each post carry the bytes that it came
	// in, and Query, which says what they were the answer to. Where many posts
	// come in one message, each carries its own part of that.
	Evidence bool
	Query    string
}

// Received is for decoders: it has the posts from a place on carry raw, the
// bytes that they came in, if that is wanted and they carry nothing yet.
func (m *Message) Received(from int, raw []byte) {
	if !m.Evidence {
		return
	}
	for i := from; i < len(m.Posts); i++ {
		if p := &m.Posts[i]; p.Raw == nil && p.Query == "" {
			p.Received(raw, m.Query)
		}
	}
}

// Add brings a post into canonical form, checks it and appends it, or the
// rejection that err or the check amounts to.
func (m *Message) Add(p post.Post, err error) {
	if err != nil {
		m.Reject(err)
		return
	}
	m.Posts = append(m.Posts, p)
	m.finish()
}

// Next returns a new post at the end of Posts, to be filled in place; Keep must
// follow. It spares the fastest decoders a copy.
func (m *Message) Next() *post.Post {
	m.Posts = append(m.Posts, post.Post{})
	return &m.Posts[len(m.Posts)-1]
}

// Keep does with the post that Next returned what Add does.
func (m *Message) Keep(err error) {
	if err != nil {
		m.Posts = m.Posts[:len(m.Posts)-1]
		m.Reject(err)
		return
	}
	m.finish()
}

// finish tidies and checks the last post, and takes it off if it is none.
func (m *Message) finish() {
	last := &m.Posts[len(m.Posts)-1]
	last.Tidy()
	if err := last.Check(); err != nil {
		m.Posts = m.Posts[:len(m.Posts)-1]
		m.Reject(err)
	}
}

// Delete appends a deletion, or its rejection: it has to hold to the same
// bounds as the post it is about.
func (m *Message) Delete(d post.Deletion) {
	about := post.Post{
		Platform: d.Platform,
		ID:       d.NativeID,
		Kind:     post.Original,
		Account:  post.Account{ID: d.NativeID},
		PostedAt: d.At,
	}
	if err := about.Check(); err != nil {
		m.Reject(err)
		return
	}
	m.Deletions = append(m.Deletions, d)
}

// Ignore notes something that is understood and deliberately no post.
func (m *Message) Ignore(kind string) { m.Ignored = append(m.Ignored, kind) }

// Reject notes something that cannot be used: a *Reject, a *post.Invalid, or
// any other error, which counts as an unknown shape.
func (m *Message) Reject(err error) { m.Rejects = append(m.Rejects, asReject(err)) }

func asReject(err error) *Reject {
	if r, ok := errors.AsType[*Reject](err); ok {
		return r
	}
	if inv, ok := errors.AsType[*post.Invalid](err); ok {
		return &Reject{Reason: inv.Reason, Detail: inv.Field}
	}
	return &Reject{Reason: UnknownShape, Detail: err.Error()}
}

// Tags returns hashtags by their spellings alone; Add fills in the rest.
func Tags(posted []string) []post.Tag {
	if len(posted) == 0 {
		return nil
	}
	out := make([]post.Tag, len(posted))
	for i, s := range posted {
		out[i].Posted = s
	}
	return out
}

// Counts turns the numbers of one message into counts and remembers the first
// negative one: a number that cannot be makes the whole message doubtful.
type Counts struct{ bad string }

// Known returns n as a known count; name is the field it stands in.
func (c *Counts) Known(name string, n int64) post.Count {
	if n < 0 && c.bad == "" {
		c.bad = name
	}
	return post.KnownCount(n)
}

// Maybe is Known for a number that may be absent.
func (c *Counts) Maybe(name string, n *int64) post.Count {
	if n == nil {
		return 0
	}
	return c.Known(name, *n)
}

// Err returns a *Reject if any count was negative.
func (c *Counts) Err() error {
	if c.bad == "" {
		return nil
	}
	return Rejectf(NegativeCount, c.bad)
}
