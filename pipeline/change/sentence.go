package change

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// sentence says in plain words what was seen and what would be usual. It names
// no account and quotes no post.
func (c *Change) sentence() string {
	out := c.volume()
	if c.Direction == Rise {
		out += " " + c.who() + c.what()
	}
	return out
}

func (c *Change) volume() string {
	var b strings.Builder
	if c.To.IsZero() {
		b.WriteString("Since " + clock(c.From) + " UTC, ")
	} else {
		b.WriteString("From " + clock(c.From) + " to " + until(c.From, c.To) + " UTC, ")
	}
	b.WriteString(posts(c.Observed) + " where " + figure(c.Expected) + " would be usual at this time")
	if c.Direction == Rise && c.PeakObserved < c.Observed {
		b.WriteString("; at the peak, from " + c.Peak.Format("15:04") + " on, " + posts(c.PeakObserved) + " in 10 minutes instead of " + figure(c.PeakExpected))
	}
	b.WriteString(".")
	if c.Lasting {
		b.WriteString(" It has lasted for a day and is the new usual since.")
	}
	if c.Direction == Fall {
		b.WriteString(" Before calling it silence, look whether everything was collected.")
	}
	return b.String()
}

// who says who held the tag.
func (c *Change) who() string {
	if c.After.Accounts == 0 {
		return ""
	}
	out := "It is by " + many(c.After.Accounts, "account")
	if c.Newcomers > 0 {
		out += ", " + strconv.Itoa(c.Newcomers) + " of them never seen here before"
	}
	if c.Hold == HoldNew {
		return out + "; hardly anyone had posted in the day before."
	}
	out += ". Of the " + strconv.Itoa(c.Before.Accounts) + " of the day before, " + strconv.Itoa(c.Stayed) + " went on, with " +
		percent(c.StayedPosts, c.After.Posts) + " of the posts"
	switch c.Hold {
	case HoldOutnumbered:
		out += ", less than half of what came"
	case HoldDrowned:
		out += ": at least half of what is usual, and less than half of what came"
	case HoldTaken:
		out += ": less than half of what is usual, and less than half of what came"
	}
	return out + "."
}

// what says what sort of things rose.
func (c *Change) what() string {
	n := make(map[ItemKind]int)
	for _, i := range c.Rose {
		n[i.Kind]++
	}
	var parts []string
	for _, k := range []struct {
		kind ItemKind
		noun string
	}{{ItemText, "text"}, {ItemRepost, "reposted post"}, {ItemLink, "link"}, {ItemTag, "tag"}, {ItemLanguage, "language"}} {
		if n[k.kind] > 0 {
			parts = append(parts, many(n[k.kind], k.noun))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	out := " What rose most: " + parts[0]
	for i, p := range parts[1:] {
		if i == len(parts)-2 {
			out += " and " + p
		} else {
			out += ", " + p
		}
	}
	return out + "."
}

func clock(t time.Time) string { return t.Format("2 Jan 15:04") }

// until is the end of a stretch, with its day if that is another one.
func until(from, to time.Time) string {
	if from.YearDay() == to.YearDay() && from.Year() == to.Year() {
		return to.Format("15:04")
	}
	return clock(to)
}

func posts(n int) string { return many(n, "post") }

// many says a number of things: "1 account", "7 posts".
func many(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

func percent(part, all int) string {
	if all == 0 {
		return "none"
	}
	x := 100 * float64(part) / float64(all)
	if part > 0 && x < 1 {
		return "less than 1 %"
	}
	return strconv.FormatFloat(math.Round(x), 'f', 0, 64) + " %"
}

// figure rounds to what a person reads: one decimal below ten.
func figure(x float64) string {
	if x < 9.95 {
		return strconv.FormatFloat(math.Max(x, 0.1), 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 0, 64)
}
