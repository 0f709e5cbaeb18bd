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
		Book: book, Log: d.log, Script: d.Asset("draft.js"), Style: d.Asset("draft.css"),
		Record: func(r *http.Request, e audit.Entry) error { return d.record(r, e) },
		Zone: func(r *http.Request) (*time.Location, string) {
			zone := d.ZoneOf(r)
			return zone, d.ZoneName(zone)
		},
		Show: func(w http.ResponseWriter, r *http.Request, status int, v draft.View) {
			t := d.Teller(r)
			title := t.Text("New campaign")
			if v.Name != "" {
				title = t.Text("Change %s", words.Isolate(t.Naming(v.Name)))
			}
			d.Render(w, r, status, "draft", title, v)
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
