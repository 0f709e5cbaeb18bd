package v2

import (
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

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
//
// As evidence a post from the stream is the whole message, with the accounts and
// posts that it refers to. A post of a page is its element of the page's data
// alone: what the page includes is that of all its posts.
func Decode(raw []byte, m *wire.Message) {
	var line message
	if err := wire.Unmarshal(raw, &line, options); err != nil {
		m.Reject(err)
		return
	}
	n := len(m.Posts)
	switch {
	case len(line.Data) > 0:
		if m.Evidence {
			line.elements = elements(raw)
		}
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
	m.Received(n, raw)
}

// elements are the bytes of each post of a page, nil if it is one post alone,
// as the stream sends it: with everything that it refers to.
func elements(raw []byte) []jsontext.Value {
	var page struct {
		Data jsontext.Value `json:"data"`
	}
	if json.Unmarshal(raw, &page, options) != nil || page.Data.Kind() != '[' {
		return nil
	}
	var each []jsontext.Value
	if json.Unmarshal(page.Data, &each, options) != nil {
		return nil
	}
	return each
}

// RuleTags are the tags of the stream's rules that a message says it matched.
func RuleTags(raw []byte) []string {
	var line struct {
		Rules []Rule `json:"matching_rules"`
	}
	if json.Unmarshal(raw, &line, options) != nil {
		return nil
	}
	var tags []string
	for _, r := range line.Rules {
		tags = append(tags, r.Tag)
	}
	return tags
}
