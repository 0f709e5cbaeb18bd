package desk

import (
	"net/http"

	"winnow/dashboards/desk/people"
	"winnow/dashboards/desk/words"
)

// showPeople tells of the accounts that a campaign protects or that others turned on.
func (d *desk) showPeople(w http.ResponseWriter, r *http.Request) {
	query, t := r.URL.Query(), d.Teller(r)
	page, ok, err := people.Read(r.Context(), t, d.store, d.protected(query.Get("name")), query)
	switch {
	case err != nil:
		d.Fail(w, r, "read what people went through", err)
	case !ok:
		d.Missing(w, r, noCampaign())
	default:
		d.Render(w, r, http.StatusOK, "people", t.Text("Pile-ons in %s", words.Isolate(t.Naming(page.Campaign))), page)
	}
}
