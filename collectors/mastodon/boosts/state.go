package boosts

import (
	"slices"
	"time"

	"github.com/go-json-experiment/json"
)

const (
	// maxSaved is how many posts are kept over a restart, maxState how many
	// bytes at most.
	maxSaved = 200
	maxState = 60 << 10
)

// saved is a post as kept over a restart. Without it all boosts would be found
// again, as if they came while nobody looked.
type saved struct {
	ID      string    `json:"id"`
	Created time.Time `json:"created"`
	Rose    time.Time `json:"rose"`
	Quiet   time.Time `json:"quiet"`
	Listed  int64     `json:"listed"`
	Since   string    `json:"since,omitzero"`
}

// State returns what must survive a restart: the posts whose boosts were
// listed, at most 200, those boosted last first. It changes only when boosts
// were listed.
func (t *Tracker) State() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.state != nil {
		return t.state
	}
	all := []saved{}
	for _, e := range t.posts {
		if e.listed > 0 {
			all = append(all, saved{e.id, e.created.UTC(), e.rose.UTC(), e.quiet.UTC(), e.listed, e.since})
		}
	}
	slices.SortFunc(all, func(a, b saved) int { return b.Rose.Compare(a.Rose) })
	for n := min(len(all), maxSaved); ; n /= 2 {
		raw, err := json.Marshal(all[:n])
		if err == nil && len(raw) <= maxState || n == 0 {
			t.state = raw
			return raw
		}
	}
}

// Restore takes back what State returned. What it cannot read counts as
// nothing.
func (t *Tracker) Restore(state []byte, now time.Time) {
	var all []saved
	if len(state) > maxState || json.Unmarshal(state, &all) != nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range all[:min(len(all), maxSaved, t.most)] {
		if s.ID == "" || now.Sub(s.Rose) > forget || s.Listed < 0 {
			continue
		}
		t.posts[s.ID] = &entry{id: s.ID, created: s.Created, rose: s.Rose, quiet: s.Quiet, listed: s.Listed, count: s.Listed, since: s.Since}
	}
	t.state = nil
}
