package streaming

import (
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"winnow/collectors/mastodon"
	"winnow/collectors/wire"
)

// MaxMessage is the longest message that is read, in bytes. A status with all
// that belongs to it has about 20 KB.
const MaxMessage = 4 << 20

// The events that mean something to a hashtag. Servers know more of them.
const (
	Update = "update"        // a new status; the payload is the status
	Edit   = "status.update" // an edited status; the payload is the status
	Delete = "delete"        // a status is gone; the payload is its id
)

// Message is one message of a stream. Either Event or Refused is set.
type Message struct {
	// Tag is the hashtag whose stream it came through, as servers fold it
	// (see mastodon.TagName); empty if the server does not tell.
	Tag string
	// Event is the kind of event, Payload what belongs to it: for statuses
	// their JSON, for deletions an id.
	Event   string
	Payload []byte
	// Refused is the server's answer to a request that it does not grant, and
	// Status the HTTP status that goes with it, 0 if there is none.
	Refused string
	Status  int
}

// ParseMessage reads a message of a WebSocket. The error is a *wire.Reject.
func ParseMessage(raw []byte) (Message, error) {
	// Nothing is trusted to have its documented type.
	var in struct {
		Stream  jsontext.Value `json:"stream"`
		Event   jsontext.Value `json:"event"`
		Payload jsontext.Value `json:"payload"`
		Error   jsontext.Value `json:"error"`
		Status  jsontext.Value `json:"status"`
	}
	if err := wire.Unmarshal(raw, &in, wire.Options()); err != nil {
		return Message{}, err
	}
	if refused := text(in.Error); refused != "" {
		status, err := strconv.Atoi(string(in.Status))
		if err != nil {
			status = 0
		}
		return Message{Refused: refused, Status: status}, nil
	}
	m := Message{Event: text(in.Event), Payload: in.Payload}
	if m.Event == "" {
		return Message{}, wire.Rejectf(wire.UnknownShape, "no event")
	}
	// The payload is a string with JSON in it; a server that sends the JSON
	// itself is understood as well.
	if in.Payload.Kind() == '"' {
		m.Payload = []byte(text(in.Payload))
	}
	var stream []jsontext.Value
	if in.Stream.Kind() == '[' && json.Unmarshal(in.Stream, &stream, wire.Options()) == nil && len(stream) > 1 {
		m.Tag = mastodon.TagName(text(stream[1]))
	}
	return m, nil
}

// text returns the string that a JSON value is, or "".
func text(v jsontext.Value) string {
	if v.Kind() != '"' {
		return ""
	}
	var s string
	if err := json.Unmarshal(v, &s, wire.Options()); err != nil {
		return ""
	}
	return s
}
