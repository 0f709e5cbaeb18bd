package wire

import (
	"errors"
	"strings"

	"winnow/pipeline/post"
)

// Reason says in one word why something cannot be used. Package post adds the
// reasons of its own checks (post.Invalid).
type Reason string

// The reasons of decoders.
const (
	NotJSON       Reason = "not_json"
	UnknownShape  Reason = "unknown_shape" // JSON, but no message of this platform
	WrongType     Reason = "wrong_type"    // a field holds another JSON type than documented
	InvalidUTF8   Reason = "invalid_utf8"
	NULBytes      Reason = "nul_bytes"
	BadDate       Reason = "bad_date"
	NegativeCount Reason = "negative_count"
	MissingID     Reason = "missing_id"
	MissingAuthor Reason = "missing_account"
)

// Reject says why something cannot be used. It is an error.
type Reject struct {
	Reason Reason
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
func Rejectf(reason Reason, detail ...string) *Reject {
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
}

// Add appends a normalised post, or the rejection that err or the post's own
// checks amount to.
func (m *Message) Add(p post.Post, err error) {
	if err == nil {
		err = finish(&p)
	}
	if err != nil {
		m.Reject(err)
		return
	}
	m.Posts = append(m.Posts, p)
}

// Ignore notes something that is understood and deliberately no post.
func (m *Message) Ignore(kind string) { m.Ignored = append(m.Ignored, kind) }

// Reject notes something that cannot be used.
func (m *Message) Reject(err error) {
	var r *Reject
	if !errors.As(err, &r) {
		r = &Reject{Reason: UnknownShape, Detail: err.Error()}
	}
	m.Rejects = append(m.Rejects, r)
}

// finish tidies a normalised post and applies the checks that hold on every
// platform.
func finish(p *post.Post) error {
	switch {
	case p.ID == "":
		return Rejectf(MissingID)
	case p.Account.ID == "":
		return Rejectf(MissingAuthor)
	}
	return nil
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
