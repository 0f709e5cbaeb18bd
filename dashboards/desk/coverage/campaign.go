package coverage

import (
	"context"
	"slices"
	"time"

	"winnow/collectors"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// How far back is looked: for how much was seen of late, and for gaps.
const (
	Lately  = 24 * time.Hour
	gapSpan = 30 * 24 * time.Hour
)

// Store is what is read.
type Store interface {
	// Gaps returns the gaps that overlap a stretch of time, in any order: those of one
	// campaign, which are also those of all that one of its sources watches, or with ""
	// all there are.
	Gaps(ctx context.Context, campaign string, from, to time.Time) ([]view.Gap, error)
	// Coverage returns how much of a stretch of time each source saw of a campaign that
	// it watches, or with "" of each.
	Coverage(ctx context.Context, campaign string, from, to time.Time) ([]view.Coverage, error)
}

// OfCampaign is what is told of a campaign about what was not seen.
type OfCampaign struct {
	// Warnings are about what is not seen now.
	Warnings []Warning
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

// Span is the stretch of time that a campaign is shown in.
type Span struct {
	From, To time.Time
	// First is when the campaign's first post was; Whole is true where the stretch holds
	// all that was collected.
	First time.Time
	Whole bool
}

// ReadCampaign gathers what is known about what a stretch of time lacks of a campaign.
func ReadCampaign(ctx context.Context, t *words.Teller, store Store, running []collectors.Status, campaign string, span Span) (OfCampaign, error) {
	now := t.Now()
	out := OfCampaign{From: span.From, To: span.To}
	lately, err := seenOf(ctx, store, campaign, now.Add(-Lately), now)
	if err != nil {
		return out, err
	}
	open, err := store.Gaps(ctx, campaign, now.Add(-Lately), now)
	if err != nil {
		return out, err
	}
	out.Warnings = Warnings(t, lately, open, running)
	if out.To.After(now) {
		out.To = now // nobody can have seen more
	}
	if !out.To.After(out.From) {
		return out, nil
	}
	seen, err := seenOf(ctx, store, campaign, out.From, out.To)
	if err != nil {
		return out, err
	}
	out.Watched, out.Sources, out.All = len(seen) > 0, uint64(len(seen)), Together(seen)
	if out.Worst, out.Worse = Worst(seen); len(seen) == 1 {
		out.Worse = false
	}
	if began := Since(seen); began.After(out.From) {
		out.Began = began
	}
	if !span.Whole && span.First.Before(now) {
		ever, err := seenOf(ctx, store, campaign, span.First, now)
		if err != nil {
			return out, err
		}
		out.Ever, out.HasEver = Together(ever), len(ever) > 0
	}
	gaps, err := store.Gaps(ctx, campaign, out.From, out.To)
	if err != nil {
		return out, err
	}
	out.Gaps = Concerning(gaps, seen, now)
	out.Unlisted = Unlisted(out.Gaps, seen)
	return out, nil
}

// seenOf is what each source saw of a campaign, those that did not watch it
// then left out.
func seenOf(ctx context.Context, store Store, campaign string, from, to time.Time) ([]view.Coverage, error) {
	all, err := store.Coverage(ctx, campaign, from, to)
	return slices.DeleteFunc(slices.Clone(all), func(c view.Coverage) bool { return !c.To.After(c.From) }), err
}
