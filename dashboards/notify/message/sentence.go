package message

import (
	"strings"
	"time"

	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/desk/words"
	"winnow/dashboards/notify/alert"
)

// name is what a campaign is called in a sentence.
func name(campaign string) string { return "“" + Line(words.Naming(campaign)) + "”" }

// subject says in a few words what the message is about: the gravest alert, and how
// many there are besides.
func subject(alerts []alert.Alert) string {
	first := alerts[0]
	for _, a := range alerts {
		if rank(a.Kind) < rank(first.Kind) {
			first = a
		}
	}
	s := "Winnow: " + heading(first)
	if n := len(alerts) - 1; n > 0 {
		s += ", and " + words.Count(n, "further alert", "further alerts")
	}
	return s
}

// rank is the order of kinds by how much they matter.
func rank(k alert.Kind) int {
	for i, one := range alert.Kinds() {
		if one == k {
			return i
		}
	}
	return len(alert.Kinds())
}

func heading(a alert.Alert) string {
	switch a.Kind {
	case alert.Begins:
		return "coordinated activity in " + name(a.Campaign)
	case alert.Grows:
		return "coordinated activity in " + name(a.Campaign) + " grows"
	case alert.Ends:
		if a.Withdrawn {
			return "what was told of " + name(a.Campaign) + " does not hold"
		}
		return "coordinated activity in " + name(a.Campaign) + " seems over"
	case alert.CoverageLost:
		return name(a.Campaign) + " is not seen on " + coverage.Name(a.Platform, a.Source)
	case alert.CoverageBack:
		return name(a.Campaign) + " is seen again on " + coverage.Name(a.Platform, a.Source)
	case alert.BudgetNear:
		return "the budget of " + coverage.Name(a.Platform, a.Source) + " is nearly used up"
	}
	return string(a.Kind)
}

// sentence tells an alert.
func sentence(a alert.Alert) string {
	switch a.Kind {
	case alert.Begins:
		return begins(a)
	case alert.Grows:
		return grows(a)
	case alert.Ends:
		return ends(a)
	case alert.CoverageLost:
		return "Since " + words.Clock(a.Since) + " Winnow sees nothing of " + name(a.Campaign) + " on " + coverage.Name(a.Platform, a.Source) + ": " +
			coverage.Cause(a.Cause) + ". An attack there would not be noticed."
	case alert.CoverageBack:
		return coverage.Name(a.Platform, a.Source) + " brings posts of " + name(a.Campaign) + " again. From " + words.Clock(a.Since) + " to " + words.Clock(a.Last) +
			" nothing was seen there: " + coverage.Cause(a.Cause) + ". What the platform still has is asked for afterwards; the desk says what is missing."
	case alert.BudgetNear:
		period := "today (UTC)"
		if a.Month {
			period = "this month (UTC)"
		}
		return "Of the " + words.Count(a.Limit, "post", "posts") + " that may be read from " + coverage.Name(a.Platform, a.Source) + " " + period + ", " +
			words.Number(a.Spent) + " are read (" + words.Share(a.Spent, a.Limit) + "). To make the rest last, Winnow reads only a share of what is posted where it must, and at last nothing."
	}
	return string(a.Kind)
}

func begins(a alert.Alert) string {
	var b strings.Builder
	if a.Over {
		b.WriteString("From " + words.Clock(a.Since) + " to " + words.Clock(a.Last) + " accounts acted together in " + name(a.Campaign) +
			", far beyond what chance explains. It took until now to be sure of that; there has been no new evidence since.")
	} else {
		b.WriteString("Since " + words.Clock(a.Since) + " accounts act together in " + name(a.Campaign) + ", far beyond what chance explains.")
	}
	b.WriteString(measures(a))
	if a.Says != "" {
		b.WriteString(" " + Line(a.Says))
	}
	b.WriteString(" It matches no declared action. Whether it is an attack is for people to judge: look at the evidence.")
	return b.String()
}

func grows(a alert.Alert) string {
	var b strings.Builder
	b.WriteString("What began in " + name(a.Campaign) + " on " + words.Clock(a.Since) + " grows")
	if a.New > 0 {
		b.WriteString(": " + words.Count(a.New, "further finding", "further findings"))
	}
	b.WriteString("." + measures(a))
	if a.Told > 0 && a.Numbers.Coordinated > 0 {
		b.WriteString(" When it was told last, it was " + percent(a.Told) + ".")
	}
	if a.Says != "" {
		b.WriteString(" " + Line(a.Says))
	}
	return b.String()
}

func ends(a alert.Alert) string {
	if a.Withdrawn {
		return "What was told of " + name(a.Campaign) + " since " + words.Clock(a.Since) +
			" does not hold: its findings were judged wrong by a person, or withdrawn as more posts came. Please pass that on to whoever heard of it."
	}
	s := "In " + name(a.Campaign) + " there has been no new evidence of coordinated activity for " + words.Duration(a.At.Sub(a.Last).Truncate(time.Minute)) +
		". It lasted from " + words.Clock(a.Since) + " to " + words.Clock(a.Last) + "." + measures(a)
	if a.Unseen {
		s += " Not everything was seen since then, so it may have gone on unnoticed."
	}
	return s
}

// measures tells the numbers, each only if it is known.
func measures(a alert.Alert) string {
	n := a.Numbers
	if n.Findings == 0 {
		return ""
	}
	s := " " + words.Count(n.Findings, "finding", "findings") + ", with at least " + words.Count(n.Accounts, "account", "accounts")
	if n.Coordinated > 0 && n.Posts > 0 {
		s += " and " + words.Share(n.Coordinated, n.Posts) + " of the campaign’s posts in that time (" + words.Number(n.Coordinated) + " of " + words.Number(n.Posts) + ")"
	}
	return s + "."
}

// percent writes a share of 0 to 1.
func percent(share float64) string {
	const whole = 1000
	return words.Share(uint64(share*whole+0.5), whole)
}
