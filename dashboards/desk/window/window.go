package window

import (
	"net/url"
	"time"

	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Bounds on how many buckets a page asks for. With a step chosen by hand up to
// maxPoints are drawn; left to itself the desk takes the finest step that gives
// at most autoPoints, which still fits a wide screen.
const (
	maxPoints  = 2000
	autoPoints = 800
)

// Times outside these are typing errors; the store keeps nothing there.
var (
	earliest = time.Date(2006, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
)

// Steps are the lengths of bucket that the store keeps, finest first. Unique
// accounts do not add up over time, so there are no others.
var Steps = []struct {
	Name   string
	Length time.Duration
}{
	{"minute", time.Minute},
	{"hour", time.Hour},
	{"day", 24 * time.Hour},
}

// QuickRanges are the ranges that need no typing.
var QuickRanges = []struct {
	Name, Label string
	Length      time.Duration
}{
	{"all", catalogue.Mark("Everything"), 0},
	{"30d", catalogue.Mark("30 days"), 30 * 24 * time.Hour},
	{"7d", catalogue.Mark("7 days"), 7 * 24 * time.Hour},
	{"24h", catalogue.Mark("24 hours"), 24 * time.Hour},
	{"6h", catalogue.Mark("6 hours"), 6 * time.Hour},
	{"1h", catalogue.Mark("1 hour"), time.Hour},
}

// Window is the stretch of time that the charts of a page show.
type Window struct {
	// From is included, To is not. Both are multiples of Step.
	From, To time.Time
	Step     time.Duration
	// Quick is the name of the quick range, empty for a range typed in.
	Quick string
	// StepName is the step as chosen, "auto" if it was not.
	StepName string
	// Ended is true when the range counts back from the last post rather than
	// from now, because the last post is long past.
	Ended bool
	// Zone is the reader's, which typed times are in. From and To are in it too,
	// unless a step is a day: days are those of UTC.
	Zone *time.Location
	// Notices say what was changed about the request, and why.
	Notices []string
	teller  *words.Teller
}

// points is the number of buckets.
func (w Window) points() int { return int(w.To.Sub(w.From) / w.Step) }

// Parse reads a range from a query: range=24h, or from= and to= in the zone of now,
// and step=. It never fails: what it cannot use it replaces and says so. The times
// first and last bound the posts there are and are zero if there are none.
func Parse(t *words.Teller, q url.Values, first, last time.Time) Window {
	now := t.Now()
	if first.IsZero() || last.Before(first) {
		first, last = now.Add(-24*time.Hour), now
	}
	w := Window{StepName: "auto", Zone: t.Zone(), teller: t}
	end := now
	// Where the posts ended long ago (an archive), "24 hours" means their last.
	if now.Sub(last) > 24*time.Hour {
		end, w.Ended = last, true
	}

	w.From, w.To = first, last
	if q.Get("from") != "" || q.Get("to") != "" {
		w.readTyped(q, first, end)
	} else {
		w.readQuick(q.Get("range"), end)
	}
	w.bound(later(now, last))
	w.chooseStep(q.Get("step"))
	return w
}

// Times reads from= and to= as Parse does, and leaves them where they are: they need not
// be multiples of any step. What is not given is first or last.
func Times(t *words.Teller, q url.Values, first, last time.Time) (from, to time.Time, notices []string) {
	w := Window{Zone: t.Zone(), teller: t}
	w.readTyped(q, first, last)
	w.bound(later(t.Now(), last))
	return w.From, w.To, w.Notices
}

// bound cuts off times that nothing can be kept of, and the future, which has no posts
// to show.
func (w *Window) bound(ahead time.Time) {
	w.From, w.To = clampTime(w.From, earliest, latest), clampTime(w.To, earliest, latest)
	if w.To.After(ahead) && w.From.Before(ahead) {
		w.To = ahead
	}
}

func (w *Window) readQuick(name string, end time.Time) {
	w.Quick = "all"
	for _, quick := range QuickRanges {
		if quick.Name == name {
			w.Quick = name
			if quick.Length > 0 {
				w.From, w.To = end.Add(-quick.Length), end
			}
			return
		}
	}
	if name != "" {
		w.Notices = append(w.Notices, w.teller.Text("That range is not one of those on offer; everything is shown."))
	}
}

func (w *Window) readTyped(q url.Values, first, end time.Time) {
	read := func(field, notice string, fallback time.Time) time.Time {
		s := q.Get(field)
		if s == "" {
			return fallback
		}
		t, ok := ParseTime(s, w.Zone)
		if !ok {
			w.Notices = append(w.Notices, notice)
			return fallback
		}
		return t
	}
	w.From = read("from", w.teller.Text("The start was not understood and is left open. Write it as 2015-06-12 18:00."), first)
	w.To = read("to", w.teller.Text("The end was not understood and is left open. Write it as 2015-06-12 18:00."), end)
	if w.From.After(w.To) {
		w.From, w.To = w.To, w.From
		w.Notices = append(w.Notices, w.teller.Text("The start was after the end, so the two were swapped."))
	}
}

// chooseStep sets the step, aligns the range to it and bounds the buckets.
func (w *Window) chooseStep(name string) {
	limit, start := autoPoints, 0
	if name != "" && name != "auto" {
		found := false
		for i, step := range Steps {
			if step.Name == name {
				limit, start, found = maxPoints, i, true
				w.StepName = name
			}
		}
		if !found {
			w.Notices = append(w.Notices, w.teller.Text("Steps can be minutes, hours or days; Winnow chose one that fits."))
		}
	}
	from, to, chosen := w.From, w.To, start
	for ; ; chosen++ {
		w.align(from, to, Steps[chosen].Length)
		if w.points() <= limit || chosen == len(Steps)-1 {
			break
		}
	}
	if chosen > start && w.StepName != "auto" {
		w.Notices = append(w.Notices, w.teller.Text(
			"The range is too long for steps of one %s; it is shown in steps of one %s.",
			w.teller.Step(Steps[start].Length), w.teller.Step(Steps[chosen].Length)))
	}
	if w.points() > maxPoints {
		w.From = w.To.Add(-maxPoints * w.Step)
		w.Notices = append(w.Notices, w.teller.Text("The range is too long; the last %s days of it are shown.", w.teller.Number(maxPoints)))
	}
}

// align widens the range to whole steps.
func (w *Window) align(from, to time.Time, step time.Duration) {
	w.Step, w.From, w.To = step, from.UTC().Truncate(step), to.UTC().Truncate(step)
	if step < 24*time.Hour {
		w.From, w.To = w.From.In(w.Zone), w.To.In(w.Zone)
	}
	// The end is left out of a range. So the last bucket is the one that holds
	// it; and where the end is the last post itself, the one that begins there.
	if w.To.Before(to) || !w.To.After(w.From) || w.Quick == "all" && w.To.Equal(to) {
		w.To = w.To.Add(step)
	}
}

// ParseTime reads a time as browsers send it, as people type it, or with a zone.
// Without one it is in the reader's. It returns false if it is none of these.
func ParseTime(s string, zone *time.Location) (time.Time, bool) {
	for _, layout := range []string{
		"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04",
		"2006-01-02 15:04:05", "2006-01-02", time.RFC3339,
	} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func clampTime(t, low, high time.Time) time.Time {
	if t.Before(low) {
		return low
	}
	if t.After(high) {
		return high
	}
	return t
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Fill lays the points that the store has into all buckets of the window. A
// bucket that the store does not know had no posts, so it is zero.
func (w Window) Fill(points []view.SeriesPoint) []view.SeriesPoint {
	all := make([]view.SeriesPoint, w.points())
	for i := range all {
		all[i].At = w.From.Add(time.Duration(i) * w.Step)
	}
	for _, p := range points {
		if p.At.Before(w.From) || !p.At.Before(w.To) {
			continue
		}
		p.At = p.At.In(w.From.Location())
		all[int(p.At.Sub(w.From)/w.Step)] = p
	}
	return all
}
