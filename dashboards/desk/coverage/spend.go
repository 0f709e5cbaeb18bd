package coverage

import (
	"fmt"
	"math"

	"winnow/collectors"
	"winnow/dashboards/desk/words"
)

// Spending tells what was spent in a day or a month. Over says that the budget
// is used up, or will be at this rate.
type Spending struct {
	Says string
	Over bool
}

// spending tells what a source costs: the day, then the month.
func spending(t *words.Teller, s collectors.Spend) []Spending {
	return []Spending{
		spent(t, t.Text("Today"), s.PostsToday, s.DayLimit, s.ProjectedToday, s.USDPerPost),
		spent(t, t.Text("This month"), s.PostsMonth, s.MonthLimit, s.ProjectedMonth, s.USDPerPost),
	}
}

func spent(t *words.Teller, period string, posts, limit, projects uint64, price float64) Spending {
	line := t.Count(posts, "%[2]s: %[1]s post read, without a limit", "%[2]s: %[1]s posts read, without a limit", period)
	if limit > 0 {
		line = t.Count(limit, "%[2]s: %[3]s of %[1]s post that may be read", "%[2]s: %[3]s of %[1]s posts that may be read", period, t.Number(posts))
	}
	if usd := dollars(t, posts, price); usd != "" {
		line += " (" + usd + ")"
	}
	if projects > 0 {
		if usd := dollars(t, projects, price); usd != "" {
			line = t.Text("%s; at this rate %s by its end, %s", line, t.Number(projects), usd)
		} else {
			line = t.Text("%s; at this rate %s by its end", line, t.Number(projects))
		}
	}
	switch {
	case limit > 0 && posts >= limit:
		return Spending{line + ". " + t.Text("The budget is used up."), true}
	case limit > 0 && projects > limit:
		return Spending{line + ". " + t.Text("That is more than the budget."), true}
	}
	return Spending{line + ".", false}
}

// dollars writes what posts cost; nothing without a price.
func dollars(t *words.Teller, posts uint64, price float64) string {
	usd := float64(posts) * price
	if !(price > 0) || math.IsInf(usd, 0) || usd >= 1e15 {
		return ""
	}
	cents := uint64(math.Round(usd * 100))
	if cents == 0 && usd > 0 {
		return t.Text("under %s", "$0.01")
	}
	return fmt.Sprintf("$%s.%02d", t.Number(cents/100), cents%100)
}
