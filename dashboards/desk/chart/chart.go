package chart

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Geometry of a chart, in units of its view box, which are CSS pixels at the
// width it is meant for.
const (
	chartTop    = 12
	chartBottom = 40
	chartRight  = 14
	laneHeight  = 10
	laneGap     = 8
	charWidth   = 7.2
	minBarSlot  = 3
	tickGapTime = 74
)

// MaxTips is up to how many buckets have lines of their own: beyond it they are
// too narrow to point at.
const MaxTips = 240

// Layer is one colour of a stacked chart, with a value per bucket. Class names
// the colour.
type Layer struct {
	Class  string
	Values []float64
}

// Mark is a stretch of time shown in the lane above the plot.
type Mark struct {
	From, To time.Time
	Class    string
}

// Spec is what a chart shows. Layers are stacked from the bottom up and
// have one value per bucket.
type Spec struct {
	// ID is unique on the page: the chart's own elements are named after it.
	ID string
	// Month names a month on the axis, in a few letters; nil names it in English.
	Month func(time.Month) string
	// Title and Desc tell a screen reader what the picture shows.
	Title, Desc string
	From        time.Time
	Step        time.Duration
	Layers      []Layer
	Marks       []Mark
	// Shades are drawn behind the columns, over the whole height.
	Shades []Shade
	// Tips is a line per bucket, shown when the pointer rests on it.
	Tips []string
	// Percent fixes the axis at 0 to 100. Buckets that must share a column are
	// then averaged by Weights; otherwise the fullest one stands for them.
	Percent bool
	Weights []float64
	// Brush lets a reader choose a stretch of the plot, where scripts run.
	Brush bool
	// Until is where what is known ends: what comes later is drawn faint. Zero
	// leaves nothing faint.
	Until time.Time
	// Width and Height are those of the view box.
	Width, Height float64
}

// Chart is a picture ready for the template: every number is a coordinate in
// units of the view box.
type Chart struct {
	ID, Title, Desc     string
	Width, Height       float64
	PlotLeft, PlotRight float64
	PlotTop, PlotBottom float64
	YTicks, XTicks      []Tick
	Layers              []LayerPath
	Lane                []LaneMark
	LaneTop, LaneHeight float64
	Hatch               bool
	Shades              []ShadeRect
	// Faint and Full say which patterns the shades need.
	Faint, Full      bool
	Tips             []Tip
	BucketsPerColumn int
	// Brush is nil where nothing can be chosen.
	Brush *Brush
	// Later is where the faint part begins; nil if nothing is.
	Later *Later
	// Derived from the plot, since templates cannot calculate.
	TickBottom, LabelBottom, SubLabel float64
	LaneWidth, PlotHeight, EdgeTop    float64
}

// LayerPath is a layer drawn, as the data of an SVG path.
type LayerPath struct{ Class, Path string }

// LaneMark is a mark placed in the lane.
type LaneMark struct {
	Class    string
	X, Width float64
}

// Tip is a bucket's line and the stretch of the plot that shows it.
type Tip struct {
	X, Width float64
	Text     string
}

// New lays a chart out. Layers must be of equal length.
func New(s Spec) Chart {
	n := 0
	if len(s.Layers) > 0 {
		n = len(s.Layers[0].Values)
	}
	c := Chart{
		ID: s.ID, Title: s.Title, Desc: s.Desc, Width: s.Width, Height: s.Height,
		PlotRight: s.Width - chartRight, PlotTop: chartTop, PlotBottom: s.Height - chartBottom,
		LaneHeight: laneHeight, BucketsPerColumn: 1,
	}
	c.TickBottom, c.LabelBottom, c.SubLabel = c.PlotBottom+5, c.PlotBottom+19, c.PlotBottom+34
	if len(s.Marks) > 0 {
		c.LaneTop = chartTop
		c.PlotTop += laneHeight + laneGap
	}

	top := 100.0
	if !s.Percent {
		top = stackTop(s.Layers, n)
	}
	values := valueTicks(top, !s.Percent)
	top = values[len(values)-1]
	suffix := ""
	if s.Percent {
		suffix = "%"
	}
	widest := 0
	for _, v := range values {
		label := shortNumber(v) + suffix
		widest = max(widest, len(label))
		c.YTicks = append(c.YTicks, Tick{Pos: round1(c.PlotBottom - (c.PlotBottom-c.PlotTop)*v/top), Label: label})
	}
	c.PlotLeft = math.Ceil(10 + charWidth*float64(widest))
	c.LaneWidth, c.PlotHeight, c.EdgeTop = c.PlotRight-c.PlotLeft, c.PlotBottom-c.PlotTop, c.PlotBottom+1
	if n == 0 {
		return c
	}

	to := s.From.Add(time.Duration(n) * s.Step)
	c.XTicks = placeLabels(timeTicks(s.From, to, c.PlotRight-c.PlotLeft, tickGapTime, s.Month), c.PlotLeft, c.PlotRight)
	c.placeMarks(s.Marks, s.From, to)
	c.placeShades(s.Shades, s.From, to)
	c.placeTips(s.Tips, n)
	if s.Brush {
		c.Brush = &Brush{From: s.From, To: to, Step: s.Step, Buckets: n}
	}
	c.placeLater(s.Until, s.From, to)

	layers := s.Layers
	if per := int(math.Ceil(float64(n) / (c.PlotRight - c.PlotLeft))); per > 1 {
		c.BucketsPerColumn = per
		layers = thin(s.Layers, per, s.Weights)
	}
	c.stack(layers, top)
	for _, l := range layers {
		c.Hatch = c.Hatch || l.Class == "declared"
	}
	return c
}

// stackTop is the height of the highest stack.
func stackTop(layers []Layer, n int) float64 {
	top := 0.0
	for i := range n {
		sum := 0.0
		for _, l := range layers {
			sum += l.Values[i]
		}
		top = math.Max(top, sum)
	}
	return top
}

// thin joins every per buckets into one column, so that no column is thinner
// than a pixel. Without weights the fullest bucket stands for its group: a
// burst of one minute stays visible. With weights the group is averaged.
func thin(layers []Layer, per int, weights []float64) []Layer {
	n := len(layers[0].Values)
	out := make([]Layer, len(layers))
	for i, l := range layers {
		out[i] = Layer{Class: l.Class, Values: make([]float64, 0, n/per+1)}
	}
	for start := 0; start < n; start += per {
		end := min(start+per, n)
		if weights != nil {
			total := 0.0
			for _, w := range weights[start:end] {
				total += w
			}
			for k, l := range layers {
				sum := 0.0
				for i := start; i < end; i++ {
					sum += l.Values[i] * weights[i]
				}
				if total > 0 {
					sum /= total
				}
				out[k].Values = append(out[k].Values, sum)
			}
			continue
		}
		best, most := start, -1.0
		for i := start; i < end; i++ {
			sum := 0.0
			for _, l := range layers {
				sum += l.Values[i]
			}
			if sum > most {
				best, most = i, sum
			}
		}
		for k, l := range layers {
			out[k].Values = append(out[k].Values, l.Values[best])
		}
	}
	return out
}

// stack turns values into one path per layer: bars where a column is wide
// enough to see, a stepped area without seams where it is not.
func (c *Chart) stack(layers []Layer, top float64) {
	n := len(layers[0].Values)
	slot := (c.PlotRight - c.PlotLeft) / float64(n)
	inset := 0.0
	if slot >= minBarSlot {
		inset = math.Min(slot*0.12, 2)
	}
	unit := (c.PlotBottom - c.PlotTop) / top
	base := make([]float64, n)
	for _, l := range layers {
		var path strings.Builder
		for i := 0; i < n; {
			v := l.Values[i]
			if v <= 0 {
				i++
				continue
			}
			// A run of equal columns is one rectangle, unless bars are apart.
			j := i + 1
			for inset == 0 && j < n && l.Values[j] == v && base[j] == base[i] {
				j++
			}
			x0 := c.PlotLeft + float64(i)*slot + inset
			x1 := c.PlotLeft + float64(j)*slot - inset
			y0 := c.PlotBottom - base[i]*unit
			// What is there must be seen, be it one post in ten thousand.
			y1 := math.Min(c.PlotBottom-(base[i]+v)*unit, y0-0.8)
			path.WriteString("M" + coord(x0) + " " + coord(y0) + "V" + coord(y1) + "H" + coord(x1) + "V" + coord(y0) + "Z")
			for k := i; k < j; k++ {
				base[k] += v
			}
			i = j
		}
		c.Layers = append(c.Layers, LayerPath{Class: l.Class, Path: path.String()})
	}
}

// placeTips gives every bucket an area that shows its line, where buckets are
// wide enough to point at.
func (c *Chart) placeTips(tips []string, n int) {
	if len(tips) != n || n > MaxTips {
		return
	}
	slot := (c.PlotRight - c.PlotLeft) / float64(n)
	for i, text := range tips {
		c.Tips = append(c.Tips, Tip{X: round1(c.PlotLeft + float64(i)*slot), Width: round1(slot), Text: text})
	}
}

// placeLabels moves ticks to the plot and keeps their labels inside the picture.
func placeLabels(ticks []Tick, left, right float64) []Tick {
	for i := range ticks {
		pos := ticks[i].Pos + left
		ticks[i].Anchor = "middle"
		if pos > right-34 {
			ticks[i].Anchor = "end"
		}
		if pos < 40 {
			ticks[i].Anchor = "start"
		}
		ticks[i].Pos = round1(pos)
	}
	return ticks
}

func round1(f float64) float64 { return math.Round(f*10) / 10 }

// coord writes a coordinate with as few characters as a tenth of a unit needs.
func coord(f float64) string { return strconv.FormatFloat(round1(f), 'f', -1, 64) }
