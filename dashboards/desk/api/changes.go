package api

import (
	"context"
	"fmt"
	"net/http"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/api/query"
	"winnow/dashboards/desk/api/shape"
	"winnow/dashboards/desk/api/value"
	"winnow/dashboards/desk/changed"
)

// maxChanges bounds the changes of one answer.
const maxChanges = 200

// changes lists when the volume of a campaign and its tags was unusual, in the
// order of the pages: what goes on first, then the newest.
func (a *api) changes(ctx context.Context, r *http.Request, q *query.Query) (any, error) {
	page := q.Page(maxChanges)
	if err := q.Err(); err != nil {
		return nil, err
	}
	c, err := a.summary(ctx, r.PathValue("campaign"))
	if err != nil {
		return nil, err
	}
	all, err := a.Store.Changes(ctx, c.Name)
	if err != nil {
		return nil, fmt.Errorf("list changes of a campaign: %w", err)
	}
	rows, part := value.Rows(changed.Told(all), page.Offset, page.Limit, shape.NewChange)
	return struct {
		Changes []shape.Change `json:"changes"`
		Page    value.Page     `json:"page"`
	}{rows, part}, nil
}

// change returns one change with what rose and fell. While a pile-on has evidence in
// its time, what was said is left out unless it is asked for.
func (a *api) change(ctx context.Context, r *http.Request, q *query.Query) (any, error) {
	contents := q.Bool("contents")
	if err := q.Err(); err != nil {
		return nil, err
	}
	campaign := r.PathValue("campaign")
	d, ok, err := a.Store.Change(ctx, campaign, r.PathValue("change"))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read a change: %w", err)
	case !ok:
		return nil, errNoChange
	}
	findings, err := a.Store.Findings(ctx, campaign)
	if err != nil {
		return nil, fmt.Errorf("list findings of a campaign: %w", err)
	}
	return shape.NewChangeDetail(d, !contents && answer.HiddenBetween(findings, d.From, changed.End(d.Change, a.Now()))), nil
}
