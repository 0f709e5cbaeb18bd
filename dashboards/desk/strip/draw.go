package strip

import (
	"math"
	"strconv"
	"time"

	"winnow/dashboards/desk/chart"
	"winnow/storage/view"
)

// Geometry of a picture, in units of its view box, which are CSS pixels at the width that
// it is meant for.
const (
	wideWidth, midWidth, phoneWidth = 1096, 680, 320
	side                            = 6  // free left and right of the lanes
	top                             = 22 // for the times of the first and the last second
	bottom                          = 38 // for the axis
	laneLabel                       = 18
	laneGap                         = 8
	// alone is the height of a lane that is the only one, tall where there are few, low
	// where there are many.
	alone, tall, low = 100, 60, 34
	manyLanes        = 4
	leastSlot        = 5 // the narrowest column
	maxName          = 38
	timeLabels       = 130 // what the two times on top take
)

// marks are the sides of a post's square that are tried, the largest first.
var marks = [...]float64{9, 7, 5, 4, 3}

// maxMarks is how many posts are drawn one by one: beyond it nobody counts them.
const maxMarks = 2500

// columns are the lengths of a column: those from a minute on are whole minutes, those
// from an hour on whole hours.
var columns = [...]time.Duration{
	time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// Picture is the posts in one width: every number is a coordinate in units of the view
// box.
type Picture struct {
	// ID is unique on the page.
	ID            string
	Width, Height float64
	// From and To are what it shows, Column how long a column is.
	From, To time.Time
	Column   time.Duration
	// Counted is true where bars tell how many posts came, since there is no room for a
	// mark for each. Most is the highest bar.
	Counted bool
	Most    uint64
	Posts   uint64
	Class   string
	Lanes   []Lane
	Ticks   []chart.Tick
	// Bracket is as long as the window; empty where it would be too short to see or too
	// long to fit.
	Bracket                   string
	Left, Right               float64
	TopLabel                  float64
	Axis, TickEnd, Label, Sub float64
	FirstLabel, LastLabel     string
}

// Lane is a row of posts.
type Lane struct {
	// Kind is what they share; empty for the lane of an account, which Name names.
	Kind, Name string
	Posts      uint64
	// Label is where its name is written, Base the line that its marks stand on.
	Label, Base float64
	Path        string
}

// drawing is what pictures of one finding have in common.
type drawing struct {
	lanes    []lane
	rows     []view.FindingSecond
	grain    time.Duration
	from, to time.Time
	window   time.Duration
	class    string
	month    func(time.Month) string
}

func (d drawing) sizes(id string) Sizes {
	return Sizes{d.draw(id+"-wide", wideWidth), d.draw(id+"-mid", midWidth), d.draw(id+"-phone", phoneWidth)}
}

// draw lays out one picture.
func (d drawing) draw(id string, width float64) Picture {
	p := Picture{ID: id, Width: width, Left: side, Right: width - side, TopLabel: top - 8, Class: d.class, From: d.from, To: d.to}
	if p.To.Sub(p.From) < shortest {
		p.To = p.From.Add(shortest)
	}
	p.Column = columnFor(p.To.Sub(p.From), d.grain, int((p.Right-p.Left)/leastSlot))
	// Columns begin at round times, so that the same post is in the same column however
	// wide the page is.
	p.From = p.From.Truncate(p.Column)
	n := int((p.To.Sub(p.From) + p.Column - 1) / p.Column)
	p.To = p.From.Add(time.Duration(n) * p.Column)
	p.FirstLabel, p.LastLabel = d.from.Format("15:04:05"), d.to.Add(-time.Second).Format("15:04:05")

	counts := d.counts(&p, n)
	slot, height := (p.Right-p.Left)/float64(n), float64(tall)
	switch {
	case len(d.lanes) == 1:
		height = alone
	case len(d.lanes) >= manyLanes:
		height = low
	}
	mark, perRow := p.markSide(slot, height)
	y := float64(top)
	for i, l := range d.lanes {
		y += laneLabel + height
		lane := Lane{Kind: l.kind, Name: clip(l.name), Posts: sum(counts[i]), Label: y - height - 5, Base: y}
		if p.Counted {
			lane.Path = bars(counts[i], p.Left, y, slot, height/float64(p.Most))
		} else {
			lane.Path = squares(counts[i], p.Left, y, slot, mark, perRow)
		}
		p.Lanes = append(p.Lanes, lane)
		y += laneGap
	}
	p.Axis = y - laneGap + 6
	p.TickEnd, p.Label, p.Sub, p.Height = p.Axis+5, p.Axis+18, p.Axis+32, p.Axis+bottom
	p.Ticks = chart.TimeTicks(p.From, p.To, p.Left, p.Right, d.month)
	p.bracket(d.window)
	return p
}

// columnFor is the shortest column of which no more than most are needed.
func columnFor(span, grain time.Duration, most int) time.Duration {
	for _, c := range columns {
		// One more, since the first may begin before the first post.
		if c >= grain && int(span/c)+2 <= most {
			return c
		}
	}
	day := columns[len(columns)-1]
	days := int64(span / day)
	return time.Duration(days/int64(most-2)+1) * day
}

// counts puts posts into columns, of each lane, and notes what they come to.
func (d drawing) counts(p *Picture, n int) [][]uint64 {
	counts := make([][]uint64, len(d.lanes))
	for i := range d.lanes {
		counts[i] = make([]uint64, n)
		for _, r := range d.rows {
			column := int(r.At.Sub(p.From) / p.Column)
			if r.At.Before(p.From) || column >= n || !d.lanes[i].holds(r) {
				continue
			}
			counts[i][column] += r.Posts
			p.Posts += r.Posts
			p.Most = max(p.Most, counts[i][column])
		}
	}
	return counts
}

// markSide is the side of a post's square, and how many stand side by side; if not all
// fit, the posts are counted.
func (p *Picture) markSide(slot, height float64) (mark float64, perRow int) {
	for _, m := range marks {
		perRow := int(slot / (m + 1))
		if perRow > 0 && p.Most <= uint64(perRow*int(height/(m+1))) && p.Posts <= maxMarks {
			return m, perRow
		}
	}
	p.Counted = true
	return 0, 0
}

// squares draws a mark for each post, from the base up, in the middle of its column.
func squares(counts []uint64, left, base, slot, mark float64, perRow int) string {
	var d []byte
	for i, n := range counts {
		wide := min(perRow, int(n))
		x := left + (float64(i)+0.5)*slot - float64(wide)*(mark+1)/2 + 0.5
		for k := range int(n) {
			d = append(d, 'M')
			d = number(d, x+float64(k%perRow)*(mark+1))
			d = append(d, ' ')
			d = number(d, base-1-float64(k/perRow)*(mark+1))
			d = append(d, 'h')
			d = number(d, mark)
			d = append(d, 'v')
			d = number(d, -mark)
			d = append(d, 'h')
			d = number(d, -mark)
			d = append(d, 'z')
		}
	}
	return string(d)
}

// bars draws how many posts each column has.
func bars(counts []uint64, left, base, slot, unit float64) string {
	var d []byte
	for i, n := range counts {
		if n == 0 {
			continue
		}
		x := left + float64(i)*slot + 0.5
		d = append(d, 'M')
		d = number(d, x)
		d = append(d, ' ')
		d = number(d, base)
		d = append(d, 'v')
		d = number(d, -math.Max(float64(n)*unit, 1)) // what is there must be seen
		d = append(d, 'h')
		d = number(d, slot-1)
		d = append(d, 'V')
		d = number(d, base)
		d = append(d, 'z')
	}
	return string(d)
}

// bracket draws how long the window is, between the two times on top.
func (p *Picture) bracket(window time.Duration) {
	length := (p.Right - p.Left) * float64(window) / float64(p.To.Sub(p.From))
	if length < 4 || length > p.Right-p.Left-timeLabels {
		return
	}
	middle := (p.Left + p.Right) / 2
	d := number([]byte("M"), middle-length/2)
	d = append(d, " 6v8m0 -4H"...)
	d = number(d, middle+length/2)
	p.Bracket = string(append(d, "m0 -4v8"...))
}

func sum(counts []uint64) (all uint64) {
	for _, n := range counts {
		all += n
	}
	return all
}

// clip shortens a name to what fits on a telephone.
func clip(name string) string {
	if r := []rune(name); len(r) > maxName {
		return string(r[:maxName-1]) + "…"
	}
	return name
}

// number writes a coordinate with as few characters as a tenth of a unit needs.
func number(d []byte, f float64) []byte {
	return strconv.AppendFloat(d, math.Round(f*10)/10, 'f', -1, 64)
}
