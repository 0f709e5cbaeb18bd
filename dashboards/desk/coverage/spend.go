package coverage

import (
	"math"
	"strconv"
	"strings"

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
func spending(s collectors.Spend) []Spending {
	var says []Spending
	for _, p := range []struct {
		name                   string
		posts, limit, projects uint64
	}{
		{"Today", s.PostsToday, s.DayLimit, s.ProjectedToday},
		{"This month", s.PostsMonth, s.MonthLimit, s.ProjectedMonth},
	} {
		line := p.name + ": " + words.Number(p.posts)
		if p.limit > 0 {
			line += " of " + words.Count(p.limit, "post", "posts") + " that may be read"
		} else {
			line += " " + plural(p.posts, "post", "posts") + " read, without a limit"
		}
		line += dollars(p.posts, s.USDPerPost, " (", ")")
		if p.projects > 0 {
			line += "; at this rate " + words.Number(p.projects) + " by its end" + dollars(p.projects, s.USDPerPost, ", ", "")
		}
		over := false
		switch {
		case p.limit > 0 && p.posts >= p.limit:
			line += ". The budget is used up"
			over = true
		case p.limit > 0 && p.projects > p.limit:
			line += ". That is more than the budget"
			over = true
		}
		says = append(says, Spending{line + ".", over})
	}
	return says
}

// dollars writes what posts cost, between two texts; nothing without a price.
func dollars(posts uint64, price float64, before, after string) string {
	usd := float64(posts) * price
	if !(price > 0) || math.IsInf(usd, 0) || usd >= 1e15 {
		return ""
	}
	cents := uint64(math.Round(usd * 100))
	rest := strconv.FormatUint(cents%100, 10)
	if len(rest) < 2 {
		rest = "0" + rest
	}
	var b strings.Builder
	b.WriteString(before)
	if cents == 0 && usd > 0 {
		b.WriteString("under $0.01")
	} else {
		b.WriteString("$" + words.Number(cents/100) + "." + rest)
	}
	b.WriteString(after)
	return b.String()
}
