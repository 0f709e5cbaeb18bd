package answer

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"winnow/storage/view"
)

// State is what is known about a campaign, in one word.
type State string

// The states.
const (
	// Found: there are findings that answer.
	Found State = "found"
	// Empty: no post came yet.
	Empty State = "empty"
	// EarlyOnly: there is nothing but what may be taken back.
	EarlyOnly State = "early"
	// DeclaredOnly: there is nothing but declared actions.
	DeclaredOnly State = "declared"
	// None: nothing was found so far.
	None State = "none"
)

// StateOf returns the state of a campaign.
func StateOf(c view.CampaignSummary) State {
	switch {
	case c.Findings > 0:
		return Found
	case c.Posts == 0:
		return Empty
	case c.EarlyFindings > 0:
		return EarlyOnly
	case c.DeclaredFindings > 0:
		return DeclaredOnly
	}
	return None
}

// Order returns campaigns as they are listed: those with findings first, then by
// name.
func Order(all []view.CampaignSummary) []view.CampaignSummary {
	return slices.SortedStableFunc(slices.Values(all), func(a, b view.CampaignSummary) int {
		return cmp.Or(cmp.Compare(min(b.Findings, 1), min(a.Findings, 1)), strings.Compare(a.Name, b.Name))
	})
}

// Ongoing is how recent the last evidence must be to say that it goes on.
const Ongoing = 30 * time.Minute

// Answers are the facts about a campaign, over everything collected.
type Answers struct {
	Found bool
	// Since and Last are the first and the last evidence of undeclared findings
	// that will not be taken back; zero without any.
	Since, Last time.Time
	// Ongoing is true if the last evidence is less than [Ongoing] old.
	Ongoing bool
	// Targets are the accounts that pile-ons are directed at, the one with the most
	// posts first.
	Targets []Target
}

// Target is an account that pile-ons are directed at.
type Target struct {
	// ID is the account's, Name what it is shown by.
	ID, Name string
	// Findings and Posts are added up. Accounts are those of the largest pile-on:
	// findings may share accounts, so adding them up would overstate.
	Findings, Posts, Accounts uint64
}

// Of answers from a campaign's findings. Neither a declared one nor an early one
// answers anything.
func Of(all []view.FindingSummary, now time.Time) Answers {
	findings := Part(all).Undeclared
	a := Answers{Found: len(findings) > 0}
	a.Since, a.Last = Span(findings)
	a.Ongoing = a.Found && now.Sub(a.Last) < Ongoing

	place := map[string]int{}
	for _, f := range findings {
		if f.Target == "" {
			continue
		}
		i, ok := place[f.Target]
		if !ok {
			i = len(a.Targets)
			place[f.Target] = i
			a.Targets = append(a.Targets, Target{ID: f.Target, Name: f.TargetName()})
		}
		t := &a.Targets[i]
		t.Findings++
		t.Posts += f.Posts
		t.Accounts = max(t.Accounts, f.Accounts)
	}
	slices.SortStableFunc(a.Targets, func(x, y Target) int { return cmp.Compare(y.Posts, x.Posts) })
	return a
}
