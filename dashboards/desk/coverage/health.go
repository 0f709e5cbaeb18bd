package coverage

import (
	"slices"
	"strings"

	"winnow/collectors"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Health says how the sources are in one phrase, and whether all are well. It
// is empty if there are none.
func Health(t *words.Teller, running []collectors.Status) (phrase string, fine bool) {
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
	of := t.Number(uint64(n))
	switch {
	case down == n:
		return t.Count(uint64(n), "The source is down", "All %s sources are down"), false
	case down > 0:
		return t.Count(uint64(down), "%s of %s sources is down", "%s of %s sources are down", of), false
	case connecting == 1 && n == 1:
		return t.Text("The source is connecting"), false
	case connecting > 0:
		return t.Count(uint64(connecting), "%s of %s sources is connecting", "%s of %s sources are connecting", of), false
	case part == 1 && n == 1:
		return t.Text("The source sees only a part"), false
	case part > 0:
		return t.Count(uint64(part), "%s of %s sources sees only a part", "%s of %s sources see only a part", of), false
	}
	return t.Count(uint64(n), "%s source live", "%s sources live"), true
}

// Warning says what is not seen of a campaign now, and since when.
type Warning struct{ Where, Says string }

// Warnings says which sources of a campaign do not see everything now. seen
// is what the campaign's sources saw of late, gaps the campaign's gaps.
func Warnings(t *words.Teller, seen []view.Coverage, gaps []view.Gap, running []collectors.Status) []Warning {
	var out []Warning
	told := map[string]bool{}
	for _, c := range slices.SortedFunc(slices.Values(seen), func(a, b view.Coverage) int {
		return strings.Compare(Name(t, a.Platform, a.Source), Name(t, b.Platform, b.Source))
	}) {
		if told[c.Source] {
			continue
		}
		where := Name(t, c.Platform, c.Source)
		i := slices.IndexFunc(running, func(s collectors.Status) bool { return s.Source == c.Source })
		switch {
		case i < 0:
			told[c.Source] = true
			out = append(out, Warning{where, t.Text("Not running: Winnow does not collect from it now.")})
		case running[i].State != collectors.Live:
			told[c.Source] = true
			_, state, says := state(t, running[i])
			out = append(out, Warning{where, state + lead(says)})
		}
	}
	for _, g := range Gaps(t, gaps) {
		if g.To != nil || told[g.Source] || HoleOf(g.Gap) == NoHole {
			continue
		}
		told[g.Source] = true
		out = append(out, Warning{g.Where, t.Text("Since %s %s of its posts is taken: %s", moment(t, g.From), g.Meanwhile, because(g.Why, g.Note))})
	}
	return out
}
