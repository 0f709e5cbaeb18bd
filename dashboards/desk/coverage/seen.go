package coverage

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Seen says which share of the time was seen: "98.4%", or "at least 97.1%, at
// most 98.4%" where something was filled in part. It rounds down what is sure
// and up what is possible, and says 100% only where nothing is missing.
func Seen(t *words.Teller, c view.Coverage) string {
	if !c.To.After(c.From) {
		return t.Text("not watched")
	}
	least, most := c.AtLeast(), c.AtMost()
	if c.Partly <= 0 {
		switch {
		case least > 0 && least < 0.001:
			return t.Text("under %s", percent(t, 1))
		case least > 0.999 && least < 1:
			return t.Text("over %s", percent(t, 999))
		}
		return percent(t, math.Floor(least*1000+rounding))
	}
	low, high := math.Floor(least*1000+rounding), math.Ceil(most*1000-rounding)
	switch {
	case low > 0 && high < 1000:
		return t.Text("at least %s, at most %s", percent(t, low), percent(t, high))
	case low > 0 && most < 1:
		return t.Text("at least %s, not quite all", percent(t, low))
	case low > 0:
		return t.Text("at least %s, at most %s", percent(t, low), percent(t, 1000))
	case high < 1000:
		return t.Text("at most %s", percent(t, high))
	case most < 1:
		return t.Text("not quite all")
	}
	return t.Text("an unknown part")
}

// rounding keeps a share that is 97.1% but for the last bit of a float there.
const rounding = 1e-9

// percent writes a share given in thousandths.
func percent(t *words.Teller, thousandths float64) string {
	return t.Percent(t.Decimal(thousandths / 10))
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
