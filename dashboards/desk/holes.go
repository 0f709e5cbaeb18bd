package desk

import (
	"time"

	"winnow/dashboards/desk/chart"
	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/desk/window"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// maxHolesTold is how many holes a chart's description names.
const maxHolesTold = 3

// shades are the gaps as the charts show them.
func shades(gaps []view.Gap, now time.Time) []chart.Shade {
	var out []chart.Shade
	for _, g := range gaps {
		hole := coverage.HoleOf(g)
		if hole == coverage.NoHole {
			continue
		}
		what := "Not seen"
		if hole == coverage.PartHole {
			what = "Seen in part"
		}
		until := "now"
		if g.To != nil {
			until = words.Clock(*g.To)
		}
		out = append(out, chart.Shade{
			From: g.From, To: coverage.End(g, now), Faint: hole == coverage.PartHole,
			Text: what + " from " + words.Clock(g.From) + " to " + until + ". " + coverage.Line(g),
		})
	}
	return out
}

// holeWithin tells what was not seen of a stretch of time; empty if nothing is
// known to be missing.
func holeWithin(holes []chart.Shade, from, to time.Time) string {
	told, more := "", uint64(0)
	for _, h := range holes {
		if !h.From.Before(to) || !h.To.After(from) {
			continue
		}
		if told != "" {
			more++
			continue
		}
		told = h.Text
	}
	if more > 0 {
		told += " (and " + words.Count(more, "more gap", "more gaps") + ")"
	}
	return told
}

// holesLine tells in sentences what was not seen of a window, for those who
// cannot see the hatching; empty if nothing is known to be missing.
func holesLine(holes []chart.Shade, win window.Window) string {
	line, told, more := "", 0, uint64(0)
	for _, h := range holes {
		if !h.From.Before(win.To) || !h.To.After(win.From) {
			continue
		}
		if told == maxHolesTold {
			more++
			continue
		}
		told++
		line += " " + h.Text + "."
	}
	if more > 0 {
		line += " " + words.Count(more, "more gap is", "more gaps are") + " hatched."
	}
	return line
}
