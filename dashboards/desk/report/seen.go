package report

import (
	"context"
	"slices"
	"strings"
	"time"

	"winnow/dashboards/desk/chart"
	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// maxGaps is how many gaps are listed.
const maxGaps = 60

// seen is how much of the time that is told was watched, and what is missing.
type seen struct {
	// Until is the end of what can have been seen.
	Until   time.Time
	Sources []view.Coverage
	// All is the average over the sources.
	All view.Coverage
	// Gaps are in the order of time; MoreGaps are left out of the list.
	Gaps     []coverage.Gap
	MoreGaps uint64
	holes    []view.Gap
}

// Watched is false if no source watched the campaign then: so nothing is known.
func (s seen) Watched() bool { return len(s.Sources) > 0 }

// Began is when the first source began to watch.
func (s seen) Began() time.Time { return coverage.Since(s.Sources) }

func readSeen(ctx context.Context, s Store, o Options, from, to time.Time) (seen, error) {
	out := seen{Until: to}
	if to.After(o.Now) {
		out.Until = o.Now
	}
	if !out.Until.After(from) {
		return out, nil
	}
	all, err := s.Coverage(ctx, o.Campaign, from, out.Until)
	if err != nil {
		return out, err
	}
	for _, c := range all {
		if c.To.After(c.From) {
			out.Sources = append(out.Sources, c)
		}
	}
	slices.SortFunc(out.Sources, func(a, b view.Coverage) int { return strings.Compare(a.Source, b.Source) })
	out.All = coverage.Together(out.Sources)
	gaps, err := s.Gaps(ctx, o.Campaign, from, out.Until)
	if err != nil {
		return out, err
	}
	out.holes = coverage.Concerning(gaps, out.Sources, o.Now)
	out.Gaps = coverage.Gaps(o.tell, out.holes) // the newest first
	slices.Reverse(out.Gaps)
	if n := len(out.Gaps); n > maxGaps {
		// The longest stay, in their order.
		slices.SortStableFunc(out.Gaps, func(a, b coverage.Gap) int { return int(length(b, o.Now) - length(a, o.Now)) })
		out.Gaps = out.Gaps[:maxGaps]
		slices.SortStableFunc(out.Gaps, func(a, b coverage.Gap) int { return a.From.Compare(b.From) })
		out.MoreGaps = uint64(n - maxGaps)
	}
	out.MoreGaps += coverage.Unlisted(out.holes, out.Sources)
	for i := range out.Gaps {
		out.Gaps[i].Note = "" // as the source wrote it, whatever it names
	}
	return out, nil
}

func length(g coverage.Gap, now time.Time) time.Duration { return coverage.End(g.Gap, now).Sub(g.From) }

// shades are the gaps as the timeline shows them.
func (s seen) shades(t *words.Teller) (out []chart.Shade) {
	for _, g := range s.holes {
		if hole := coverage.HoleOf(g); hole != coverage.NoHole {
			out = append(out, chart.Shade{From: g.From, To: coverage.End(g, t.Now()), Faint: hole == coverage.PartHole, Text: coverage.Line(t, g)})
		}
	}
	return out
}

// missing says how much of a stretch of time is in no number.
func (s seen) missing(from, to, now time.Time) coverage.Hole {
	worst := coverage.NoHole
	for _, g := range s.holes {
		if g.From.Before(to) && coverage.End(g, now).After(from) {
			worst = max(worst, coverage.HoleOf(g))
		}
	}
	return worst
}
