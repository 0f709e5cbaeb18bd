package api

import (
	"context"
	"fmt"
	"net/http"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/api/query"
	"winnow/dashboards/desk/api/shape"
)

// maxFindings bounds the findings of one answer, as on a campaign's page.
const maxFindings = 200

// findings lists the findings of a campaign, the newest first. Those that a person
// judged wrong are listed only if they are asked for.
func (a *api) findings(ctx context.Context, r *http.Request, q *query.Query) (any, error) {
	page := q.Page(maxFindings)
	standing := answer.Standing(q.Choice("standing", "", string(answer.Undeclared), string(answer.Early), string(answer.Declared), string(answer.Rejected)))
	if err := q.Err(); err != nil {
		return nil, err
	}
	c, err := a.summary(ctx, r)
	if err != nil {
		return nil, err
	}
	list := a.Store.Findings
	if standing == answer.Rejected {
		list = a.Store.Rejected
	}
	all, err := list(ctx, c.Name)
	if err != nil {
		return nil, fmt.Errorf("list findings of a campaign: %w", err)
	}
	parted := answer.Part(all)
	switch standing {
	case answer.Undeclared:
		all = parted.Undeclared
	case answer.Early:
		all = parted.Early
	case answer.Declared:
		all = parted.Declared
	case answer.Rejected:
		all = parted.Rejected
	}
	rows, part := shape.Rows(answer.Newest(all), page.Offset, page.Limit, shape.NewFinding)
	return struct {
		Findings []shape.Finding `json:"findings"`
		Page     shape.Page      `json:"page"`
	}{rows, part}, nil
}

// finding returns one finding with its evidence.
func (a *api) finding(ctx context.Context, r *http.Request, q *query.Query) (any, error) {
	contents := q.Bool("contents")
	if err := q.Err(); err != nil {
		return nil, err
	}
	campaign := r.PathValue("campaign")
	d, ok, err := a.Store.Finding(ctx, campaign, r.PathValue("finding"))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read a finding: %w", err)
	case !ok:
		return nil, errNoFinding
	}
	return shape.NewFindingDetail(d, contents), nil
}
