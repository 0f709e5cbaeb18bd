package coverage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"winnow/collectors"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Bounds on what the page about coverage lists.
const (
	MaxGaps      = 500
	MaxCampaigns = 50
)

// Page is what is told of all sources.
type Page struct {
	Sources []SourceRow
	// Partly is true if something was filled in part: then shares have bounds.
	Partly bool
	// DayAgo and MonthAgo are where coverage and gaps begin.
	DayAgo, MonthAgo time.Time
	// All are the gaps, the newest first. MoreGaps is true if older ones are left out.
	All      []Gap
	MoreGaps bool
}

// SourceRow is a source with a bounded list of what it saw.
type SourceRow struct {
	Source
	MoreCampaigns uint64
}

// ReadPage reads how the live sources are, what they saw and what not.
func ReadPage(ctx context.Context, t *words.Teller, store Store, running []collectors.Status) (Page, error) {
	now := t.Now()
	page := Page{DayAgo: now.Add(-Lately), MonthAgo: now.Add(-gapSpan)}
	seen, err := store.Coverage(ctx, "", page.DayAgo, now)
	if err != nil {
		return page, fmt.Errorf("read the coverage of all campaigns: %w", err)
	}
	gaps, err := store.Gaps(ctx, "", page.MonthAgo, now)
	if err != nil {
		return page, fmt.Errorf("list the gaps of all campaigns: %w", err)
	}
	page.Partly = slices.ContainsFunc(seen, func(c view.Coverage) bool { return c.Partly > 0 })
	for _, s := range Sources(t, running, seen) {
		row := SourceRow{Source: s}
		if n := len(s.Campaigns); n > MaxCampaigns {
			row.Campaigns, row.MoreCampaigns = s.Campaigns[:MaxCampaigns], uint64(n-MaxCampaigns)
		}
		page.Sources = append(page.Sources, row)
	}
	page.All = Gaps(t, gaps)
	if len(page.All) > MaxGaps {
		page.All, page.MoreGaps = page.All[:MaxGaps], true
	}
	return page, nil
}
