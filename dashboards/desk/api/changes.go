package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/api/query"
	"winnow/dashboards/desk/api/shape"
	"winnow/storage/view"
)

// maxChanges bounds the changes of one answer.
const maxChanges = 200

// changes lists when the volume of a campaign and its tags was unusual, the newest
// first.
func (a *api) changes(ctx context.Context, r *http.Request, q *query.Query) (any, error) {
	page := q.Page(maxChanges)
	if err := q.Err(); err != nil {
		return nil, err
	}
	c, err := a.summary(ctx, r)
	if err != nil {
		return nil, err
	}
	all, err := a.Store.Changes(ctx, c.Name)
	if err != nil {
		return nil, fmt.Errorf("list changes of a campaign: %w", err)
	}
	shown, part := shape.Cut(newestChanges(all), page.Offset, page.Limit)
	out := struct {
		Changes []shape.Change `json:"changes"`
		Page    shape.Page     `json:"page"`
	}{make([]shape.Change, 0, len(shown)), part}
	for _, c := range shown {
		out.Changes = append(out.Changes, shape.NewChange(c))
	}
	return out, nil
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
	return shape.NewChangeDetail(d, !contents && answer.HiddenBetween(findings, d.From, changeEnd(d.Change, a.Now()))), nil
}

// newestChanges sorts changes: of those that began together the one of the whole
// campaign first, then the larger ones.
func newestChanges(all []view.Change) []view.Change {
	return slices.SortedStableFunc(slices.Values(all), func(a, b view.Change) int {
		return cmp.Or(b.From.Compare(a.From), cmp.Compare(min(len(a.Tag), 1), min(len(b.Tag), 1)), cmp.Compare(b.Bits, a.Bits), cmp.Compare(a.Tag, b.Tag))
	})
}

// changeEnd is when a change was over; now for one that is not.
func changeEnd(c view.Change, now time.Time) time.Time {
	if c.To != nil {
		return *c.To
	}
	return now
}
