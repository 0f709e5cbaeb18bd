package alert

import (
	"maps"
	"time"
)

// Book is what was told. Its zero value is an empty one. It is written as JSON, and
// holds names of campaigns and sources, ids of findings, times and numbers.
type Book struct {
	// Campaigns are those with activity, or some that was told of lately.
	Campaigns map[string]*Told `json:"campaigns,omitempty"`
	// Lost are the sources that see nothing, by source and campaign.
	Lost map[string]map[string]Loss `json:"lost,omitempty"`
	// Budgets are the days and months told of, by source.
	Budgets map[string]Months `json:"budgets,omitempty"`

	// seen is since when an open gap is known, by source and campaign: a gap that
	// was left by a stop is as old as the stop, and may close at once.
	seen map[watch]time.Time
}

// Told is what was told of a campaign.
type Told struct {
	// Findings are those told of, each with its last evidence then.
	Findings map[string]time.Time `json:"findings,omitempty"`
	// Activity goes on; nil if none does.
	Activity *Activity `json:"activity,omitempty"`
}

// Activity is coordinated activity that was told of and did not end yet.
type Activity struct {
	Since time.Time `json:"since"`
	Last  time.Time `json:"last"`
	// TellAt is when it was told of last, Numbers what was told.
	TellAt  time.Time `json:"tell_at"`
	Numbers Numbers   `json:"numbers"`
	// Over says that its end is told already.
	Over bool `json:"over,omitzero"`
	// Gone is since when no finding holds any more; zero if one does.
	Gone time.Time `json:"gone,omitzero"`
	// Unseen is when a source was lost last that was there when it began.
	Unseen time.Time `json:"unseen,omitzero"`
}

// Loss is a source that sees nothing of a campaign, as it was told.
type Loss struct {
	From  time.Time `json:"from"`
	Cause string    `json:"cause"`
}

// Months are the last day and month whose budget was told of.
type Months struct {
	Day   string `json:"day,omitzero"`
	Month string `json:"month,omitzero"`
}

// watch is a source and one of its campaigns.
type watch struct{ source, campaign string }

func (b *Book) init() {
	if b.Campaigns == nil {
		b.Campaigns = map[string]*Told{}
	}
	if b.Lost == nil {
		b.Lost = map[string]map[string]Loss{}
	}
	if b.Budgets == nil {
		b.Budgets = map[string]Months{}
	}
	if b.seen == nil {
		b.seen = map[watch]time.Time{}
	}
}

// Mend drops what a damaged file left empty.
func (b *Book) Mend() {
	for name, t := range b.Campaigns {
		if t == nil {
			delete(b.Campaigns, name)
		}
	}
}

// Clone returns a copy that shares nothing with b.
func (b *Book) Clone() Book {
	out := Book{Budgets: maps.Clone(b.Budgets), seen: maps.Clone(b.seen)}
	out.init()
	for name, t := range b.Campaigns {
		copied := &Told{Findings: maps.Clone(t.Findings)}
		if t.Activity != nil {
			a := *t.Activity
			copied.Activity = &a
		}
		out.Campaigns[name] = copied
	}
	for source, campaigns := range b.Lost {
		out.Lost[source] = maps.Clone(campaigns)
	}
	return out
}

// Active reports whether activity in a campaign was told of and did not end yet.
func (b *Book) Active(campaign string) bool {
	t := b.Campaigns[campaign]
	return t != nil && t.Activity != nil
}

// Knows reports whether anything is kept about a campaign, so that it is to be
// looked at even if nothing is posted there any more.
func (b *Book) Knows(campaign string) bool { return b.Campaigns[campaign] != nil }

// lose notes that a source is lost to a campaign, and find that it is not; both by
// what was told.
func (b *Book) lose(w watch, l Loss) {
	if b.Lost[w.source] == nil {
		b.Lost[w.source] = map[string]Loss{}
	}
	b.Lost[w.source][w.campaign] = l
}

func (b *Book) find(w watch) {
	delete(b.Lost[w.source], w.campaign)
	if len(b.Lost[w.source]) == 0 {
		delete(b.Lost, w.source)
	}
}
