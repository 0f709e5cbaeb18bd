package desk

import (
	"net/http"

	"winnow/dashboards/desk/replay"
	"winnow/dashboards/desk/words"
)

// showReplay shows a campaign as it was known at a moment of its past.
func (d *desk) showReplay(w http.ResponseWriter, r *http.Request) {
	page, ok, err := replay.Read(r.Context(), d.store, r.URL.Query(), d.nowFor(r))
	switch {
	case err != nil:
		d.fail(w, r, "replay a campaign", err)
	case !ok:
		d.missing(w, r, noCampaign())
	default:
		d.render(w, r, http.StatusOK, "replay", "Replay of "+words.Isolate(words.Naming(page.Campaign)), &page)
	}
}
