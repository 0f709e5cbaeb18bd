package changed

import (
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Row is one measure on both sides of the beginning of a change.
type Row struct {
	Name, Before, After string
	// Note says what the measure means; empty if its name does.
	Note string
}

// Compare puts the day before a change beside what followed, at most six hours.
// Times are told in a zone.
func Compare(c view.Change, zone *time.Location) []Row {
	rows := []Row{
		{"Time", span(c.BeforeFrom.In(zone), c.From.In(zone)), span(c.From.In(zone), c.AfterTo.In(zone)), ""},
		{"Posts", words.Number(c.BeforePosts), words.Number(c.AfterPosts), ""},
		{"Posts an hour", anHour(c.BeforePosts, c.From.Sub(c.BeforeFrom)), anHour(c.AfterPosts, c.AfterTo.Sub(c.From)), ""},
		{"Posts that would be usual", "", figure(c.Usual), "From the same hours of earlier days."},
		{"Accounts", words.Number(c.BeforeAccounts), words.Number(c.AfterAccounts), ""},
		{"As many as if all were equally busy", figure(c.BeforeEffective), figure(c.AfterEffective), "Far fewer than the accounts: a few of them wrote most of it."},
		{"Never seen here before", "", words.Number(c.Newcomers), "As far as Winnow remembers this campaign."},
	}
	if c.BeforeAccounts > 0 {
		rows = append(rows,
			Row{"Went on from the day before", "", words.Number(c.Stayed) + " of " + words.Number(c.BeforeAccounts), ""},
			Row{"Their part of the posts", "", words.Share(c.StayedPosts, c.AfterPosts), ""},
		)
	}
	return rows
}

// anHour is a rate; empty for no time at all.
func anHour(posts uint64, d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return figure(float64(posts) / d.Hours())
}

// figure writes a number that need not be whole to what a person reads.
func figure(x float64) string {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0) || x < 0:
		return "unknown"
	case x > 0 && x < 0.05:
		return "under 0.1"
	case x < 9.95:
		return strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
	}
	return words.Number(uint64(math.Round(x)))
}

// span writes a stretch of time, its day once if it lies within one.
func span(from, to time.Time) string {
	if from.Year() == to.Year() && from.YearDay() == to.YearDay() {
		return from.Format("2 Jan 2006, 15:04") + " to " + to.Format("15:04 ") + words.Zone(to)
	}
	return words.Clock(from) + " to " + words.Clock(to)
}

// Usual says how many posts would be usual in the whole of a change.
func Usual(c view.Change) string { return figure(c.Expected) }

// Thing names a kind of thing that is talked about.
func Thing(kind string) string {
	if kind == "repost" {
		return "reposted post"
	}
	return kind
}

// Language names a language by its code; one that nobody knows by the code itself.
func Language(code string) string {
	tag, err := language.Parse(code)
	if err != nil {
		return code
	}
	if name := display.English.Languages().Name(tag); name != "" && tag != language.Und {
		return name
	}
	if code == "und" {
		return "not told"
	}
	return code
}
