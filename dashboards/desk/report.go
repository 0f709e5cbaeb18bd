package desk

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/frame"
	"winnow/dashboards/desk/report"
)

// reportPath is where the report on a campaign is.
const reportPath = "/campaign/report"

// reportLinks offers the reports on a campaign that a reader may have.
func reportLinks(r *http.Request, campaign string) report.Links {
	numbers := reportPath + "?" + url.Values{"name": {campaign}}.Encode()
	if !access.May(r.Context(), user.TakeOut) {
		return report.Links{Numbers: numbers}
	}
	return report.Links{Numbers: numbers, Identities: numbers + "&identities=yes"}
}

// sendReport sends the report on a campaign as a file; with identities=yes it names
// accounts, which is for those who may take lists out, and is written down.
func (d *desk) sendReport(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	o := report.Options{
		Campaign: query.Get("name"), Identities: query.Get("identities") == "yes",
		Demo: d.demo, Version: d.version, Zone: d.ZoneOf(r), Language: d.LanguageOf(r), Now: d.now(),
	}
	if o.Identities && !access.May(r.Context(), user.TakeOut) {
		d.Refuse(w, r, http.StatusForbidden, frame.Problem{
			Heading: catalogue.Mark("You may not take names out"),
			What:    catalogue.Mark("Reports that name accounts are for analysts and admins."),
			Next:    catalogue.Mark("Take the report without names: it tells the same numbers."),
		})
		return
	}
	var file bytes.Buffer
	err := o.SetSpan(query.Get("from"), query.Get("to"))
	if err == nil {
		err = report.Write(r.Context(), &file, d.store, o)
	}
	switch {
	case errors.Is(err, report.ErrNoCampaign):
		d.Missing(w, r, noCampaign())
		return
	case errors.Is(err, report.ErrEmpty), errors.Is(err, report.ErrSpan):
		d.Missing(w, r, frame.Problem{
			Heading: catalogue.Mark("There is nothing to report"),
			What:    catalogue.Mark("No post of this campaign was collected in the time asked for, or its times were not understood."),
			Next:    catalogue.Mark("Leave out the beginning and the end for a report about everything, or write times as 2015-06-12T18:00."),
		})
		return
	case err != nil:
		d.Fail(w, r, "make a report", err)
		return
	}
	if o.Identities && r.Method != http.MethodHead {
		if err := d.record(r, audit.Entry{Event: audit.ReportTaken, Campaign: o.Campaign}); err != nil {
			d.log.ErrorContext(r.Context(), "report could not be audited", "err", err)
			d.Refuse(w, r, http.StatusServiceUnavailable, frame.Problem{
				Heading: catalogue.Mark("The report was not made"),
				What:    catalogue.Mark("Winnow cannot write its audit log, and lets no names out without. Its own log says why."),
				Next:    catalogue.Mark("Once that works again, ask for the report again."),
			})
			return
		}
	}
	o.SetHeader(w.Header(), file.Len())
	// A reader who left needs no answer.
	_, _ = file.WriteTo(w)
}
