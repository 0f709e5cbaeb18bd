package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"winnow/collectors"
	"winnow/dashboards/desk/api/query"
	"winnow/dashboards/desk/api/shape"
	"winnow/dashboards/desk/api/value"
	"winnow/dashboards/desk/coverage"
	"winnow/storage/view"
)

// maxCoverage and maxGaps bound the rows of one answer.
const maxCoverage, maxGaps = 500, 500

// gapSpan is how far back gaps are listed where nothing else is asked for.
const gapSpan = 30 * 24 * time.Hour

// sources tells how each live source is, and what it saw of late.
func (a *api) sources(ctx context.Context, _ *http.Request, q *query.Query) (any, error) {
	if err := q.Err(); err != nil {
		return nil, err
	}
	now, running := a.Now(), a.Sources()
	seen, err := a.Store.Coverage(ctx, "", now.Add(-coverageSpan), now)
	if err != nil {
		return nil, fmt.Errorf("read the coverage of all campaigns: %w", err)
	}
	type sources struct {
		Says    *string        `json:"says"`
		Fine    bool           `json:"fine"`
		From    time.Time      `json:"from"`
		To      time.Time      `json:"to"`
		Sources []shape.Source `json:"sources"`
	}
	out := sources{From: now.Add(-coverageSpan).UTC(), To: now.UTC(), Sources: []shape.Source{}}
	out.Says, out.Fine = a.health(running)
	for _, s := range coverage.Sources(a.tell, running, seen) {
		var status *collectors.Status
		if i := slices.IndexFunc(running, func(r collectors.Status) bool { return r.Source == s.Key }); i >= 0 {
			status = &running[i]
		}
		out.Sources = append(out.Sources, shape.NewSource(s, status))
	}
	return out, nil
}

// health says how the sources are in one phrase; nil if there are none.
func (a *api) health(running []collectors.Status) (says *string, fine bool) {
	phrase, fine := coverage.Health(a.tell, running)
	if phrase != "" {
		says = &phrase
	}
	return says, fine
}

// scope is the campaign that a query is about; "" for all.
func (a *api) scope(ctx context.Context, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	c, err := a.summary(ctx, name)
	return c.Name, err
}

// coverage tells how much each source saw of a campaign, or of all.
func (a *api) coverage(ctx context.Context, _ *http.Request, q *query.Query) (any, error) {
	now := a.Now()
	name, _ := q.Text("campaign")
	from, to := q.Span(coverageSpan, now)
	page := q.Page(maxCoverage)
	if err := q.Err(); err != nil {
		return nil, err
	}
	campaign, err := a.scope(ctx, name)
	if err != nil {
		return nil, err
	}
	seen, err := a.seenOf(ctx, campaign, from, to)
	if err != nil {
		return nil, err
	}
	rows, part := value.Rows(seen, page.Offset, page.Limit, shape.NewCoverage)
	return struct {
		From     time.Time        `json:"from"`
		To       time.Time        `json:"to"`
		Seen     *shape.Seen      `json:"seen"`
		Coverage []shape.Coverage `json:"coverage"`
		Page     value.Page       `json:"page"`
	}{from.UTC(), to.UTC(), shape.NewSeen(seen), rows, part}, nil
}

// gaps lists when sources did not see everything, the newest first: of a campaign
// only while it was watched.
func (a *api) gaps(ctx context.Context, _ *http.Request, q *query.Query) (any, error) {
	now := a.Now()
	name, _ := q.Text("campaign")
	from, to := q.Span(gapSpan, now)
	page := q.Page(maxGaps)
	if err := q.Err(); err != nil {
		return nil, err
	}
	campaign, err := a.scope(ctx, name)
	if err != nil {
		return nil, err
	}
	all, err := a.Store.Gaps(ctx, campaign, from, to)
	if err != nil {
		return nil, fmt.Errorf("list gaps: %w", err)
	}
	var unlisted *uint64
	if campaign != "" {
		seen, err := a.seenOf(ctx, campaign, from, to)
		if err != nil {
			return nil, err
		}
		all = coverage.Concerning(all, seen, now)
		more := coverage.Unlisted(all, seen)
		unlisted = &more
	}
	newest := slices.SortedStableFunc(slices.Values(all), func(a, b view.Gap) int { return b.From.Compare(a.From) })
	rows, part := value.Rows(newest, page.Offset, page.Limit, shape.NewGap)
	return struct {
		From     time.Time   `json:"from"`
		To       time.Time   `json:"to"`
		Gaps     []shape.Gap `json:"gaps"`
		Unlisted *uint64     `json:"unlisted"`
		Page     value.Page  `json:"page"`
	}{from.UTC(), to.UTC(), rows, unlisted, part}, nil
}
