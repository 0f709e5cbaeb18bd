package desk

import (
	"net/http"

	"winnow/dashboards/desk/replay"
	"winnow/dashboards/desk/words"
)

// showReplay shows a campaign as it was known at a moment of its past.
func (d *desk) showReplay(w http.ResponseWriter, r *http.Request) {
	t := d.Teller(r)
	page, ok, err := replay.Read(r.Context(), t, d.store, r.URL.Query())
	switch {
	case err != nil:
		d.Fail(w, r, "replay a campaign", err)
	case !ok:
		d.Missing(w, r, noCampaign())
	default:
		d.Render(w, r, http.StatusOK, "replay", t.Text("Replay of %s", words.Isolate(t.Naming(page.Campaign))), &page)
	}
}
