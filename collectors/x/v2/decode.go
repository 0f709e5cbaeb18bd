package v2

import (
	"strings"
	"time"

	"winnow/collectors/wire"
)

var options = wire.Options()

// message is a line of v2: a page, a refusal to connect, or a post as
// "twarc2 flatten" writes it.
type message struct {
	Page
	Problem
	Flat Tweet `json:",embed"`
}

// Decode reads one v2 message into m: a page of posts, a post from the
// stream, or errors alone, which are ignored.
func Decode(raw []byte, m *wire.Message) {
	var line message
	if err := wire.Unmarshal(raw, &line, options); err != nil {
		m.Reject(err)
		return
	}
	switch {
	case len(line.Data) > 0:
		line.Posts(time.Time{}, m)
	case line.Flat.ID != "" && (line.Flat.AuthorID != "" || line.Flat.Author != nil):
		line.Data = Tweets{line.Flat}
		line.Posts(time.Time{}, m)
	case len(line.Errors) > 0:
		m.Ignore("errors")
	case line.ConnectionIssue != "" || strings.Contains(line.Problem.Type, "/problems/"):
		m.Ignore("errors")
	case line.Meta != nil, line.Data != nil:
		m.Ignore("empty page")
	default:
		m.Reject(wire.Rejectf(wire.UnknownShape, "no v2 data and no errors"))
	}
}
