package shape

import (
	"time"

	"winnow/collectors"
	"winnow/dashboards/desk/api/value"
	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/desk/words"
	"winnow/pipeline/post"
	"winnow/storage/view"
)

// Seen is which share of the time was seen, 0 to 1: surely, and if nothing was
// missing in what was filled in part.
type Seen struct {
	AtLeast float64 `json:"at_least"`
	AtMost  float64 `json:"at_most"`
	Gaps    uint64  `json:"gaps"`
	Open    bool    `json:"open"`
}

// NewSeen writes what several sources saw on average; nil if there are none.
func NewSeen(all []view.Coverage) *Seen {
	if len(all) == 0 {
		return nil
	}
	s := seen(coverage.Together(all))
	return &s
}

func seen(c view.Coverage) Seen { return Seen{c.AtLeast(), c.AtMost(), c.Gaps, c.Open} }

// Coverage is how much of a stretch of time one source saw of one campaign.
type Coverage struct {
	Campaign       string    `json:"campaign"`
	Source         string    `json:"source"`
	SourceName     string    `json:"source_name"`
	Platform       string    `json:"platform"`
	From           time.Time `json:"from"`
	To             time.Time `json:"to"`
	Seen           Seen      `json:"seen"`
	MissingSeconds float64   `json:"missing_seconds"`
	PartlySeconds  float64   `json:"partly_seconds"`
}

// NewCoverage writes what one source saw.
func NewCoverage(c view.Coverage) Coverage {
	return Coverage{
		Campaign: c.Campaign, Source: c.Source, SourceName: coverage.Name(words.English(), c.Platform, c.Source), Platform: c.Platform,
		From: c.From.UTC(), To: c.To.UTC(), Seen: seen(c), MissingSeconds: c.Missing.Seconds(), PartlySeconds: c.Partly.Seconds(),
	}
}

// Gap is a stretch of time in which a source did not see everything.
type Gap struct {
	Source     string     `json:"source"`
	SourceName string     `json:"source_name"`
	Platform   string     `json:"platform"`
	Campaign   *string    `json:"campaign"`
	From       time.Time  `json:"from"`
	To         *time.Time `json:"to"`
	Cause      string     `json:"cause"`
	Fill       string     `json:"fill"`
	// Share is the share of posts seen in spite of it.
	Share *float64 `json:"share"`
	Hides string   `json:"hides"`
	Note  *string  `json:"note"`
	Says  string   `json:"says"`
}

// NewGap writes a gap.
func NewGap(g view.Gap) Gap {
	return Gap{
		Source: g.Source, SourceName: coverage.Name(words.English(), g.Platform, g.Source), Platform: g.Platform, Campaign: value.Text(g.Campaign),
		From: g.From.UTC(), To: value.Ends(g.To), Cause: g.Cause, Fill: g.Fill, Share: value.Number(g.Share),
		Hides: map[coverage.Hole]string{coverage.NoHole: "nothing", coverage.PartHole: "part", coverage.FullHole: "all"}[coverage.HoleOf(g)],
		Note:  value.Text(g.Note), Says: coverage.Line(words.English(), g),
	}
}

// Source is how a live source is. What a source that does not run here does is not
// known.
type Source struct {
	Source      string     `json:"source"`
	Name        string     `json:"name"`
	Platform    *string    `json:"platform"`
	Running     bool       `json:"running"`
	Health      string     `json:"health"`
	State       *string    `json:"state"`
	Says        string     `json:"says"`
	Since       *time.Time `json:"since"`
	LastBytesAt *time.Time `json:"last_bytes_at"`
	LastPostAt  *time.Time `json:"last_post_at"`
	Posts       *uint64    `json:"posts"`
	PendingGaps *int       `json:"pending_gaps"`
	Fault       *string    `json:"fault"`
	Advice      *string    `json:"advice"`
	RetryAt     *time.Time `json:"retry_at"`
	Missing     *Gap       `json:"missing"`
	Spend       *Spend     `json:"spend"`
	Campaigns   []Coverage `json:"campaigns"`
	// MoreCampaigns counts those left out.
	MoreCampaigns uint64 `json:"more_campaigns"`
}

// Spend is what a source costs.
type Spend struct {
	PostsToday     uint64   `json:"posts_today"`
	DayLimit       *uint64  `json:"day_limit"`
	ProjectedToday *uint64  `json:"projected_today"`
	PostsMonth     uint64   `json:"posts_month"`
	MonthLimit     *uint64  `json:"month_limit"`
	ProjectedMonth *uint64  `json:"projected_month"`
	USDPerPost     *float64 `json:"usd_per_post"`
}

// maxSourceCampaigns bounds the campaigns of a source, as on the page.
const maxSourceCampaigns = 50

// NewSource writes a source; running is nil for one that the store alone knows.
func NewSource(s coverage.Source, running *collectors.Status) Source {
	campaigns, more := value.Bounded(s.Campaigns, maxSourceCampaigns)
	out := Source{
		Source: s.Key, Name: s.Name, Running: s.Running, Health: s.Class, Says: s.State + " " + s.Says,
		Campaigns: value.List(campaigns, NewCoverage), MoreCampaigns: more,
	}
	if len(s.Campaigns) > 0 {
		out.Platform = value.Text(s.Campaigns[0].Platform)
	}
	if running == nil {
		return out
	}
	state := string(running.State)
	out.Platform, out.State, out.Posts, out.PendingGaps = value.Text(string(running.Platform)), value.Text(state), &running.Posts, &running.Pending
	out.Since, out.LastBytesAt, out.LastPostAt, out.RetryAt = value.At(running.Since), value.At(running.LastBytes), value.At(running.LastPost), value.At(running.RetryAt)
	out.Fault, out.Advice = value.Text(running.Fault), value.Text(running.Advice)
	if g := running.Missing; g != nil {
		missing := NewGap(openGap(*g))
		out.Missing = &missing
	}
	if c := running.Spend; c != nil {
		out.Spend = &Spend{
			PostsToday: c.PostsToday, DayLimit: value.Given(c.DayLimit), ProjectedToday: value.Given(c.ProjectedToday),
			PostsMonth: c.PostsMonth, MonthLimit: value.Given(c.MonthLimit), ProjectedMonth: value.Given(c.ProjectedMonth),
		}
		if c.USDPerPost > 0 {
			out.Spend.USDPerPost = value.Number(c.USDPerPost)
		}
	}
	return out
}

// openGap is a source's own gap as the store tells of it.
func openGap(g post.Gap) view.Gap {
	out := view.Gap{
		Source: g.Source, Platform: string(g.Platform), Campaign: g.Campaign, From: g.From,
		Cause: string(g.Cause), Share: g.Share, Fill: string(g.Fill), Note: g.Note,
	}
	if !g.To.IsZero() {
		out.To = &g.To
	}
	return out
}
