package desk

import (
	"context"
	"slices"
	"time"

	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/desk/window"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// campaignCoverage is what a campaign's page tells about what was not seen.
type campaignCoverage struct {
	// Warnings are about what is not seen now.
	Warnings []coverage.Warning
	// From and To are the window shown, as far as it is past.
	From, To time.Time
	// Watched is false if no source watched the campaign then: so nothing is
	// known. Began is when the first did, zero if that was before From.
	Watched bool
	Began   time.Time
	Sources uint64
	// All is the average over the sources. Worst is the source that saw the
	// least, which is worth saying if it is Worse.
	All, Worst view.Coverage
	Worse      bool
	// Ever is the average over everything collected, if that is worth saying
	// beside All.
	Ever    view.Coverage
	HasEver bool
	// Gaps are those that overlap the window. Unlisted counts older ones that
	// the store leaves out.
	Gaps     []view.Gap
	Unlisted uint64
}

// readCoverage gathers what is known about what a window lacks; first is when
// the first post was.
func (d *desk) readCoverage(ctx context.Context, t *words.Teller, campaign string, win window.Window, first time.Time) (campaignCoverage, error) {
	now := t.Now()
	out := campaignCoverage{From: win.From, To: win.To}
	lately, err := d.seenOf(ctx, campaign, now.Add(-coverageSpan), now)
	if err != nil {
		return out, err
	}
	open, err := d.store.Gaps(ctx, campaign, now.Add(-coverageSpan), now)
	if err != nil {
		return out, err
	}
	out.Warnings = coverage.Warnings(t, lately, open, d.sources())
	if out.To.After(now) {
		out.To = now // nobody can have seen more
	}
	if !out.To.After(out.From) {
		return out, nil
	}
	seen, err := d.seenOf(ctx, campaign, out.From, out.To)
	if err != nil {
		return out, err
	}
	out.Watched, out.Sources, out.All = len(seen) > 0, uint64(len(seen)), coverage.Together(seen)
	if out.Worst, out.Worse = coverage.Worst(seen); len(seen) == 1 {
		out.Worse = false
	}
	if began := coverage.Since(seen); began.After(out.From) {
		out.Began = began
	}
	if win.Quick != "all" && first.Before(now) {
		ever, err := d.seenOf(ctx, campaign, first, now)
		if err != nil {
			return out, err
		}
		out.Ever, out.HasEver = coverage.Together(ever), len(ever) > 0
	}
	gaps, err := d.store.Gaps(ctx, campaign, out.From, out.To)
	if err != nil {
		return out, err
	}
	out.Gaps = coverage.Concerning(gaps, seen, now)
	out.Unlisted = coverage.Unlisted(out.Gaps, seen)
	return out, nil
}

// seenOf is what each source saw of a campaign, those that did not watch it
// then left out.
func (d *desk) seenOf(ctx context.Context, campaign string, from, to time.Time) ([]view.Coverage, error) {
	all, err := d.store.Coverage(ctx, campaign, from, to)
	return slices.DeleteFunc(slices.Clone(all), func(c view.Coverage) bool { return !c.To.After(c.From) }), err
}
