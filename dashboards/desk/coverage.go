package desk

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"winnow/dashboards/desk/coverage"
	"winnow/storage/view"
)

// How far the pages look back: for how much was seen of late, and for gaps.
const (
	coverageSpan = 24 * time.Hour
	gapSpan      = 30 * 24 * time.Hour
)

// Bounds on what the page about coverage lists.
const (
	maxGapRows         = 500
	maxSourceCampaigns = 50
)

// coveragePage is the content of the page about coverage.
type coveragePage struct {
	Sources []sourceRow
	// Partly is true if something was filled in part: then shares have bounds.
	Partly bool
	// DayAgo and MonthAgo are where coverage and gaps begin.
	DayAgo, MonthAgo time.Time
	Gaps, RestGaps   []coverage.Gap
	// MoreGaps is true if older ones are left out.
	MoreGaps bool
}

// sourceRow is a source with a bounded list of what it saw.
type sourceRow struct {
	coverage.Source
	MoreCampaigns uint64
}

// showCoverage shows how the live sources are, what they saw and what not.
func (d *desk) showCoverage(w http.ResponseWriter, r *http.Request) {
	t := d.Teller(r)
	now := t.Now()
	page := coveragePage{DayAgo: now.Add(-coverageSpan), MonthAgo: now.Add(-gapSpan)}
	seen, err := d.store.Coverage(r.Context(), "", page.DayAgo, now)
	if err != nil {
		d.Fail(w, r, "read the coverage of all campaigns", err)
		return
	}
	gaps, err := d.store.Gaps(r.Context(), "", page.MonthAgo, now)
	if err != nil {
		d.Fail(w, r, "list the gaps of all campaigns", err)
		return
	}
	page.Partly = slices.ContainsFunc(seen, func(c view.Coverage) bool { return c.Partly > 0 })
	for _, s := range coverage.Sources(t, d.sources(), seen) {
		row := sourceRow{Source: s}
		if n := len(s.Campaigns); n > maxSourceCampaigns {
			row.Campaigns, row.MoreCampaigns = s.Campaigns[:maxSourceCampaigns], uint64(n-maxSourceCampaigns)
		}
		page.Sources = append(page.Sources, row)
	}
	rows := coverage.Gaps(t, gaps)
	if len(rows) > maxGapRows {
		rows, page.MoreGaps = rows[:maxGapRows], true
	}
	page.Gaps, page.RestGaps = inSight(rows)
	d.Render(w, r, http.StatusOK, "coverage", t.Text("Coverage"), page)
}

// watched remembers whether the store knows of watches or gaps, so that not
// every page has to ask. What is there once stays.
type watched struct {
	mu    sync.Mutex
	found bool
	asked time.Time
}

// watchedFor is for how long "nothing there" is believed.
const watchedFor = time.Minute

// anyCoverage says whether there is anything to tell about coverage.
func (d *desk) anyCoverage(ctx context.Context, now time.Time) bool {
	if len(d.sources()) > 0 {
		return true
	}
	if known, found := d.watched.remembered(now); known {
		return found
	}
	// A store that does not answer is told of by the page itself; the link is
	// only left out.
	seen, err := d.store.Coverage(ctx, "", now.Add(-gapSpan), now)
	if err != nil {
		return false
	}
	found := len(seen) > 0
	if !found {
		gaps, err := d.store.Gaps(ctx, "", now.Add(-gapSpan), now)
		if err != nil {
			return false
		}
		found = len(gaps) > 0
	}
	d.watched.remember(found, now)
	return found
}

func (m *watched) remembered(now time.Time) (known, found bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.found || (!m.asked.IsZero() && now.Sub(m.asked) < watchedFor), m.found
}

func (m *watched) remember(found bool, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.found, m.asked = m.found || found, now
}
