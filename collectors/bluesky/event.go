package bluesky

import (
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

// The collections whose records are read here.
const (
	CollectionPost   = "app.bsky.feed.post"
	CollectionRepost = "app.bsky.feed.repost"
)

// The kinds of event that matter to who keeps a connection.
const (
	KindCommit  = "commit"
	KindAccount = "account"
	KindInfo    = "info"
)

// Event is one event of either wire.
type Event struct {
	DID string `json:"did"`
	// TimeUS is when the event was sequenced, in microseconds.
	TimeUS  int64   `json:"time_us"`
	Kind    string  `json:"kind"` // "commit", "identity", "account"; "info" on the new wire
	Commit  Commit  `json:"commit"`
	Account Account `json:"account"`
	// Cursor is the event's sequence number; old servers send none.
	Cursor int64 `json:"cursor"`

	// Type and Payload are the envelope of the new wire. Type "error" is the
	// last frame before the server hangs up; Error and Message say why.
	Type    string   `json:"$type"`
	Payload *Payload `json:"payload"`
	Error   string   `json:"error"`
	Message string   `json:"message"`
}

// Account is how an account stands with the network, in an event of kind
// "account".
type Account struct {
	Active bool `json:"active"`
	// Status says why it is not active: "deleted", "deactivated", "takendown",
	// "suspended" and others; mostly empty if it is.
	Status string `json:"status"`
}

// Commit is a change of one record.
type Commit struct {
	// Rev names the change: the same on all servers, unlike a cursor.
	Rev        string         `json:"rev"`
	Operation  string         `json:"operation"` // "create", "update", "delete"
	Collection string         `json:"collection"`
	RKey       string         `json:"rkey"`
	Record     jsontext.Value `json:"record"`
}

// Payload is an event of the new wire.
type Payload struct {
	Type string `json:"$type"` // "network.bsky.jetstream.subscribeEvents#commit"
	DID  string `json:"did"`
	Seq  int64  `json:"seq"`
	Time string `json:"time"` // RFC 3339, microseconds
	// Name and Message are those of a notice (kind "info"), which has no time:
	// "OutdatedCursor" for a time that the server does not reach back to.
	Name    string  `json:"name"`
	Message string  `json:"message"`
	Account Account `json:"account"`
	Commit
}

var options = wire.Options()

// Unmarshal reads one event of either wire; an event of the new wire is
// returned in the form of the old one, its sequence number as Cursor, the name
// of a notice as Error. The error is a *wire.Reject.
func Unmarshal(raw []byte, e *Event) error {
	*e = Event{}
	if err := wire.Unmarshal(raw, e, options); err != nil {
		return err
	}
	p := e.Payload
	if p == nil {
		return nil
	}
	_, kind, _ := strings.Cut(p.Type, "#")
	if kind == KindInfo {
		*e = Event{Kind: kind, Error: p.Name, Message: p.Message}
		return nil
	}
	at, err := time.Parse(time.RFC3339, p.Time)
	if err != nil {
		return wire.Rejectf(post.BadTime, "payload.time")
	}
	*e = Event{
		DID: p.DID, TimeUS: at.UnixMicro(), Kind: kind, Commit: p.Commit, Account: p.Account, Cursor: p.Seq,
	}
	return nil
}

// Decode reads one event into m: a post, a repost, the deletion of either, or
// something else, which is ignored by its kind.
func Decode(raw []byte, m *wire.Message) {
	var e Event
	if err := Unmarshal(raw, &e); err != nil {
		m.Reject(err)
		return
	}
	n := len(m.Posts)
	e.Decode(m)
	m.Received(n, raw)
}

// Decode appends to m what the event says.
func (e *Event) Decode(m *wire.Message) {
	c := &e.Commit
	switch {
	case e.Kind == "" && e.Type != "", e.Kind == KindInfo:
		m.Ignore("notice")
		return
	case e.Kind == "" || e.DID == "":
		m.Reject(wire.Rejectf(wire.UnknownShape, "no Jetstream event"))
		return
	case e.Kind != KindCommit:
		m.Ignore(e.Kind)
		return
	case c.Collection != CollectionPost && c.Collection != CollectionRepost:
		m.Ignore(c.Collection)
		return
	case c.RKey == "":
		m.Reject(wire.Rejectf(post.NoID, "rkey"))
		return
	case e.TimeUS <= 0:
		m.Reject(wire.Rejectf(post.BadTime, "time_us"))
		return
	}
	at := time.UnixMicro(e.TimeUS).UTC().Truncate(time.Millisecond)
	uri := "at://" + e.DID + "/" + c.Collection + "/" + c.RKey
	switch c.Operation {
	case "delete":
		m.Delete(post.Deletion{Platform: post.Bluesky, NativeID: uri, At: at})
	case "create", "update":
		p := post.Post{
			Platform:   post.Bluesky,
			ID:         uri,
			Account:    post.Account{ID: e.DID},
			PostedAt:   at,
			ObservedAt: at,
		}
		if c.Operation == "update" {
			p.EditedAt = at
		}
		var err error
		if c.Collection == CollectionRepost {
			err = repost(&p, c.Record)
		} else {
			p.URL = p.Page()
			err = fill(&p, c.Record)
		}
		m.Add(p, err)
	default:
		m.Reject(wire.Rejectf(wire.UnknownShape, "commit.operation"))
	}
}
