package collectortest

import (
	"log/slog"
	"net/http"
	"testing"
	"time"

	"winnow/collectors"
	"winnow/collectors/wire"
)

// Platform is a fake of a platform at work on the loopback interface, as the
// suite drives it. Posts made while nobody is connected stay where the real
// platform keeps them: a timeline, a search, a replay. It is safe for
// concurrent use.
type Platform interface {
	// Publish makes a public post that the source's campaign matches and
	// returns its canonical id (post.Post.ID).
	Publish(text string) (id string)
	// Edit changes a post's text, Delete removes it; false where the stream of
	// this platform does not tell.
	Edit(id, text string) bool
	Delete(id string) bool
	// DeleteFirst announces the deletion of a post and only then the post,
	// as streams without order do; "" where that cannot happen.
	DeleteFirst(text string) (id string)
	// Again sends a post once more.
	Again(id string)
	// Raw sends bytes as one message of the stream, framed but otherwise as given.
	Raw(message []byte)
	// Hostile returns messages that are wrong, each in a way of its own, by
	// name: wrong types, broken JSON, deep nesting, absurd times, a megabyte.
	Hostile() map[string][]byte

	// Cut ends every open stream without a goodbye, End with one.
	Cut()
	End()
	// Silence holds back every byte, heartbeats too, on open streams, which
	// stay open; false lets go.
	Silence(on bool)
	// Answer makes every new request, streams included, be answered with this
	// status and header; 0 ends that.
	Answer(status int, header http.Header)
	// Refuse makes connections fail before any answer.
	Refuse(on bool)
	// Frame changes how messages are cut into writes: "\n" or "\r\n" where the
	// platform's framing has a choice, and bytes held back as a buffering proxy
	// does until size bytes are together (0 for at once).
	Frame(newline string, size int)

	// Open counts the streams open now, Attempts those tried since the start.
	Open() int
	Attempts() int
}

// Subject is a collector beside the fake of its platform.
type Subject struct {
	Platform Platform
	// Source returns a new source for the fake, as after a restart. Its
	// ladder is scaled down and its Stall about a second.
	Source func(t *testing.T) collectors.Source
	// Fills says that posts made while disconnected come afterwards.
	Fills bool
	// SourceWith is Source with surroundings of the suite's choice; nil if
	// the source's clock and log are to be left alone.
	SourceWith func(t *testing.T, with With) collectors.Source
	// Decode is the collector's reading of one message. What a post carries as
	// evidence must come to that same post.
	Decode func(raw []byte, m *wire.Message)
	// Secrets must never be seen in an error, a log line or a row: the token,
	// a proxy's password.
	Secrets []string
}

// With is what the suite gives to a source.
type With struct {
	// Now is the source's clock, which may be wrong.
	Now func() time.Time
	// Log takes what the source logs, to be searched for secrets.
	Log *slog.Logger
	// Evidence says that the source's campaigns keep it.
	Evidence bool
}
