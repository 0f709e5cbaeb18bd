package api

import (
	"context"
	"fmt"
	"net/http"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/api/evidence"
	"winnow/dashboards/desk/api/query"
	"winnow/dashboards/desk/api/shape"
	"winnow/dashboards/desk/api/value"
	"winnow/dashboards/desk/network"
	"winnow/dashboards/desk/strip"
	"winnow/storage/view"
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
	c, err := a.summary(ctx, r.PathValue("campaign"))
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
	rows, part := value.Rows(answer.Newest(all), page.Offset, page.Limit, evidence.NewFinding)
	return struct {
		Findings []evidence.Finding `json:"findings"`
		Page     value.Page         `json:"page"`
	}{rows, part}, nil
}

// detail reads the finding that an address names.
func (a *api) detail(ctx context.Context, r *http.Request) (view.FindingDetail, error) {
	d, ok, err := a.Store.Finding(ctx, r.PathValue("campaign"), r.PathValue("finding"))
	switch {
	case err != nil:
		return d, fmt.Errorf("read a finding: %w", err)
	case !ok:
		return d, errNoFinding
	}
	return d, nil
}

// finding returns one finding with its evidence, what people said of it, and those that
// have something in common with it.
func (a *api) finding(ctx context.Context, r *http.Request, q *query.Query) (any, error) {
	contents := q.Bool("contents")
	if err := q.Err(); err != nil {
		return nil, err
	}
	d, err := a.detail(ctx, r)
	if err != nil {
		return nil, err
	}
	said, err := a.Store.Verdicts(ctx, d.Campaign, d.ID)
	if err != nil {
		return nil, fmt.Errorf("list what was said of a finding: %w", err)
	}
	related, more, err := a.Store.Related(ctx, d.Campaign, d.ID)
	if err != nil {
		return nil, fmt.Errorf("list what is related to a finding: %w", err)
	}
	return struct {
		evidence.FindingDetail
		Verdicts    []evidence.Said    `json:"verdicts"`
		Related     []evidence.Related `json:"related"`
		MoreRelated uint64             `json:"more_related"`
		Pages       shape.FindingPages `json:"pages"`
	}{evidence.NewFindingDetail(d, contents), evidence.NewSaid(said), evidence.NewRelated(related), more, shape.NewFindingPages(d.Campaign, d.ID, access.May(ctx, user.TakeOut))}, nil
}

// maxStretches bounds the stretches of one answer.
const maxStretches = 2000

// times tells when the posts of a finding came, second by second if it was short enough.
func (a *api) times(ctx context.Context, r *http.Request, q *query.Query) (any, error) {
	page := q.Page(maxStretches)
	if err := q.Err(); err != nil {
		return nil, err
	}
	f, err := a.detail(ctx, r)
	if err != nil {
		return nil, err
	}
	times, err := strip.Count(ctx, a.Store, f)
	var closest []view.FindingSecond
	if err == nil {
		closest, err = strip.Closest(ctx, a.Store, f, times)
	}
	if err != nil {
		return nil, fmt.Errorf("count the posts of a finding by the second: %w", err)
	}
	rows, part := value.Rows(times.Rows, page.Offset, page.Limit, evidence.NewStretch)
	return struct {
		evidence.Times
		Stretches []evidence.Stretch `json:"stretches"`
		Closest   []evidence.Stretch `json:"closest"`
		Page      value.Page         `json:"page"`
	}{evidence.NewTimes(times), rows, evidence.NewStretches(closest), part}, nil
}

// network tells what joins the accounts and objects of a finding.
func (a *api) network(ctx context.Context, r *http.Request, q *query.Query) (any, error) {
	contents := q.Bool("contents")
	if err := q.Err(); err != nil {
		return nil, err
	}
	f, err := a.detail(ctx, r)
	if err != nil {
		return nil, err
	}
	edges, err := a.Store.Edges(ctx, f.Campaign, f.ID, network.MaxAccounts, network.MaxObjects)
	if err != nil {
		return nil, fmt.Errorf("read what joins the accounts of a finding: %w", err)
	}
	hidden := answer.Hidden(f.Kind) && !contents
	return struct {
		ContentsHidden bool            `json:"contents_hidden"`
		Edges          []evidence.Edge `json:"edges"`
	}{hidden, evidence.NewEdges(edges, f.ObjectRows, hidden)}, nil
}
