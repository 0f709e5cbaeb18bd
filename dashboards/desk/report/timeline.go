package report

import (
	"cmp"
	"context"
	"slices"
	"time"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/chart"
	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/desk/timeline"
	"winnow/dashboards/desk/window"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Sizes of the timeline in CSS pixels: the wide one is for paper too.
const (
	wideWidth, wideHeight   = 700, 270
	phoneWidth, phoneHeight = 330, 240
)

// Bounds of the table behind the timeline: up to how long it has hours for its rows and
// not days, and how many rows it has.
const (
	maxHourly = 48 * time.Hour
	maxRows   = 120
)

// overTime is the campaign over time, as a picture and as a table.
type overTime struct {
	Wide, Phone chart.Chart
	// StepWords is the length of a bar, RowWords that of a row.
	StepWords, RowWords string
	// Daily says that a row is a day.
	Daily bool
	// Findings, Declared, Full and Faint say what there is to explain.
	Findings, Declared bool
	Rows               []row
	// MoreRows are left out of the table: those with the fewest posts.
	MoreRows uint64
	// Notices say what had to be left out of the picture.
	Notices []string
}

// row is an hour or a day.
type row struct {
	view.SeriesPoint
	Organic uint64
	hole    coverage.Hole
}

// Blind says that nothing was seen of a part of the time, Partly that less was.
func (r row) Blind() bool { return r.hole == coverage.FullHole }

// Partly is explained at Blind.
func (r row) Partly() bool { return r.hole == coverage.PartHole }

func (p *page) readTimeline(ctx context.Context, s Store, findings []view.FindingSummary) (overTime, error) {
	win := p.window()
	points, err := s.Series(ctx, p.Campaign, win.From, win.To, win.Step)
	if err != nil {
		return overTime{}, err
	}
	t := overTime{StepWords: p.tell.Step(win.Step), Notices: win.Notices}
	t.draw(p.tell, win, win.Fill(points), p.Seen.shades(p.tell), findings)

	step := 24 * time.Hour
	if p.To.Sub(p.From) <= maxHourly {
		step = time.Hour
	}
	t.RowWords, t.Daily = p.tell.Step(step), step == 24*time.Hour
	from, to := p.From.UTC().Truncate(step), p.To.UTC()
	if points, err = s.Series(ctx, p.Campaign, from, to, step); err != nil {
		return t, err
	}
	slices.SortFunc(points, func(a, b view.SeriesPoint) int { return a.At.Compare(b.At) })
	for _, point := range points {
		t.Rows = append(t.Rows, row{point, answer.Organic(point), p.Seen.missing(point.At, point.At.Add(step), p.Now)})
	}
	if n := len(t.Rows); n > maxRows {
		slices.SortStableFunc(t.Rows, func(a, b row) int { return cmp.Compare(b.Posts, a.Posts) })
		t.Rows = t.Rows[:maxRows]
		slices.SortFunc(t.Rows, func(a, b row) int { return a.At.Compare(b.At) })
		t.MoreRows = uint64(n - maxRows)
	}
	return t, nil
}

// draw makes the pictures of the points, one for each bucket of the window.
func (t *overTime) draw(tell *words.Teller, win window.Window, points []view.SeriesPoint, holes []chart.Shade, findings []view.FindingSummary) {
	layers := []chart.Layer{{Class: "coordinated"}, {Class: "declared"}, {Class: "organic"}}
	var all, coordinated uint64
	for _, p := range points {
		for i, n := range []uint64{p.CoordinatedPosts, p.DeclaredPosts, answer.Organic(p)} {
			layers[i].Values = append(layers[i].Values, float64(n))
		}
		all, coordinated = all+p.Posts, coordinated+p.CoordinatedPosts
	}
	parted := answer.Part(findings)
	t.Findings, t.Declared = len(parted.Undeclared) > 0, len(parted.Declared) > 0
	spec := chart.Spec{
		ID: "timeline", Title: tell.Text("Posts per %s", t.StepWords), Month: tell.Month,
		Desc: tell.Text("Stacked bars, one per %s, from %s to %s: %s, %s of them coordinated. The table below has the numbers.",
			t.StepWords, tell.Clock(win.From), tell.Clock(win.To), tell.Count(all, "%s post", "%s posts"), tell.Number(coordinated)),
		From: win.From, Step: win.Step, Layers: layers, Marks: timeline.Marks(findings), Shades: holes, Width: wideWidth, Height: wideHeight,
	}
	t.Wide = chart.New(spec)
	spec.ID, spec.Width, spec.Height = "timeline-phone", phoneWidth, phoneHeight
	t.Phone = chart.New(spec)
}
