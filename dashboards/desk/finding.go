package desk

import (
	"net/http"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Bounds on the rows of a finding's tables: how many are in sight at once, the
// rest being behind a click, and how many there are at all.
const (
	rowsInSight     = 20
	maxAccountRows  = 500
	maxObjectRows   = 200
	maxPostRows     = 500
	maxEvidenceRows = 100
)

// findingPage is the content of a finding's page.
type findingPage struct {
	view.FindingDetail
	// Hidden is true where texts wait behind a click: those of a pile-on are
	// likely to hurt.
	Hidden bool
	// RestAccounts, RestPosts and RestEvidence wait behind a click.
	RestAccounts []view.FindingAccount
	RestPosts    []view.FindingPost
	RestEvidence []view.FindingEvidence
	// The rows left out, of each table.
	MoreAccounts, MoreObjects uint64
}

// showFinding shows one finding with its evidence.
func (d *desk) showFinding(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	detail, ok, err := d.store.Finding(r.Context(), query.Get("name"), query.Get("id"))
	if err != nil {
		d.fail(w, r, "read a finding", err)
		return
	}
	if !ok {
		d.missing(w, r, problem{
			Heading: "There is no such finding",
			What:    "It may have been withdrawn, or merged into another finding as more posts came in.",
			Next:    "Start from the list of campaigns.",
		})
		return
	}
	page := findingPage{FindingDetail: detail, Hidden: answer.Hidden(detail.Kind)}
	if rows := len(page.AccountRows); rows > maxAccountRows {
		page.AccountRows, page.MoreAccounts = page.AccountRows[:maxAccountRows], uint64(rows-maxAccountRows)
	}
	if rows := len(page.ObjectRows); rows > maxObjectRows {
		page.ObjectRows, page.MoreObjects = page.ObjectRows[:maxObjectRows], uint64(rows-maxObjectRows)
	}
	if rows := len(page.PostRows); rows > maxPostRows {
		page.PostRows = page.PostRows[:maxPostRows]
		page.MorePosts += uint64(rows - maxPostRows)
	}
	page.AccountRows, page.RestAccounts = inSight(page.AccountRows)
	page.PostRows, page.RestPosts = inSight(page.PostRows)
	if rows := len(page.EvidenceRows); rows > maxEvidenceRows {
		page.EvidenceRows = page.EvidenceRows[:maxEvidenceRows]
		page.MoreEvidence += uint64(rows - maxEvidenceRows)
	}
	page.EvidenceRows, page.RestEvidence = inSight(page.EvidenceRows)
	d.render(w, r, http.StatusOK, "finding", words.Kind(detail.Kind)+" in "+words.Isolate(words.Naming(query.Get("name"))), page)
}

// inSight parts rows into those shown at once and those behind a click. A click
// must be worth it, so a few too many are all shown.
func inSight[T any](rows []T) (shown, rest []T) {
	if len(rows) <= rowsInSight+rowsInSight/4 {
		return rows, nil
	}
	return rows[:rowsInSight], rows[rowsInSight:]
}
