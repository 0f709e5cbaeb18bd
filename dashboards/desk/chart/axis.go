package chart

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Tick is a labelled place on an axis: Pos is its coordinate across or down the
// picture, Sub a second line of the label.
type Tick struct {
	Pos        float64
	Label, Sub string
	// Anchor is the SVG text-anchor of the label.
	Anchor string
}

// valueTicks chooses round values from 0 to at least top, three to six of them.
// With whole it takes no fractions, since there is no half post.
func valueTicks(top float64, whole bool) []float64 {
	if !(top > 0) || math.IsInf(top, 0) {
		top = 1
	}
	scale := math.Pow(10, math.Floor(math.Log10(top/4)))
	step := scale
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		step = m * scale
		if whole && step != math.Trunc(step) {
			continue
		}
		if top/step <= 4 {
			break
		}
	}
	if whole {
		step = math.Max(step, 1)
	}
	n := int(math.Ceil(top/step - 1e-9))
	values := make([]float64, 0, n+1)
	for i := 0; i <= n; i++ {
		values = append(values, float64(i)*step)
	}
	return values
}

// shortNumber writes an axis value in few characters: 950, 12k, 1.5M.
func shortNumber(f float64) string {
	for _, unit := range []struct {
		size float64
		name string
	}{{1e12, "T"}, {1e9, "bn"}, {1e6, "M"}, {1e3, "k"}} {
		if f >= unit.size {
			return strings.TrimSuffix(strconv.FormatFloat(f/unit.size, 'f', -1, 64), ".0") + unit.name
		}
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// timeTicks places ticks on round times of day, days, months or years between
// from and to, at most one per minGap of width, and labels them in the zone of from. The
// second line of a label is written where it changes.
func timeTicks(from, to time.Time, width, minGap float64, month func(time.Month) string) []Tick {
	total := to.Sub(from)
	if total <= 0 || width <= 0 {
		return nil
	}
	next, label, sub := timeGrid(time.Duration(float64(total) * minGap / width))
	var ticks []Tick
	last := ""
	for t := next(from.Add(-1)); t.Before(to); t = next(t) {
		k := Tick{Pos: width * float64(t.Sub(from)) / float64(total), Label: dated(t, label, month)}
		if s := dated(t, sub, month); sub != "" && s != last {
			k.Sub, last = s, s
		}
		ticks = append(ticks, k)
	}
	return ticks
}

// dated writes a time by a layout, with the name of the month as the reader knows it.
func dated(t time.Time, layout string, month func(time.Month) string) string {
	if month == nil {
		return t.Format(layout)
	}
	// A name may have letters that a layout means something by.
	before, after, named := strings.Cut(layout, "Jan")
	if !named {
		return t.Format(layout)
	}
	return t.Format(before) + month(t.Month()) + t.Format(after)
}

// timeGrid returns the finest grid whose lines are at least gap apart: the line
// after a time, and the layouts of the two lines of its label.
func timeGrid(gap time.Duration) (next func(time.Time) time.Time, label, sub string) {
	const hour, dayLong = time.Hour, 24 * time.Hour
	for _, step := range []time.Duration{
		time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
		hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, dayLong, 2 * dayLong, 4 * dayLong, 7 * dayLong, 14 * dayLong,
	} {
		if step < gap {
			continue
		}
		label, sub = "15:04", "2 Jan 2006"
		if step >= dayLong {
			label, sub = "2 Jan", "2006"
		}
		return func(t time.Time) time.Time { return nextRound(t, step) }, label, sub
	}
	for _, months := range []int{1, 2, 3, 6} {
		if gap <= time.Duration(months)*28*dayLong {
			return func(t time.Time) time.Time { return nextMonth(t, months) }, "Jan", "2006"
		}
	}
	years := int(gap/(365*dayLong)) + 1
	return func(t time.Time) time.Time {
		return time.Date((t.Year()/years+1)*years, 1, 1, 0, 0, 0, 0, t.Location())
	}, "2006", ""
}

// nextRound is the next time that is round on the clocks of t's zone, also where
// they are put forward or back.
func nextRound(t time.Time, step time.Duration) time.Time {
	year, month, date := t.Date()
	wall := time.Date(year, month, date, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	for {
		wall = wall.Truncate(step).Add(step)
		next := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), 0, 0, t.Location())
		if next.After(t) {
			return next
		}
	}
}

// nextMonth is the first day of the next month whose number, counted from the
// year's begin, is a multiple of every.
func nextMonth(t time.Time, every int) time.Time {
	m := (int(t.Month())-1)/every*every + every
	return time.Date(t.Year(), time.Month(m+1), 1, 0, 0, 0, 0, t.Location())
}
