package alert

import (
	"time"

	"winnow/pipeline/coordination"
	"winnow/storage/view"
)

// The times and bounds of the rules; the package's documentation has the reasons.
const (
	// Quiet is the desk's: for how long there must be no evidence to say that it
	// is over.
	Quiet    = 30 * time.Minute
	Fresh    = 2 * time.Hour
	Pause    = 15 * time.Minute
	Patience = 24 * time.Hour
	Settled  = 5 * time.Minute
	// Blink is for how long a source must see nothing.
	Blink = 5 * time.Minute

	growFactor, growPoints = 2, 0.05
	// nearFifths of five are what makes a budget near.
	nearFifths = 4
	// memory is for how long a finding that was told of is remembered: beyond
	// Fresh it is no news anyway.
	memory = Fresh + Quiet
)

// Sight is what is the case now.
type Sight struct {
	Now time.Time
	// Campaigns are those that were looked at. One of which nothing could be read
	// is left out, and then nothing is decided about it.
	Campaigns []Campaign
	// Sources are those that run now; Gaps what is open, of any source.
	Sources []Source
	Gaps    []Gap
	// Coverage is false if Sources and Gaps could not be read.
	Coverage bool
	Budgets  []Budget
}

// Campaign is what is found in one campaign.
type Campaign struct {
	Name     string
	Findings []view.FindingSummary
	// Numbers measures the activity from a time on. It is called for campaigns in
	// which there is some, and its zero value means that it is not known yet.
	Numbers func(since time.Time) Numbers
}

// Source is one that runs, and the campaigns that it watches.
type Source struct {
	Name, Platform string
	Campaigns      []string
}

// Gap is an open gap in which nothing is seen.
type Gap struct {
	Source, Campaign string // no campaign for all that the source watches
	From             time.Time
	Cause            string
}

// Budget is what a source may read and has read, in posts; no limit is 0.
type Budget struct {
	Source, Platform                             string
	PostsToday, DayLimit, PostsMonth, MonthLimit uint64
}

// Look compares what is the case with what was told, and returns what is to be
// told now. The book then counts it as told.
func (b *Book) Look(s Sight) []Alert {
	b.init()
	var out []Alert
	if s.Coverage {
		out = append(out, b.coverage(s)...)
	}
	for _, c := range s.Campaigns {
		out = append(out, b.campaign(c, s.Now)...)
	}
	for _, budget := range s.Budgets {
		out = append(out, b.budget(budget, s.Now)...)
	}
	return out
}

// counts reports whether a finding may be told of.
func counts(f view.FindingSummary) bool {
	c := coordination.Confidence(f.Confidence)
	return f.Declared == "" && (c == coordination.ConfidenceFirm || c == coordination.ConfidenceHigh)
}

// budget tells of a day and of a month of which most is used.
func (b *Book) budget(g Budget, now time.Time) []Alert {
	now = now.UTC()
	t := b.Budgets[g.Source]
	near := func(spent, limit uint64) bool { return limit > 0 && float64(spent)*5 >= float64(limit)*nearFifths }
	var out []Alert
	if day := now.Format(time.DateOnly); near(g.PostsToday, g.DayLimit) && t.Day != day {
		t.Day = day
		out = append(out, Alert{Kind: BudgetNear, At: now, Source: g.Source, Platform: g.Platform, Spent: g.PostsToday, Limit: g.DayLimit})
	}
	if month := now.Format("2006-01"); near(g.PostsMonth, g.MonthLimit) && t.Month != month {
		t.Month = month
		out = append(out, Alert{Kind: BudgetNear, At: now, Source: g.Source, Platform: g.Platform, Spent: g.PostsMonth, Limit: g.MonthLimit, Month: true})
	}
	if len(out) > 0 {
		b.Budgets[g.Source] = t
	}
	return out
}
