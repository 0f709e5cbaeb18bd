package instance

import (
	"maps"
	"slices"

	"github.com/go-json-experiment/json"

	"winnow/collectors/mastodon"
	"winnow/collectors/mastodon/rest"
)

// cursor is the newest id delivered of each hashtag, by name. On the wire it is
// a JSON object.
type cursor map[string]string

// maxCursor is how long it may be, in bytes: what the supervisor takes.
const maxCursor = 16 << 10

// readCursor reads one; what cannot be read, or is of other hashtags, is left
// out.
func readCursor(raw []byte, tags []tag) cursor {
	c := make(cursor, len(tags))
	var in map[string]string
	if len(raw) > maxCursor || json.Unmarshal(raw, &in) != nil {
		return c
	}
	for _, t := range tags {
		if id := in[t.name]; rest.ValidID(id) {
			c[t.name] = id
		}
	}
	return c
}

// advance moves a hashtag's id on, never back, and reports whether it did.
func (c cursor) advance(name, id string) bool {
	if !rest.ValidID(id) || mastodon.CompareIDs(id, c[name]) <= 0 {
		return false
	}
	c[name] = id
	return true
}

// bytes is the cursor on the wire. Hashtags that would make it too long are left
// out: they are filled from the time of a gap on.
func (c cursor) bytes() []byte {
	size := 2
	short := make(map[string]string, len(c))
	for _, name := range slices.Sorted(maps.Keys(c)) {
		// Names have no characters that JSON escapes.
		if n := len(name) + len(c[name]) + len(`"":"",`); size+n <= maxCursor {
			size += n
			short[name] = c[name]
		}
	}
	raw, err := json.Marshal(short, json.Deterministic(true))
	if err != nil { // a map of strings
		return nil
	}
	return raw
}
