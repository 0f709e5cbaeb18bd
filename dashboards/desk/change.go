package desk

import (
	"net/http"

	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/changed"
	"winnow/dashboards/desk/frame"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Bounds on the changes that a campaign's page lists: how many are in sight, and
// how many there are at all.
const (
	changesInSight = 4
	maxChanges     = 60
)

// changes are what a campaign's page tells about changes of its volume.
type changes struct {
	// First answers what changed; nil if nothing did.
	First *view.Change
	// Listed are in sight, Rest behind a click, More left out.
	Listed, Rest []view.Change
	More         uint64
}

// tellChanges picks what is told about changes.
func tellChanges(all []view.Change) changes {
	var told changes
	if first, ok := changed.First(all); ok {
		told.First = &first
	}
	all = changed.Told(all)
	if n := len(all); n > maxChanges {
		all, told.More = all[:maxChanges], uint64(n-maxChanges)
	}
	told.Listed = all
	if len(all) > changesInSight+1 {
		told.Listed, told.Rest = all[:changesInSight], all[changesInSight:]
	}
	return told
}

// changePage is the content of a change's page.
type changePage struct {
	view.ChangeDetail
	Campaign string
	Rows     []changed.Row
	// Findings have evidence in its time, MoreFindings counts those left out;
	// Declared are the declared actions of that time.
	Findings     []view.FindingSummary
	MoreFindings uint64
	Declared     []string
	// Hidden is true where texts wait behind a click: those of a pile-on are
	// likely to hurt.
	Hidden bool
	// Around is the range of the campaign's charts that shows it.
	Around chartRange
}

// chartRange is a range as the campaign's page takes it.
type chartRange struct{ From, To string }

// showChange shows one change: who was there before and after, and what about.
func (d *desk) showChange(w http.ResponseWriter, r *http.Request) {
	query, ctx := r.URL.Query(), r.Context()
	campaign, t := query.Get("name"), d.Teller(r)
	detail, ok, err := d.store.Change(ctx, campaign, query.Get("id"))
	if err != nil {
		d.Fail(w, r, "read a change", err)
		return
	}
	if !ok {
		d.Missing(w, r, frame.Problem{
			Heading: catalogue.Mark("There is no such change"),
			What:    catalogue.Mark("It may have been withdrawn as more posts came in, or begin at another time now: then it has another address."),
			Next:    catalogue.Mark("Start from the list of campaigns."),
		})
		return
	}
	findings, err := d.store.Findings(ctx, campaign)
	if err != nil {
		d.Fail(w, r, "list findings of a campaign", err)
		return
	}
	page := changePage{
		ChangeDetail: detail, Campaign: campaign, Rows: changed.Compare(t, detail.Change),
		Around: chartRange{detail.BeforeFrom.In(t.Zone()).Format(fieldLayout), detail.AfterTo.In(t.Zone()).Format(fieldLayout)},
	}
	page.Findings, page.Declared, page.Hidden = changed.Within(detail.Change, findings, d.now())
	page.Findings, page.MoreFindings = newest(page.Findings)
	d.Render(w, r, http.StatusOK, "change", t.Text("A change in %s", words.Isolate(t.Naming(campaign))), page)
}
