package chart

import (
	"math"
	"slices"
	"time"
)

// TimeTicks places labelled ticks on an axis of time that lies between left and right, in
// the zone of from: on round seconds where there is room for them, else as a chart does.
func TimeTicks(from, to time.Time, left, right float64, month func(time.Month) string) []Tick {
	total, width := to.Sub(from), right-left
	if total <= 0 || width <= 0 {
		return nil
	}
	gap := time.Duration(float64(total) * tickGapTime / width)
	for _, step := range []time.Duration{time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second} {
		if step < gap {
			continue
		}
		var ticks []Tick
		// Zones differ by whole minutes, so what is round in one is in all.
		for t := from.Truncate(step); t.Before(to); t = t.Add(step) {
			if !t.Before(from) {
				ticks = append(ticks, Tick{Pos: width * float64(t.Sub(from)) / float64(total), Label: t.Format("15:04:05")})
			}
		}
		return apart(placeLabels(ticks, left, right))
	}
	return placeLabels(timeTicks(from, to, width, tickGapTime, month), left, right)
}

// apart leaves out ticks whose labels to the second would run into the one before, as they
// do at the ends, where labels are moved inwards.
func apart(ticks []Tick) []Tick {
	const wide, free = 8 * charWidth, 4.0
	end := math.Inf(-1)
	return slices.DeleteFunc(ticks, func(k Tick) bool {
		begin := k.Pos - wide/2
		switch k.Anchor {
		case "start":
			begin = k.Pos
		case "end":
			begin = k.Pos - wide
		}
		if begin < end+free {
			return true
		}
		end = begin + wide
		return false
	})
}
