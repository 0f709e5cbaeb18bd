package message

import (
	"strings"
	"time"

	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/desk/words"
	"winnow/dashboards/notify/alert"
)

// teller tells alerts.
type teller struct{ *words.Teller }

// name is what a campaign is called in a sentence.
func (t teller) name(campaign string) string { return Line(t.Naming(campaign)) }

// place is a source.
func (t teller) place(a alert.Alert) string {
	return coverage.Name(t.Teller, a.Platform, a.Source)
}

// subject says in a few words what the message is about: the gravest alert, and how
// many there are besides.
func (t teller) subject(alerts []alert.Alert) string {
	first := alerts[0]
	for _, a := range alerts {
		if rank(a.Kind) < rank(first.Kind) {
			first = a
		}
	}
	heading := t.heading(first)
	if n := len(alerts) - 1; n > 0 {
		return t.Count(uint64(n), "Winnow: %[2]s, and %[1]s further alert", "Winnow: %[2]s, and %[1]s further alerts", heading)
	}
	return t.Text("Winnow: %s", heading)
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

func (t teller) heading(a alert.Alert) string {
	name := t.name(a.Campaign)
	switch a.Kind {
	case alert.Begins:
		return t.Text("coordinated activity in “%s”", name)
	case alert.Grows:
		return t.Text("coordinated activity in “%s” grows", name)
	case alert.Ends:
		if a.Withdrawn {
			return t.Text("what was told of “%s” does not hold", name)
		}
		return t.Text("coordinated activity in “%s” seems over", name)
	case alert.CoverageLost:
		return t.Text("“%s” is not seen on %s", name, t.place(a))
	case alert.CoverageBack:
		return t.Text("“%s” is seen again on %s", name, t.place(a))
	case alert.BudgetNear:
		return t.Text("the budget of %s is nearly used up", t.place(a))
	}
	return string(a.Kind)
}

// sentence tells an alert.
func (t teller) sentence(a alert.Alert) string {
	switch a.Kind {
	case alert.Begins:
		return t.begins(a)
	case alert.Grows:
		return t.grows(a)
	case alert.Ends:
		return t.ends(a)
	case alert.CoverageLost:
		return t.Text("Since %s Winnow sees nothing of “%s” on %s: %s. An attack there would not be noticed.",
			t.Clock(a.Since), t.name(a.Campaign), t.place(a), coverage.Cause(t.Teller, a.Cause))
	case alert.CoverageBack:
		return t.Text("%s brings posts of “%s” again. From %s to %s nothing was seen there: %s. What the platform still has is asked for afterwards; the desk says what is missing.",
			t.place(a), t.name(a.Campaign), t.Clock(a.Since), t.Clock(a.Last), coverage.Cause(t.Teller, a.Cause))
	case alert.BudgetNear:
		spent, share := t.Number(a.Spent), t.Share(a.Spent, a.Limit)
		says := t.Count(a.Limit, "Of the %s post that may be read from %s today (UTC), %s are read (%s).",
			"Of the %s posts that may be read from %s today (UTC), %s are read (%s).", t.place(a), spent, share)
		if a.Month {
			says = t.Count(a.Limit, "Of the %s post that may be read from %s this month (UTC), %s are read (%s).",
				"Of the %s posts that may be read from %s this month (UTC), %s are read (%s).", t.place(a), spent, share)
		}
		return says + " " + t.Text("To make the rest last, Winnow reads only a share of what is posted where it must, and at last nothing.")
	}
	return string(a.Kind)
}

func (t teller) begins(a alert.Alert) string {
	said := []string{t.Text("Since %s accounts act together in “%s”, far beyond what chance explains.", t.Clock(a.Since), t.name(a.Campaign))}
	if a.Over {
		said[0] = t.Text("From %s to %s accounts acted together in “%s”, far beyond what chance explains. It took until now to be sure of that; there has been no new evidence since.",
			t.Clock(a.Since), t.Clock(a.Last), t.name(a.Campaign))
	}
	return join(append(said, t.measures(a), t.says(a),
		t.Text("It matches no declared action. Whether it is an attack is for people to judge: look at the evidence."))...)
}

func (t teller) grows(a alert.Alert) string {
	said := t.Text("What began in “%s” on %s grows.", t.name(a.Campaign), t.Clock(a.Since))
	if a.New > 0 {
		said = t.Count(uint64(a.New), "What began in “%[2]s” on %[3]s grows: %[1]s further finding.",
			"What began in “%[2]s” on %[3]s grows: %[1]s further findings.", t.name(a.Campaign), t.Clock(a.Since))
	}
	before := ""
	if a.Told > 0 && a.Numbers.Coordinated > 0 {
		before = t.Text("When it was told last, it was %s.", t.part(a.Told))
	}
	return join(said, t.measures(a), before, t.says(a))
}

func (t teller) ends(a alert.Alert) string {
	if a.Withdrawn {
		return t.Text("What was told of “%s” since %s does not hold: its findings were judged wrong by a person, or withdrawn as more posts came. Please pass that on to whoever heard of it.",
			t.name(a.Campaign), t.Clock(a.Since))
	}
	unseen := ""
	if a.Unseen {
		unseen = t.Text("Not everything was seen since then, so it may have gone on unnoticed.")
	}
	return join(t.Text("In “%s” there has been no new evidence of coordinated activity for %s. It lasted from %s to %s.",
		t.name(a.Campaign), t.Duration(a.At.Sub(a.Last).Truncate(time.Minute)), t.Clock(a.Since), t.Clock(a.Last)), t.measures(a), unseen)
}

// says is what the detector wrote of the largest finding, which it does in English: in
// another language the numbers stand alone.
func (t teller) says(a alert.Alert) string {
	if t.Language() != catalogue.English() {
		return ""
	}
	return Line(a.Says)
}

// measures tells the numbers, each only if it is known.
func (t teller) measures(a alert.Alert) string {
	n := a.Numbers
	if n.Findings == 0 {
		return ""
	}
	findings, accounts := t.Count(uint64(n.Findings), "%s finding", "%s findings"), t.Count(n.Accounts, "%s account", "%s accounts")
	if n.Coordinated > 0 && n.Posts > 0 {
		return t.Text("%s, with at least %s and %s of the campaign’s posts in that time (%s of %s).",
			findings, accounts, t.Share(n.Coordinated, n.Posts), t.Number(n.Coordinated), t.Number(n.Posts))
	}
	return t.Text("%s, with at least %s.", findings, accounts)
}

// part writes a share of 0 to 1.
func (t teller) part(share float64) string {
	const whole = 1000
	return t.Share(uint64(share*whole+0.5), whole)
}

// join puts sentences into one line.
func join(sentences ...string) string {
	var said []string
	for _, s := range sentences {
		if s != "" {
			said = append(said, s)
		}
	}
	return strings.Join(said, " ")
}
