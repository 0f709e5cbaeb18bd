package coverage

import (
	"slices"
	"strings"
	"time"

	"winnow/collectors"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Health says how the sources are in one phrase, and whether all are well. It
// is empty if there are none.
func Health(running []collectors.Status) (phrase string, fine bool) {
	n := len(running)
	if n == 0 {
		return "", true
	}
	var down, connecting, part int
	for _, s := range running {
		switch {
		case s.State == collectors.Connecting:
			connecting++
		case s.State != collectors.Live:
			down++
		case s.Missing != nil:
			part++
		}
	}
	of := " of " + words.Count(n, "source", "sources")
	switch {
	case down == n && n == 1:
		return "The source is down", false
	case down == n:
		return "All " + words.Count(n, "source", "sources") + " are down", false
	case down > 0:
		return words.Number(down) + of + plural(down, " is", " are") + " down", false
	case connecting > 0:
		return words.Number(connecting) + of + plural(connecting, " is", " are") + " connecting", false
	case part > 0:
		return words.Number(part) + of + plural(part, " sees", " see") + " only a part", false
	}
	return words.Count(n, "source", "sources") + " live", true
}

func plural[T ~int | ~uint64](n T, single, many string) string {
	if n == 1 {
		return single
	}
	return many
}

// Warning says what is not seen of a campaign now, and since when.
type Warning struct{ Where, Says string }

// Warnings says which sources of a campaign do not see everything now. seen
// is what the campaign's sources saw of late, gaps the campaign's gaps.
func Warnings(seen []view.Coverage, gaps []view.Gap, running []collectors.Status, now time.Time) []Warning {
	var out []Warning
	told := map[string]bool{}
	for _, c := range slices.SortedFunc(slices.Values(seen), func(a, b view.Coverage) int {
		return strings.Compare(Name(a.Platform, a.Source), Name(b.Platform, b.Source))
	}) {
		if told[c.Source] {
			continue
		}
		where := Name(c.Platform, c.Source)
		i := slices.IndexFunc(running, func(s collectors.Status) bool { return s.Source == c.Source })
		switch {
		case i < 0:
			told[c.Source] = true
			out = append(out, Warning{where, "Not running: Winnow does not collect from it now."})
		case running[i].State != collectors.Live:
			told[c.Source] = true
			_, state, says := state(running[i], now)
			out = append(out, Warning{where, state + lead(says)})
		}
	}
	for _, g := range Gaps(gaps, now) {
		if g.To != nil || told[g.Source] || HoleOf(g.Gap) == NoHole {
			continue
		}
		told[g.Source] = true
		out = append(out, Warning{g.Where, "Since " + moment(g.From, now) + " " + g.Meanwhile + " of its posts is taken: " +
			because(g.Why, g.Note)})
	}
	return out
}
