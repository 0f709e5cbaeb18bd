package coverage

import (
	"slices"
	"strings"
	"time"

	"winnow/dashboards/desk/words"
	"winnow/pipeline/post"
	"winnow/storage/view"
)

// Hole is how much of what was posted a gap hides now.
type Hole int

// The kinds of hole, the worst last.
const (
	NoHole   Hole = iota // everything came afterwards
	PartHole             // a part was seen, or came afterwards
	FullHole             // nothing is there
)

// HoleOf says what a gap hides now.
func HoleOf(g view.Gap) Hole {
	switch {
	case post.Fill(g.Fill) == post.Filled:
		return NoHole
	case post.Fill(g.Fill) == post.Partly || g.Share > 0:
		return PartHole
	}
	return FullHole
}

// End is where a gap ends, which for an open one is now.
func End(g view.Gap, now time.Time) time.Time {
	if g.To == nil {
		return now
	}
	return *g.To
}

// Gap is a gap in words.
type Gap struct {
	view.Gap
	// Where is the source as people know it, Why the cause, Lasted how long,
	// Meanwhile what was seen in spite of it, Afterwards what came later.
	Where, Why, Lasted, Meanwhile, Afterwards string
}

// Open reports whether posts are still missing.
func (g Gap) Open() bool { return g.To == nil }

// Gaps tells gaps in words, newest first.
func Gaps(t *words.Teller, all []view.Gap) []Gap {
	sorted := slices.SortedStableFunc(slices.Values(all), func(a, b view.Gap) int { return b.From.Compare(a.From) })
	out := make([]Gap, 0, len(sorted))
	for _, g := range sorted {
		out = append(out, Gap{
			Gap: g, Where: Name(t, g.Platform, g.Source), Why: Cause(t, g.Cause),
			Lasted:    t.Duration(End(g, t.Now()).Sub(g.From)),
			Meanwhile: share(t, g.Share), Afterwards: Fill(t, g.Fill, g.To == nil),
		})
	}
	return out
}

// Concerning are those of a campaign's gaps in which it was watched, cut to
// when it was: what a source missed before it watched the campaign is no hole
// in it. Gaps of the campaign itself, such as its past, are kept as they are.
func Concerning(gaps []view.Gap, seen []view.Coverage, now time.Time) []view.Gap {
	from := map[string]time.Time{}
	for _, c := range seen {
		from[c.Source] = c.From
	}
	var out []view.Gap
	for _, g := range gaps {
		if g.Campaign == "" {
			began, ok := from[g.Source]
			if !ok || !End(g, now).After(began) {
				continue
			}
			if g.From.Before(began) {
				g.From = began
			}
		}
		out = append(out, g)
	}
	return out
}

// Unlisted counts the gaps of a campaign that its coverage knows of and a list
// of those concerning it, which the store bounds, does not hold.
func Unlisted(listed []view.Gap, seen []view.Coverage) uint64 {
	var known, have uint64
	for _, c := range seen {
		known += c.Gaps
	}
	for _, g := range listed {
		// A campaign's past is listed, and no part of its coverage.
		if HoleOf(g) != NoHole && post.Cause(g.Cause) != post.Before {
			have++
		}
	}
	return known - min(known, have)
}

// Line tells a gap in one clause: "X (stream): no connection, or one that
// broke; a part came later".
func Line(t *words.Teller, g view.Gap) string {
	line := t.Text("%s: %s", Name(t, g.Platform, g.Source), Cause(t, g.Cause))
	if g.Share > 0 {
		line = t.Text("%s; %s seen", line, share(t, g.Share))
	}
	if post.Fill(g.Fill) == post.Partly {
		line = t.Text("%s; a part came later", line)
	}
	return line
}

// share writes the share of posts seen in spite of a gap.
func share(t *words.Teller, f float64) string {
	switch {
	case !(f > 0):
		return t.Text("nothing")
	case f < 0.001:
		return t.Text("under %s", percent(t, 1))
	case f >= 1:
		return t.Text("everything")
	}
	return t.Text("about %s", percent(t, float64(int(f*1000))))
}

// sentence makes one of a clause: a full stop at its end, if there is none.
func sentence(clause string) string {
	clause = strings.TrimSpace(clause)
	if clause == "" || strings.HasSuffix(clause, ".") || strings.HasSuffix(clause, "!") || strings.HasSuffix(clause, "?") {
		return clause
	}
	return clause + "."
}
