package api

import (
	"context"
	"net/http"
	"time"

	"winnow/dashboards/desk/api/query"
	"winnow/dashboards/desk/api/shape"
	"winnow/dashboards/desk/replay"
)

// replay tells what was known of a campaign when, up to a moment if one is asked for.
func (a *api) replay(ctx context.Context, r *http.Request, q *query.Query) (any, error) {
	from, to, at := q.Time("from"), q.Time("to"), q.Time("at")
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		q.Wrong("from", "it has to lie before to")
	}
	if err := q.Err(); err != nil {
		return nil, err
	}
	campaign := r.PathValue("campaign")
	asks := bounds(from, to, "")
	asks.Set("name", campaign)
	if !at.IsZero() {
		asks.Set("at", at.Format(time.RFC3339Nano))
	}
	page, ok, err := replay.Read(ctx, a.tell, a.Store, asks)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return nil, errNoCampaign
	case len(page.Notices) > 0:
		q.Wrong("from", "it does not lie before to, where the one that was not given is the beginning or the end of what was found; give both")
	case !at.IsZero() && at.Before(page.From):
		q.Wrong("at", "it lies before the beginning of the replay, which is %s; give from as well", page.From.UTC().Format(time.RFC3339))
	}
	if err := q.Err(); err != nil {
		return nil, err
	}
	last := page.At
	if at.IsZero() {
		last = len(page.Moments) - 1
	}
	return struct {
		Campaign string `json:"campaign"`
		shape.Replay
	}{page.Campaign, shape.NewReplay(page, last)}, nil
}
