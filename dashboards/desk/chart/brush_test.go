package chart

import (
	"testing"
	"time"
)

// A script finds the time of a bucket by what a chart says of itself, in whatever zone.
func TestBrush(t *testing.T) {
	baku := time.FixedZone("Asia/Baku", 4*60*60)
	from := time.Date(2031, 6, 12, 4, 0, 0, 0, baku)
	values := make([]float64, 30)
	c := New(Spec{From: from, Step: time.Hour, Layers: []Layer{{Values: values}}, Brush: true, Width: 300, Height: 100})
	b := c.Brush
	if b == nil || b.FromMs() != 1938988800_000 || b.StepMs() != 3_600_000 || b.Buckets != 30 || b.Last() != 29 || b.Zone() != "Asia/Baku" || b.Offset() != 240 {
		t.Errorf("%+v", b)
	}
	if !b.To.Equal(from.Add(30 * time.Hour)) {
		t.Errorf("it ends at %v", b.To)
	}
	if c := New(Spec{From: from, Step: time.Hour, Layers: []Layer{{Values: values}}, Width: 300, Height: 100}); c.Brush != nil || c.Later != nil {
		t.Errorf("unasked: %+v, %+v", c.Brush, c.Later)
	}
	if c := New(Spec{From: from, Step: time.Hour, Brush: true, Until: from, Width: 300, Height: 100}); c.Brush != nil || c.Later != nil {
		t.Errorf("of nothing: %+v, %+v", c.Brush, c.Later)
	}
}

// What comes after a moment is faint, from its place to the right edge, and not beyond.
func TestLater(t *testing.T) {
	from := time.Date(2031, 6, 12, 4, 0, 0, 0, time.UTC)
	for hours, share := range map[int]float64{-1: 0, 0: 0, 6: 0.25, 12: 0.5, 24: 1, 30: 1} {
		c := New(Spec{
			From: from, Step: time.Hour, Layers: []Layer{{Values: make([]float64, 24)}},
			Until: from.Add(time.Duration(hours) * time.Hour), Width: 500, Height: 100,
		})
		wide := c.PlotRight - c.PlotLeft
		if want := round1(c.PlotLeft + share*wide); c.Later.X != want || c.Later.Width != round1(c.PlotRight-want) {
			t.Errorf("after %d hours: %+v in a plot from %v to %v", hours, c.Later, c.PlotLeft, c.PlotRight)
		}
	}
}
