package coverage

import (
	"context"
	"sync"
	"time"
)

// Watched remembers whether the store knows of watches or gaps, so that not
// every page has to ask. What is there once stays.
type Watched struct {
	mu    sync.Mutex
	found bool
	asked time.Time
}

// watchedFor is for how long "nothing there" is believed.
const watchedFor = time.Minute

// Any says whether there is anything to tell about coverage, where no source runs. It is
// safe for concurrent use.
func (m *Watched) Any(ctx context.Context, store Store, now time.Time) bool {
	if known, found := m.remembered(now); known {
		return found
	}
	// A store that does not answer is told of by the page itself; the link is
	// only left out.
	seen, err := store.Coverage(ctx, "", now.Add(-gapSpan), now)
	if err != nil {
		return false
	}
	found := len(seen) > 0
	if !found {
		gaps, err := store.Gaps(ctx, "", now.Add(-gapSpan), now)
		if err != nil {
			return false
		}
		found = len(gaps) > 0
	}
	m.remember(found, now)
	return found
}

func (m *Watched) remembered(now time.Time) (known, found bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.found || (!m.asked.IsZero() && now.Sub(m.asked) < watchedFor), m.found
}

func (m *Watched) remember(found bool, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.found, m.asked = m.found || found, now
}
