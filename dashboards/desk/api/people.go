package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"winnow/dashboards/desk/alerts"
	"winnow/dashboards/desk/api/query"
	"winnow/dashboards/desk/api/shape"
	"winnow/dashboards/desk/api/value"
	"winnow/dashboards/desk/people"
)

// maxPeople bounds the people of one answer, as on the page.
const maxPeople = 100

// people lists those whom a campaign protects or whom pile-ons were directed at, in the
// order of the page.
func (a *api) people(ctx context.Context, r *http.Request, q *query.Query) (any, error) {
	page := q.Page(maxPeople)
	if err := q.Err(); err != nil {
		return nil, err
	}
	campaign := r.PathValue("campaign")
	all, _, ok, err := people.All(ctx, a.Store, a.Protected(campaign), campaign)
	switch {
	case err != nil:
		return nil, fmt.Errorf("list the people of a campaign: %w", err)
	case !ok:
		return nil, errNoCampaign
	}
	rows, part := value.Rows(all, page.Offset, page.Limit, shape.NewPerson)
	return struct {
		People []shape.Person `json:"people"`
		Page   value.Page     `json:"page"`
	}{rows, part}, nil
}

// person returns one of them with the posts that addressed it by the hour. What was
// written is not even read unless it is asked for.
func (a *api) person(ctx context.Context, r *http.Request, q *query.Query) (any, error) {
	contents := q.Bool("contents")
	if err := q.Err(); err != nil {
		return nil, err
	}
	campaign := r.PathValue("campaign")
	asks := url.Values{"name": {campaign}, "who": {r.PathValue("person")}}
	if contents {
		asks.Set("texts", "1")
	}
	page, ok, err := people.Read(ctx, a.tell, a.Store, a.Protected(campaign), asks)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read what a person went through: %w", err)
	case !ok:
		return nil, errNoPerson
	}
	return shape.NewPersonDetail(page.People[0]), nil
}

// alerts lists who is told of attacks outside the pages, and how that went last.
func (a *api) alerts(_ context.Context, _ *http.Request, q *query.Query) (any, error) {
	if err := q.Err(); err != nil {
		return nil, err
	}
	var all []alerts.Channel
	if a.Alerts != nil {
		all = a.Alerts.Channels()
	}
	return struct {
		Receivers []shape.Receiver `json:"receivers"`
	}{shape.NewReceivers(all)}, nil
}
