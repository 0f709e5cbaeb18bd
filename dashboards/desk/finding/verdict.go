package finding

import (
	"context"
	"errors"
	"net/http"
	"time"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/frame"
	"winnow/dashboards/desk/judge"
	"winnow/storage"
)

// patience bounds how long a verdict is on its way into the store, whoever waits.
const patience = 20 * time.Second

// Judge takes a person's verdict on a finding.
func (p *Pages) Judge(w http.ResponseWriter, r *http.Request) {
	if !access.May(r.Context(), user.Judge) {
		p.o.Frame.Refuse(w, r, http.StatusForbidden, frame.Problem{
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
		p.unrecorded(w, r, status, what)
		return
	}
	detail, ok := p.asked(w, r, "read a finding to judge")
	if !ok {
		return
	}
	judgement, note, refusal := judge.Read(p.o.Frame.Teller(r), r.PostForm)
	if refusal != "" {
		p.showAs(w, r, http.StatusUnprocessableEntity, detail, func(form judge.Panel) judge.Panel { return form.Refuse(r.PostForm, refusal) })
		return
	}
	said := string(judgement)
	if judgement == storage.Unjudged {
		said = "taken back"
	}
	if err := p.o.Record(r, audit.Entry{Event: audit.Judged, Campaign: detail.Campaign, Finding: detail.ID, Verdict: said}); err != nil {
		p.o.Log.ErrorContext(r.Context(), "verdict could not be audited", "err", err)
		p.unrecorded(w, r, http.StatusServiceUnavailable, catalogue.Mark("Winnow cannot write its audit log, and takes no verdict without. Its own log says why."))
		return
	}
	// Who sends a verdict and leaves has given it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), patience)
	defer cancel()
	err := p.o.Judger.Judge(ctx, storage.Verdict{
		Campaign: detail.Campaign, Finding: detail.ID, Judgement: judgement, Note: note, Author: access.Of(ctx).Name, At: p.o.Now(),
	})
	if errors.Is(err, storage.ErrNoFinding) {
		p.missing(w, r)
		return
	}
	if err != nil {
		p.o.Log.ErrorContext(r.Context(), "store did not take a verdict", "err", err)
		p.unrecorded(w, r, http.StatusServiceUnavailable, catalogue.Mark("The store did not take it just now. Nothing else is lost."))
		return
	}
	http.Redirect(w, r, Address(detail.Campaign, detail.ID)+"#verdict", http.StatusSeeOther)
}

// unrecorded answers to a verdict that is not on record.
func (p *Pages) unrecorded(w http.ResponseWriter, r *http.Request, status int, what string) {
	p.o.Frame.Refuse(w, r, status, frame.Problem{
		Heading: catalogue.Mark("The verdict was not recorded"),
		What:    what,
		Next:    catalogue.Mark("Go back in your browser, where what you wrote still stands, and send it again."),
	})
}
