package changed

import (
	"math"
	"time"

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
func Compare(t *words.Teller, c view.Change) []Row {
	rows := []Row{
		{t.Text("Time"), t.Span(c.BeforeFrom, c.From), t.Span(c.From, c.AfterTo), ""},
		{t.Text("Posts"), t.Number(c.BeforePosts), t.Number(c.AfterPosts), ""},
		{t.Text("Posts an hour"), anHour(t, c.BeforePosts, c.From.Sub(c.BeforeFrom)), anHour(t, c.AfterPosts, c.AfterTo.Sub(c.From)), ""},
		{t.Text("Posts that would be usual"), "", figure(t, c.Usual), t.Text("From the same hours of earlier days.")},
		{t.Text("Accounts"), t.Number(c.BeforeAccounts), t.Number(c.AfterAccounts), ""},
		{t.Text("As many as if all were equally busy"), figure(t, c.BeforeEffective), figure(t, c.AfterEffective), t.Text("Far fewer than the accounts: a few of them wrote most of it.")},
		{t.Text("Never seen here before"), "", t.Number(c.Newcomers), t.Text("As far as Winnow remembers this campaign.")},
	}
	if c.BeforeAccounts > 0 {
		rows = append(rows,
			Row{t.Text("Went on from the day before"), "", t.Text("%s of %s", t.Number(c.Stayed), t.Number(c.BeforeAccounts)), ""},
			Row{t.Text("Their part of the posts"), "", t.Share(c.StayedPosts, c.AfterPosts), ""},
		)
	}
	return rows
}

// anHour is a rate; empty for no time at all.
func anHour(t *words.Teller, posts uint64, d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return figure(t, float64(posts)/d.Hours())
}

// figure writes a number that need not be whole to what a person reads.
func figure(t *words.Teller, x float64) string {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0) || x < 0:
		return t.Text("unknown")
	case x > 0 && x < 0.05:
		return t.Text("under %s", t.Decimal(0.1))
	case x < 9.95:
		return t.Decimal(x)
	}
	return t.Number(uint64(math.Round(x)))
}

// Usual says how many posts would be usual in the whole of a change.
func Usual(t *words.Teller, c view.Change) string { return figure(t, c.Expected) }
