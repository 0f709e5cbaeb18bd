package desk

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/desk/window"
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
	MoreGaps         uint64
}

// sourceRow is a source with a bounded list of what it saw.
type sourceRow struct {
	coverage.Source
	MoreCampaigns uint64
}

// showCoverage shows how the live sources are, what they saw and what not.
func (d *desk) showCoverage(w http.ResponseWriter, r *http.Request) {
	now := d.now()
	page := coveragePage{DayAgo: now.Add(-coverageSpan), MonthAgo: now.Add(-gapSpan)}
	seen, err := d.store.Coverage(r.Context(), "", page.DayAgo, now)
	if err != nil {
		d.fail(w, r, "read the coverage of all campaigns", err)
		return
	}
	gaps, err := d.store.Gaps(r.Context(), "", page.MonthAgo, now)
	if err != nil {
		d.fail(w, r, "list the gaps of all campaigns", err)
		return
	}
	page.Partly = slices.ContainsFunc(seen, func(c view.Coverage) bool { return c.Partly > 0 })
	for _, s := range coverage.Sources(d.sources(), seen, now) {
		row := sourceRow{Source: s}
		if n := len(s.Campaigns); n > maxSourceCampaigns {
			row.Campaigns, row.MoreCampaigns = s.Campaigns[:maxSourceCampaigns], uint64(n-maxSourceCampaigns)
		}
		page.Sources = append(page.Sources, row)
	}
	rows := coverage.Gaps(gaps, now)
	if n := len(rows); n > maxGapRows {
		rows, page.MoreGaps = rows[:maxGapRows], uint64(n-maxGapRows)
	}
	page.Gaps, page.RestGaps = inSight(rows)
	d.render(w, r, http.StatusOK, "coverage", "Coverage", page)
}

// campaignCoverage is what a campaign's page tells about what was not seen.
type campaignCoverage struct {
	// Warnings are about what is not seen now.
	Warnings []coverage.Warning
	// Watched is false if no source watched it in the window: then nothing is
	// known. Began is when the first did, zero if that was before the window.
	Watched bool
	Began   time.Time
	Sources uint64
	// All is the average over the sources, Worst the source that saw least,
	// which is worth saying if there is Worse.
	All, Worst view.Coverage
	Worse      bool
	// Gaps are those that overlap the window.
	Gaps []view.Gap
}

// readCoverage gathers what is known about what a window lacks.
func (d *desk) readCoverage(ctx context.Context, campaign string, win window.Window, now time.Time) (campaignCoverage, error) {
	var out campaignCoverage
	lately, err := d.store.Coverage(ctx, campaign, now.Add(-coverageSpan), now)
	if err != nil {
		return out, err
	}
	open, err := d.store.Gaps(ctx, campaign, now.Add(-coverageSpan), now)
	if err != nil {
		return out, err
	}
	out.Warnings = coverage.Warnings(lately, open, d.sources(), now)
	to := win.To
	if to.After(now) {
		to = now // nobody can have seen more
	}
	if !to.After(win.From) {
		return out, nil
	}
	seen, err := d.store.Coverage(ctx, campaign, win.From, to)
	if err != nil {
		return out, err
	}
	if out.Gaps, err = d.store.Gaps(ctx, campaign, win.From, to); err != nil {
		return out, err
	}
	seen = slices.DeleteFunc(slices.Clone(seen), func(c view.Coverage) bool { return !c.To.After(c.From) })
	out.Watched, out.Sources, out.All = len(seen) > 0, uint64(len(seen)), coverage.Together(seen)
	if out.Worst, out.Worse = coverage.Worst(seen); len(seen) == 1 {
		out.Worse = false
	}
	if began := coverage.Since(seen); began.After(win.From) {
		out.Began = began
	}
	return out, nil
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
