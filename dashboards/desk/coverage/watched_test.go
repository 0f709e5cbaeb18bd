package coverage

import (
	"testing"
	"time"
)

// The store is not asked by every page whether anything is watched, but a
// minute later it is.
func TestWatchedIsRemembered(t *testing.T) {
	now := time.Date(2031, 6, 12, 18, 30, 0, 0, time.UTC)
	m := &Watched{}
	if known, _ := m.remembered(now); known {
		t.Error("knows before it asked")
	}
	m.remember(false, now)
	if known, found := m.remembered(now.Add(watchedFor - 1)); !known || found {
		t.Errorf("known %v, found %v within the minute", known, found)
	}
	if known, _ := m.remembered(now.Add(watchedFor)); known {
		t.Error("believes nothing is there for longer than a minute")
	}
	m.remember(true, now)
	if known, found := m.remembered(now.Add(24 * time.Hour)); !known || !found {
		t.Errorf("known %v, found %v the day after", known, found)
	}
}
