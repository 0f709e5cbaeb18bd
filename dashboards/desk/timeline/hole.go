package timeline

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

// Shades are the gaps as the charts show them.
func Shades(t *words.Teller, gaps []view.Gap) []chart.Shade {
	var out []chart.Shade
	for _, g := range gaps {
		hole := coverage.HoleOf(g)
		if hole == coverage.NoHole {
			continue
		}
		until := t.Text("now")
		if g.To != nil {
			until = t.Clock(*g.To)
		}
		text := t.Text("Not seen from %s to %s. %s", t.Clock(g.From), until, coverage.Line(t, g))
		if hole == coverage.PartHole {
			text = t.Text("Seen in part from %s to %s. %s", t.Clock(g.From), until, coverage.Line(t, g))
		}
		out = append(out, chart.Shade{
			From: g.From, To: coverage.End(g, t.Now()), Faint: hole == coverage.PartHole, Text: text,
		})
	}
	return out
}

// holeWithin tells what was not seen of a stretch of time; empty if nothing is
// known to be missing.
func holeWithin(t *words.Teller, holes []chart.Shade, from, to time.Time) string {
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
		told = t.Count(more, "%[2]s (and %[1]s more gap)", "%[2]s (and %[1]s more gaps)", told)
	}
	return told
}

// holesLine tells in sentences what was not seen of a window, for those who
// cannot see the hatching; empty if nothing is known to be missing.
func holesLine(t *words.Teller, holes []chart.Shade, win window.Window) string {
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
		line += " " + t.Count(more, "%s more gap is hatched.", "%s more gaps are hatched.")
	}
	return line
}
