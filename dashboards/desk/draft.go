package desk

import (
	"net/http"
	"time"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/draft"
	"winnow/dashboards/desk/words"
)

// serveDrafts adds the pages in which campaigns are made and changed.
func (d *desk) serveDrafts(mux *http.ServeMux, book draft.Book) {
	if book == nil {
		return
	}
	d.drafts = draft.New(draft.Options{
		Book: book, Log: d.log, Script: d.assets.address("draft.js"), Style: d.assets.address("draft.css"),
		Record: func(r *http.Request, e audit.Entry) error { return d.record(r, e) },
		Zone: func(r *http.Request) (*time.Location, string) {
			zone := d.zoneOf(r)
			return zone, d.zoneName(zone)
		},
		Show: func(w http.ResponseWriter, r *http.Request, status int, v draft.View) {
			t := d.teller(r)
			title := t.Text("New campaign")
			if v.Name != "" {
				title = t.Text("Change %s", words.Isolate(t.Naming(v.Name)))
			}
			d.render(w, r, status, "draft", title, v)
		},
	})
	for _, path := range append(draft.Forms(), draft.FoldPath) {
		mux.Handle(path, d.page(d.drafts.ServeHTTP))
	}
}

// mayDraft says whether a reader is shown the way to where campaigns are changed.
func (d *desk) mayDraft(r *http.Request) bool {
	return d.drafts != nil && access.May(r.Context(), user.Manage)
}
