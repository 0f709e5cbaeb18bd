package alert

import (
	"slices"
	"time"
)

// Kind is what an alert is about, as it is written in the configuration.
type Kind string

// The kinds of alerts.
const (
	Begins       Kind = "attack_begins"
	Grows        Kind = "attack_grows"
	Ends         Kind = "attack_ends"
	CoverageLost Kind = "coverage_lost"
	CoverageBack Kind = "coverage_back"
	BudgetNear   Kind = "budget_near"
)

// Kinds returns all kinds.
func Kinds() []Kind {
	return []Kind{Begins, Grows, Ends, CoverageLost, CoverageBack, BudgetNear}
}

// Alert is one thing to tell. It holds numbers, times and ids, and neither handles
// nor texts of posts: it is kept on disk until it is delivered.
type Alert struct {
	Kind Kind `json:"kind"`
	// At is when it was noticed.
	At time.Time `json:"at"`
	// Campaign is empty for a budget, which is that of all.
	Campaign string `json:"campaign,omitzero"`

	// Since and Last are the first and last evidence; of coverage, when it was lost
	// and, if it is back, since when.
	Since time.Time `json:"since,omitzero"`
	Last  time.Time `json:"last,omitzero"`
	// Numbers are those from Since on.
	Numbers Numbers `json:"numbers,omitzero"`
	// Told is the share that was told before; of Grows.
	Told float64 `json:"told,omitzero"`
	// New counts the findings that were not told of before.
	New int `json:"new,omitzero"`
	// Says is the sentence of the strongest new finding, which names no account and
	// quotes nothing.
	Says string `json:"says,omitzero"`
	// IDs are the findings to look at first, at most maxIDs, new ones first.
	IDs []string `json:"ids,omitzero"`
	// Over is true of activity that had no new evidence for Quiet when it was
	// noticed; Withdrawn of an end because no finding holds any more; Unseen of
	// an end in whose silence not everything was seen.
	Over      bool `json:"over,omitzero"`
	Withdrawn bool `json:"withdrawn,omitzero"`
	Unseen    bool `json:"unseen,omitzero"`

	// Source, Platform and Cause say what is not seen and why, as in view.Gap.
	Source   string `json:"source,omitzero"`
	Platform string `json:"platform,omitzero"`
	Cause    string `json:"cause,omitzero"`

	// Spent and Limit are posts of a day, or of a month if Month is true.
	Spent uint64 `json:"spent,omitzero"`
	Limit uint64 `json:"limit,omitzero"`
	Month bool   `json:"month,omitzero"`
}

// maxIDs bounds how many findings an alert names.
const maxIDs = 3

// Numbers measure the activity in a campaign.
type Numbers struct {
	Findings int `json:"findings,omitzero"`
	// Accounts are those inside the findings; at least so many.
	Accounts uint64 `json:"accounts,omitzero"`
	// Coordinated is how many of the Posts lie inside the findings; 0 if it was not
	// computed yet.
	Coordinated uint64 `json:"coordinated,omitzero"`
	Posts       uint64 `json:"posts,omitzero"`
}

// Share is the coordinated part of the posts, 0 to 1; 0 if it is not known.
func (n Numbers) Share() float64 {
	if n.Posts == 0 {
		return 0
	}
	return min(1, float64(n.Coordinated)/float64(n.Posts))
}

// Known reports whether a kind is one of Kinds.
func Known(k Kind) bool { return slices.Contains(Kinds(), k) }
