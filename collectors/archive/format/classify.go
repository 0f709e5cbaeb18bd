package format

import (
	"github.com/go-json-experiment/json/jsontext"

	"winnow/collectors/wire"
)

// keys are the members that tell the formats apart.
type keys struct {
	// Of Jetstream.
	DID     jsontext.Value `json:"did"`
	Kind    jsontext.Value `json:"kind"`
	Type    string         `json:"$type"`
	Payload jsontext.Value `json:"payload"`
	// Of X v2.
	Data     jsontext.Value `json:"data"`
	Errors   jsontext.Value `json:"errors"`
	Meta     jsontext.Value `json:"meta"`
	AuthorID jsontext.Value `json:"author_id"`
	Issue    jsontext.Value `json:"connection_issue"`
	// Of X v1.1.
	User     jsontext.Value `json:"user"`
	FullText jsontext.Value `json:"full_text"`
	Delete   jsontext.Value `json:"delete"`
	Limit    jsontext.Value `json:"limit"`
	Text     jsontext.Value `json:"text"`
	// Of Mastodon.
	Account jsontext.Value `json:"account"`
	URI     jsontext.Value `json:"uri"`
	Content jsontext.Value `json:"content"`
}

var keyOptions = wire.Options()

// classify tells the format of one JSON object, "" for none; sure is false for
// notices, which do not settle what the posts are.
func classify(raw []byte) (f Name, sure bool) {
	var k keys
	if wire.Unmarshal(raw, &k, keyOptions) != nil {
		return "", false
	}
	text := k.Text != nil || k.FullText != nil
	switch {
	case k.DID != nil && k.Kind != nil, k.Type == "message" && k.Payload != nil:
		return Bluesky, true
	case k.Account != nil && k.URI != nil && k.Content != nil:
		return Mastodon, true
	case k.User != nil && text:
		return XV1, true
	case k.Data != nil, k.AuthorID != nil && text:
		return XV2, true
	case k.Errors != nil, k.Issue != nil, k.Meta != nil:
		return XV2, false
	case k.Delete != nil, k.Limit != nil:
		return XV1, false
	}
	return "", false
}
