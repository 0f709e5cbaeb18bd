package filtered

import (
	"encoding/json"
	"strconv"
	"time"
)

// cursor is where the stream was. X cannot be asked to go on there; it says
// how long nothing was heard, and from which post on a search would go on.
type cursor struct {
	// ID is the newest post's, as a decimal number.
	ID string `json:"id,omitempty"`
	// At is when it was delivered.
	At time.Time `json:"at,omitzero"`
}

// resume takes over a cursor, if it is one and newer than what is known.
func (s *Source) resume(raw []byte) {
	var c cursor
	if len(raw) == 0 || json.Unmarshal(raw, &c) != nil {
		return
	}
	if id, err := strconv.ParseUint(c.ID, 10, 64); err == nil {
		s.newest = max(s.newest, id)
	}
	if c.At.IsZero() || c.At.After(s.o.Now()) {
		return
	}
	s.heard.Store(max(s.heard.Load(), c.At.UnixNano()))
}

// cursor returns the place after what was delivered.
func (s *Source) cursor() []byte {
	raw, err := json.Marshal(cursor{ID: strconv.FormatUint(s.newest, 10), At: s.o.Now().UTC().Truncate(time.Second)})
	if err != nil {
		return nil // only a year beyond 9999 does that
	}
	return raw
}
