package desk

import (
	"net/http"

	"winnow/dashboards/desk/people"
	"winnow/dashboards/desk/words"
)

// showPeople tells of the accounts that a campaign protects or that others turned on.
func (d *desk) showPeople(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	page, ok, err := people.Read(r.Context(), d.store, d.protected(query.Get("name")), query, d.nowFor(r))
	switch {
	case err != nil:
		d.fail(w, r, "read what people went through", err)
	case !ok:
		d.missing(w, r, noCampaign())
	default:
		d.render(w, r, http.StatusOK, "people", "Pile-ons in "+words.Isolate(words.Naming(page.Campaign)), page)
	}
}
