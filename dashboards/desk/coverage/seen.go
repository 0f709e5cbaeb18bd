package coverage

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"winnow/storage/view"
)

// Seen says which share of the time was seen: "98.4%", or "at least 97.1%, at
// most 98.4%" where something was filled in part. It rounds down what is sure
// and up what is possible, and says 100% only where nothing is missing.
func Seen(c view.Coverage) string {
	if !c.To.After(c.From) {
		return "not watched"
	}
	least, most := c.AtLeast(), c.AtMost()
	if c.Partly <= 0 {
		switch {
		case least > 0 && least < 0.001:
			return "under 0.1%"
		case least > 0.999 && least < 1:
			return "over 99.9%"
		}
		return percent(math.Floor(least*1000 + rounding))
	}
	low, high := math.Floor(least*1000+rounding), math.Ceil(most*1000-rounding)
	var parts []string
	if low > 0 {
		parts = append(parts, "at least "+percent(low))
	}
	switch {
	case high < 1000:
		parts = append(parts, "at most "+percent(high))
	case most < 1:
		parts = append(parts, "not quite all")
	case low > 0:
		parts = append(parts, "at most 100%")
	default:
		return "an unknown part"
	}
	return strings.Join(parts, ", ")
}

// rounding keeps a share that is 97.1% but for the last bit of a float there.
const rounding = 1e-9

// percent writes a share given in thousandths.
func percent(thousandths float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(thousandths/10, 'f', 1, 64), ".0") + "%"
}

// Together adds up what several sources saw: its shares are their average,
// each weighing as long as it watched.
func Together(all []view.Coverage) view.Coverage {
	var sum view.Coverage
	for _, c := range all {
		if d := c.To.Sub(c.From); d > 0 {
			sum.To = sum.To.Add(d)
			// No more can be missing than there is.
			missing := min(c.Missing, d)
			sum.Missing += missing
			sum.Partly += min(c.Partly, d-missing)
		}
		sum.Gaps += c.Gaps
		sum.Open = sum.Open || c.Open
	}
	return sum
}

// Worst is the source that surely saw the least; false if there are none, or
// if all saw everything.
func Worst(all []view.Coverage) (view.Coverage, bool) {
	if len(all) == 0 {
		return view.Coverage{}, false
	}
	worst := slices.MinFunc(all, func(a, b view.Coverage) int {
		return cmp.Or(cmp.Compare(a.AtLeast(), b.AtLeast()), cmp.Compare(a.AtMost(), b.AtMost()), strings.Compare(a.Source, b.Source))
	})
	return worst, worst.AtLeast() < 1
}

// Since is when the first of the sources began to watch, cut to what was asked
// for; zero if there are none.
func Since(all []view.Coverage) time.Time {
	var first time.Time
	for _, c := range all {
		if first.IsZero() || c.From.Before(first) {
			first = c.From
		}
	}
	return first
}
