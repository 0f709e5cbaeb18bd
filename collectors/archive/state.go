package archive

import (
	"encoding/json"
	"fmt"
	"maps"

	"winnow/collectors/archive/format"
)

// stateVersion is that of the cursor's form. A change in how a file is cut into
// records needs a new one.
const stateVersion = 1

// state is how far a replay is and what it has counted; as JSON it is the
// cursor.
type state struct {
	Version int           `json:"v"`
	Format  format.Name   `json:"format"`
	Layout  format.Layout `json:"layout"`
	// Record is the number of the last record that is dealt with.
	Record    int64            `json:"record"`
	Done      bool             `json:"done"`
	Posts     int64            `json:"posts"`
	Deletions int64            `json:"deletions"`
	Ignored   map[string]int64 `json:"ignored"`
	Rejected  map[string]int64 `json:"rejected"`
}

func newState(s format.Shape) state {
	return state{
		Version:  stateVersion,
		Format:   s.Format,
		Layout:   s.Layout,
		Ignored:  map[string]int64{},
		Rejected: map[string]int64{},
	}
}

func parseState(cursor []byte) (state, error) {
	var s state
	if err := json.Unmarshal(cursor, &s); err != nil {
		return state{}, fmt.Errorf("the cursor in the log is damaged: %w", err)
	}
	if s.Version != stateVersion {
		return state{}, fmt.Errorf("the cursor in the log has form %d, this version knows %d", s.Version, stateVersion)
	}
	if s.Ignored == nil {
		s.Ignored = map[string]int64{}
	}
	if s.Rejected == nil {
		s.Rejected = map[string]int64{}
	}
	return s, nil
}

func (s state) cursor() ([]byte, error) { return json.Marshal(s) }

func (s state) clone() state {
	s.Ignored, s.Rejected = maps.Clone(s.Ignored), maps.Clone(s.Rejected)
	return s
}

// sameShape reports whether record numbers mean the same in both.
func (s state) sameShape(t state) bool { return s.Format == t.Format && s.Layout == t.Layout }

// readable reports whether anything was understood.
func (s state) readable() bool { return s.Posts+s.Deletions+total(s.Ignored) > 0 }

// maxKinds bounds the kinds that are counted each on their own: anybody can
// make up a collection on Bluesky.
const maxKinds = 64

func count(m map[string]int64, key string) {
	if _, ok := m[key]; !ok && len(m) >= maxKinds {
		key = "other"
	}
	m[key]++
}

func total(m map[string]int64) int64 {
	var sum int64
	for _, n := range m {
		sum += n
	}
	return sum
}
