package linetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"winnow/pipeline/post"
)

// message is one line of the protocol.
type message struct {
	Seq  uint64 `json:"seq"`
	Kind string `json:"kind"` // post, delete or beat
	ID   string `json:"id,omitempty"`
	Text string `json:"text,omitempty"`
	// At and Edited are Unix milliseconds.
	At     int64 `json:"at"`
	Edited int64 `json:"edited,omitempty"`
}

// encode returns the line without its end.
func (m message) encode() []byte {
	b, err := json.Marshal(m)
	if err != nil { // no field of it can fail
		panic(err)
	}
	return b
}

var errBadLine = errors.New("a line is no message")

// decode reads a line; the error does not repeat it.
func decode(line []byte) (message, error) {
	var m message
	if json.Unmarshal(line, &m) != nil || m.Kind == "" || m.Kind != "beat" && m.ID == "" {
		return message{}, errBadLine
	}
	return m, nil
}

// tag is in every post, so that a campaign can match it.
const tag = "line"

// post translates a message of a server; false if it is none that can be taken in.
func (m message) post(server string, now time.Time) (post.Post, bool) {
	p := post.Post{
		Platform:   post.Mastodon,
		ID:         strings.Replace(server, "http:", "https:", 1) + "/" + m.ID,
		NativeID:   m.ID,
		Kind:       post.Original,
		Account:    post.Account{ID: "https://line.example/users/anna"},
		PostedAt:   time.UnixMilli(m.At).UTC(),
		ObservedAt: now.UTC(),
		Text:       m.Text + " #" + tag,
		Tags:       post.NewTags(tag),
	}
	if m.Edited != 0 {
		p.EditedAt = time.UnixMilli(m.Edited).UTC()
	}
	p.Tidy()
	return p, p.Check() == nil
}

// cursor is how far a stream came: the last sequence and its time.
type cursor struct {
	seq uint64
	at  time.Time
}

func (c cursor) bytes() []byte {
	return fmt.Appendf(nil, "%d@%d", c.seq, c.at.UnixMilli())
}

// parseCursor returns false if there is none.
func parseCursor(b []byte) (cursor, bool) {
	seq, at, _ := strings.Cut(string(b), "@")
	n, err := strconv.ParseUint(seq, 10, 64)
	if err != nil {
		return cursor{}, false
	}
	ms, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return cursor{}, false
	}
	return cursor{seq: n, at: time.UnixMilli(ms)}, true
}
