package spend

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// state is what survives a restart. Which posts were read today does not:
// those that come again count again. Nor does the end of a pause, since the
// operator may have raised the limit: it is decided again.
type state struct {
	Day   used      `json:"day"`
	Month used      `json:"month"`
	Share float64   `json:"share"`
	Since time.Time `json:"since,omitzero"`
	Note  string    `json:"note,omitempty"`
	Hours []hour    `json:"hours,omitempty"`
	Told  *told     `json:"told,omitempty"`
	Posts uint64    `json:"posts"`
}

// used is a period's.
type used struct {
	Start   time.Time `json:"start,omitzero"`
	Posts   uint64    `json:"posts"`
	LookUps uint64    `json:"look_ups"`
}

// State returns what must survive a restart, as JSON of at most 4 KiB.
func (g *Guard) State() []byte {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := state{
		Day:   used{g.day.start, g.day.used, g.day.lookUps},
		Month: used{g.month.start, g.month.used, g.month.lookUps},
		Share: g.share, Since: g.since.UTC(), Note: g.note,
		Hours: g.rates.hours, Told: g.told, Posts: g.posts,
	}
	raw, err := json.Marshal(s)
	if err != nil {
		// Only numbers that are no numbers could do that, and none are kept.
		return nil
	}
	return raw
}

// Restore takes over what State returned, in a guard that was not used yet.
// After an error the guard is as before.
func (g *Guard) Restore(raw []byte) error {
	var s state
	if err := json.Unmarshal(raw, &s); err != nil {
		return fmt.Errorf("reading what was spent before the restart: %w", err)
	}
	for _, h := range s.Hours {
		if !(h.Posts >= 0) || math.IsInf(h.Posts, 0) {
			return errors.New("reading what was spent before the restart: a rate is no number")
		}
	}
	if s.Share != 0 && !slices.Contains(steps[:], s.Share) {
		s.Share = stepBelow(s.Share)
	}
	if len(s.Hours) > hourCount {
		s.Hours = s.Hours[len(s.Hours)-hourCount:]
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.day.restore(s.Day, 0, 1)
	g.month.restore(s.Month, 1, 0)
	g.told, g.posts = s.Told, s.Posts
	g.rates.hours = slices.Clone(s.Hours)
	g.share, g.before, g.since = s.Share, s.Share, s.Since
	g.note = s.Note
	return nil
}

func (p *period) restore(u used, months, days int) {
	p.start, p.end = u.Start.UTC(), u.Start.UTC().AddDate(0, months, days)
	p.used, p.lookUps = u.Posts, u.LookUps
}
