package desk

import (
	"context"
	"net/http"
	"time"

	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/desk/frame"
)

// coveragePage is the content of the page about coverage.
type coveragePage struct {
	coverage.Page
	// RestGaps wait behind a click.
	Gaps, RestGaps []coverage.Gap
	Kept           []coverage.Kept
}

// showCoverage shows how the live sources are, what they saw and what not.
func (d *desk) showCoverage(w http.ResponseWriter, r *http.Request) {
	t := d.Teller(r)
	content, err := coverage.ReadPage(r.Context(), t, d.store, d.sources())
	if err != nil {
		d.Fail(w, r, "read the coverage of all campaigns", err)
		return
	}
	page := coveragePage{Page: content, Kept: d.kept()}
	page.Gaps, page.RestGaps = frame.InSight(content.All)
	d.Render(w, r, http.StatusOK, "coverage", t.Text("Coverage"), page)
}

// anyCoverage says whether there is anything to tell about coverage.
func (d *desk) anyCoverage(ctx context.Context, now time.Time) bool {
	return len(d.sources()) > 0 || len(d.kept()) > 0 || d.watched.Any(ctx, d.store, now)
}
