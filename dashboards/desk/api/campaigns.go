package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/api/query"
	"winnow/dashboards/desk/api/shape"
	"winnow/dashboards/desk/api/value"
	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/desk/window"
	"winnow/storage/view"
)

// maxCampaigns bounds the campaigns of one answer: each with findings is a query of
// its own.
const maxCampaigns = 40

// coverageSpan is how far back an answer looks for how much was seen of late.
const coverageSpan = 24 * time.Hour

// campaigns lists all campaigns, those with findings first.
func (a *api) campaigns(ctx context.Context, _ *http.Request, q *query.Query) (any, error) {
	page := q.Page(maxCampaigns)
	if err := q.Err(); err != nil {
		return nil, err
	}
	all, err := a.Store.Campaigns(ctx)
	if err != nil {
		return nil, fmt.Errorf("list campaigns: %w", err)
	}
	now := a.Now()
	seen, err := a.Store.Coverage(ctx, "", now.Add(-coverageSpan), now)
	if err != nil {
		return nil, fmt.Errorf("read the coverage of all campaigns: %w", err)
	}
	seenOf := map[string][]view.Coverage{}
	for _, c := range seen {
		seenOf[c.Campaign] = append(seenOf[c.Campaign], c)
	}
	shown, part := value.Cut(answer.Order(all), page.Offset, page.Limit)
	out := struct {
		Campaigns []shape.Listed `json:"campaigns"`
		Page      value.Page     `json:"page"`
	}{make([]shape.Listed, 0, len(shown)), part}
	for _, c := range shown {
		var since time.Time
		if c.Findings > 0 {
			findings, err := a.Store.Findings(ctx, c.Name)
			if err != nil {
				return nil, fmt.Errorf("list findings of a campaign: %w", err)
			}
			since = answer.Of(findings, now).Since
		}
		out.Campaigns = append(out.Campaigns, shape.NewListed(c, since, seenOf[c.Name]))
	}
	return out, nil
}

// summary reads the totals of a campaign.
func (a *api) summary(ctx context.Context, name string) (view.CampaignSummary, error) {
	c, ok, err := a.Store.Campaign(ctx, name)
	switch {
	case err != nil:
		return c, fmt.Errorf("read a campaign: %w", err)
	case !ok:
		return c, errNoCampaign
	}
	return c, nil
}

// campaign answers the questions about one campaign.
func (a *api) campaign(ctx context.Context, r *http.Request, q *query.Query) (any, error) {
	if err := q.Err(); err != nil {
		return nil, err
	}
	c, err := a.summary(ctx, r.PathValue("campaign"))
	if err != nil {
		return nil, err
	}
	findings, err := a.Store.Findings(ctx, c.Name)
	if err != nil {
		return nil, fmt.Errorf("list findings of a campaign: %w", err)
	}
	now := a.Now()
	lately, err := a.seenOf(ctx, c.Name, now.Add(-coverageSpan), now)
	if err != nil {
		return nil, err
	}
	open, err := a.Store.Gaps(ctx, c.Name, now.Add(-coverageSpan), now)
	if err != nil {
		return nil, fmt.Errorf("list the gaps of a campaign: %w", err)
	}
	var reach *uint64
	if c.ReachKnown > 0 {
		audience, err := a.Store.Audience(ctx, c.Name, c.First, c.Last.Add(time.Hour))
		if err != nil {
			return nil, fmt.Errorf("count the accounts of a campaign: %w", err)
		}
		reach = &audience.CoordinatedReach
	}
	return struct {
		Summary          shape.Campaign      `json:"summary"`
		CoordinatedReach *uint64             `json:"coordinated_reach"`
		Answers          shape.Answers       `json:"answers"`
		Seen             *shape.Seen         `json:"seen_last_day"`
		Warnings         []shape.Warning     `json:"warnings"`
		Pages            shape.CampaignPages `json:"pages"`
	}{
		shape.NewCampaign(c), reach, shape.NewAnswers(c, answer.Of(findings, now)), shape.NewSeen(lately),
		shape.NewWarnings(coverage.Warnings(a.tell, lately, open, a.Sources())), shape.NewCampaignPages(c.Name, access.May(ctx, user.TakeOut)),
	}, nil
}

// series returns a campaign over time.
func (a *api) series(ctx context.Context, r *http.Request, q *query.Query) (any, error) {
	from, to, step := q.Time("from"), q.Time("to"), q.Choice("step", "auto", "minute", "hour", "day")
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		q.Wrong("from", "it has to lie before to")
	}
	if err := q.Err(); err != nil {
		return nil, err
	}
	c, err := a.summary(ctx, r.PathValue("campaign"))
	if err != nil {
		return nil, err
	}
	if from.IsZero() && !to.IsZero() && to.Before(c.First) {
		q.Wrong("to", "it lies before the first post, which is of %s; give from as well", c.First.UTC().Format(time.RFC3339))
	}
	win := window.Parse(a.tell, bounds(from, to, step), c.First, c.Last)
	// A page shows something else then, and says so. A program might not look.
	if q.Err() == nil && len(win.Notices) > 0 {
		q.Wrong("step", "that is more buckets than one answer holds; take a longer step, or from and to that lie closer together")
	}
	if err := q.Err(); err != nil {
		return nil, err
	}
	points, err := a.Store.Series(ctx, c.Name, win.From, win.To, win.Step)
	if err != nil {
		return nil, fmt.Errorf("read the series of a campaign: %w", err)
	}
	return struct {
		Campaign string        `json:"campaign"`
		From     time.Time     `json:"from"`
		To       time.Time     `json:"to"`
		Step     string        `json:"step"`
		Points   []shape.Point `json:"points"`
	}{c.Name, win.From, win.To, stepName(win.Step), shape.NewPoints(win.Fill(points))}, nil
}

// bounds are the parameters as package window reads them.
func bounds(from, to time.Time, step string) url.Values {
	v := url.Values{"step": {step}}
	for name, t := range map[string]time.Time{"from": from, "to": to} {
		if !t.IsZero() {
			v.Set(name, t.Format(time.RFC3339Nano))
		}
	}
	return v
}

func stepName(step time.Duration) string {
	for _, s := range window.Steps {
		if s.Length == step {
			return s.Name
		}
	}
	return step.String()
}

// seenOf is what each source saw of a campaign, those that did not watch it then
// left out.
func (a *api) seenOf(ctx context.Context, campaign string, from, to time.Time) ([]view.Coverage, error) {
	all, err := a.Store.Coverage(ctx, campaign, from, to)
	if err != nil {
		return nil, fmt.Errorf("read the coverage of a campaign: %w", err)
	}
	return slices.DeleteFunc(slices.Clone(all), func(c view.Coverage) bool { return !c.To.After(c.From) }), nil
}
