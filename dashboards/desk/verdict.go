package desk

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/frame"
	"winnow/dashboards/desk/judge"
	"winnow/storage"
)

// Judger takes what people say of findings.
type Judger interface {
	// Judge records a verdict. storage.ErrNoFinding says that there is no such
	// finding.
	Judge(ctx context.Context, v storage.Verdict) error
}

// findingPath is where a finding is read, and where a verdict on it goes.
const findingPath = "/campaign/finding"

// findingAddress is where a finding is read.
func findingAddress(campaign, id string) string {
	return findingPath + "?" + url.Values{"name": {campaign}, "id": {id}}.Encode()
}

// judgeFinding takes a person's verdict on a finding.
func (d *desk) judgeFinding(w http.ResponseWriter, r *http.Request) {
	if !access.May(r.Context(), user.Judge) {
		d.Refuse(w, r, http.StatusForbidden, frame.Problem{
			Heading: catalogue.Mark("You may not judge findings"),
			What:    catalogue.Mark("Viewers read all pages; verdicts are for analysts and admins. Nothing was recorded."),
			Next:    catalogue.Mark("Whoever runs this Winnow can give you that role."),
		})
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, judge.MaxForm)
	if err := r.ParseForm(); err != nil {
		status, what := http.StatusBadRequest, catalogue.Mark("The form did not arrive as it was sent.")
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			status, what = http.StatusRequestEntityTooLarge, catalogue.Mark("That is more than a verdict and a note.")
		}
		d.unrecorded(w, r, status, what)
		return
	}
	detail, ok := d.asked(w, r, "read a finding to judge")
	if !ok {
		return
	}
	judgement, note, refusal := judge.Read(d.Teller(r), r.PostForm)
	if refusal != "" {
		d.showFindingAs(w, r, http.StatusUnprocessableEntity, detail, func(p judge.Panel) judge.Panel { return p.Refuse(r.PostForm, refusal) })
		return
	}
	said := string(judgement)
	if judgement == storage.Unjudged {
		said = "taken back"
	}
	if err := d.record(r, audit.Entry{Event: audit.Judged, Campaign: detail.Campaign, Finding: detail.ID, Verdict: said}); err != nil {
		d.log.ErrorContext(r.Context(), "verdict could not be audited", "err", err)
		d.unrecorded(w, r, http.StatusServiceUnavailable, catalogue.Mark("Winnow cannot write its audit log, and takes no verdict without. Its own log says why."))
		return
	}
	// Who sends a verdict and leaves has given it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), requestTimeout)
	defer cancel()
	err := d.judger.Judge(ctx, storage.Verdict{
		Campaign: detail.Campaign, Finding: detail.ID, Judgement: judgement, Note: note, Author: access.Of(ctx).Name, At: d.now(),
	})
	if errors.Is(err, storage.ErrNoFinding) {
		d.noFinding(w, r)
		return
	}
	if err != nil {
		d.log.ErrorContext(r.Context(), "store did not take a verdict", "err", err)
		d.unrecorded(w, r, http.StatusServiceUnavailable, catalogue.Mark("The store did not take it just now. Nothing else is lost."))
		return
	}
	http.Redirect(w, r, findingAddress(detail.Campaign, detail.ID)+"#verdict", http.StatusSeeOther)
}

// unrecorded answers to a verdict that is not on record.
func (d *desk) unrecorded(w http.ResponseWriter, r *http.Request, status int, what string) {
	d.Refuse(w, r, status, frame.Problem{
		Heading: catalogue.Mark("The verdict was not recorded"),
		What:    what,
		Next:    catalogue.Mark("Go back in your browser, where what you wrote still stands, and send it again."),
	})
}
