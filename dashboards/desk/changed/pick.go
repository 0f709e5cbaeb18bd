package changed

import (
	"cmp"
	"slices"
	"time"

	"winnow/dashboards/desk/answer"
	"winnow/storage/view"
)

// Going says whether a change is not over yet.
func Going(c view.Change) bool { return c.To == nil && !c.Lasting }

// End is when a change was over; now for one that is not, and for one that lasts the
// end of what followed its beginning, since after that it is the usual.
func End(c view.Change, now time.Time) time.Time {
	switch {
	case c.To != nil:
		return *c.To
	case c.Lasting:
		return c.AfterTo
	}
	return now
}

// Told returns changes in the order in which people want to hear of them: those
// that go on, then the newest; of those that began together the one of the whole
// campaign before those of its tags, and the larger before the smaller.
func Told(changes []view.Change) []view.Change {
	return slices.SortedStableFunc(slices.Values(changes), func(a, b view.Change) int {
		return cmp.Or(
			before(Going(a), Going(b)),
			b.From.Compare(a.From),
			before(a.Tag == "", b.Tag == ""),
			cmp.Compare(b.Bits, a.Bits),
			cmp.Compare(a.Tag, b.Tag),
		)
	})
}

// First is the change that answers what changed: of the whole campaign if it has
// any, one that goes on before one that is over, a rise before a fall. False if
// nothing changed.
func First(changes []view.Change) (view.Change, bool) {
	if len(changes) == 0 {
		return view.Change{}, false
	}
	return slices.MinFunc(Told(changes), func(a, b view.Change) int {
		return cmp.Or(
			before(a.Tag == "", b.Tag == ""),
			before(Going(a), Going(b)),
			before(a.Direction != fall, b.Direction != fall),
		)
	}), true
}

// before sorts what is true first.
func before(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// Within returns the findings that have evidence in the time of a change, and the
// names of the declared actions among them; a pile-on is one whose contents a page
// should not show unasked.
func Within(c view.Change, findings []view.FindingSummary, now time.Time) (found []view.FindingSummary, declared []string, pileOn bool) {
	end := End(c, now)
	for _, f := range findings {
		if f.EndedAt.Before(c.From) || f.StartedAt.After(end) {
			continue
		}
		switch {
		case f.Declared != "":
			if !slices.Contains(declared, f.Declared) {
				declared = append(declared, f.Declared)
			}
		case !f.Early():
			found = append(found, f)
		}
	}
	slices.Sort(declared)
	return found, declared, answer.HiddenBetween(findings, c.From, end)
}
