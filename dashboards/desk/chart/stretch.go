package chart

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Narrowest stretches that can still be seen, in units of the view box.
const (
	minMark  = 4
	minShade = 2.5
)

// maxShadeTexts is how many lines a shade tells; joined ones say how many more
// there are.
const maxShadeTexts = 3

// Shade is a stretch of time that the plot must not be trusted for: it is
// hatched behind the columns and underlined below the axis. A faint one is
// hatched lightly; where both lie, the full one is drawn.
type Shade struct {
	From, To time.Time
	Faint    bool
	// Text is a line about it, shown when the pointer rests on it.
	Text string
}

// ShadeRect is a shade placed: shades that touch are one.
type ShadeRect struct {
	X, Width float64
	Faint    bool
	// Texts are the lines of the shades it is made of, each once. More counts
	// those left out.
	Texts []string
	More  int
}

// stretch places a stretch of time in the plot, at least narrowest wide; false
// if it lies outside.
func (c *Chart) stretch(from, to, first, last time.Time, narrowest float64) (x0, x1 float64, ok bool) {
	if to.Before(first) || !from.Before(last) {
		return 0, 0, false
	}
	at := func(t time.Time) float64 {
		share := float64(t.Sub(first)) / float64(last.Sub(first))
		return c.PlotLeft + (c.PlotRight-c.PlotLeft)*min(max(share, 0), 1)
	}
	x0, x1 = at(from), at(to)
	if x1-x0 < narrowest {
		x0 = math.Min(x0, c.PlotRight-narrowest)
		x1 = x0 + narrowest
	}
	return x0, x1, true
}

// Later is the part of a plot that is drawn faint: from X to the right edge.
type Later struct{ X, Width float64 }

// placeLater makes what comes after a moment faint.
func (c *Chart) placeLater(until, from, to time.Time) {
	if until.IsZero() {
		return
	}
	share := float64(until.Sub(from)) / float64(to.Sub(from))
	x := round1(c.PlotLeft + (c.PlotRight-c.PlotLeft)*min(max(share, 0), 1))
	c.Later = &Later{X: x, Width: round1(c.PlotRight - x)}
}

// placeMarks puts stretches of time into the lane, each wide enough to see.
func (c *Chart) placeMarks(marks []Mark, from, to time.Time) {
	for _, m := range marks {
		if x0, x1, ok := c.stretch(m.From, m.To, from, to, minMark); ok {
			c.Lane = append(c.Lane, LaneMark{Class: m.Class, X: round1(x0), Width: round1(x1 - x0)})
		}
	}
}

// placeShades puts shades into the plot, the faint ones first so that the full
// ones lie on top. However many there are, the picture holds no more than
// there is room for.
func (c *Chart) placeShades(shades []Shade, from, to time.Time) {
	sorted := slices.SortedStableFunc(slices.Values(shades), func(a, b Shade) int {
		if a.Faint != b.Faint {
			return cmp.Compare(rank(a.Faint), rank(b.Faint))
		}
		return a.From.Compare(b.From)
	})
	for _, s := range sorted {
		x0, x1, ok := c.stretch(s.From, s.To, from, to, minShade)
		if !ok || !s.To.After(from) {
			continue
		}
		x0, x1 = round1(x0), round1(x1)
		if n := len(c.Shades); n > 0 && c.Shades[n-1].Faint == s.Faint && c.Shades[n-1].X+c.Shades[n-1].Width >= x0 {
			c.Shades[n-1].join(x1, s.Text)
			continue
		}
		c.Shades = append(c.Shades, ShadeRect{X: x0, Width: round1(x1 - x0), Faint: s.Faint, Texts: []string{s.Text}})
		c.Faint, c.Full = c.Faint || s.Faint, c.Full || !s.Faint
	}
}

func rank(faint bool) int {
	if faint {
		return 0
	}
	return 1
}

// join adds a shade that reaches to x1.
func (r *ShadeRect) join(x1 float64, text string) {
	r.Width = round1(math.Max(r.Width, x1-r.X))
	switch {
	case slices.Contains(r.Texts, text):
	case len(r.Texts) == maxShadeTexts:
		r.More++
	default:
		r.Texts = append(r.Texts, text)
	}
}
