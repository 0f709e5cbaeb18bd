package finding

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"

	"winnow/dashboards/desk/abuselist"
	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/frame"
)

// SendList sends the accounts and links of a finding as a file: text, or with
// format=csv a table.
func (p *Pages) SendList(w http.ResponseWriter, r *http.Request) {
	if !p.mayTakeOut(w, r, frame.Problem{
		Heading: catalogue.Mark("You may not take lists out"),
		What:    catalogue.Mark("Lists of accounts are for analysts and admins."),
		Next:    catalogue.Mark("Whoever runs this Winnow can give you that role."),
	}) {
		return
	}
	detail, ok := p.asked(w, r, "read a finding for its list")
	if !ok {
		return
	}
	write, kind, ending := abuselist.Text, "text/plain; charset=utf-8", "txt"
	if r.URL.Query().Get("format") == "csv" {
		write, kind, ending = abuselist.CSV, "text/csv; charset=utf-8; header=present", "csv"
	}
	if !p.writtenDown(w, r, audit.Entry{Event: audit.TookOut, Campaign: detail.Campaign, Finding: detail.ID}, frame.Problem{
		Heading: catalogue.Mark("The list was not made"),
		What:    catalogue.Mark("Winnow cannot write its audit log, and lets no list out without. Its own log says why."),
		Next:    catalogue.Mark("Once that works again, open the list again."),
	}) {
		return
	}
	var list bytes.Buffer
	_ = write(&list, detail) // a buffer takes everything
	sendFile(w, kind, listName(detail.ID, p.o.Now(), ending), &list)
}

// mayTakeOut says whether whoever asks may take names out; if not, it answers with why.
func (p *Pages) mayTakeOut(w http.ResponseWriter, r *http.Request, why frame.Problem) bool {
	if access.May(r.Context(), user.TakeOut) {
		return true
	}
	p.o.Frame.Refuse(w, r, http.StatusForbidden, why)
	return false
}

// writtenDown writes down who takes what out. What cannot be written down is not let
// out: it answers with why then.
func (p *Pages) writtenDown(w http.ResponseWriter, r *http.Request, e audit.Entry, why frame.Problem) bool {
	if r.Method == http.MethodHead {
		return true
	}
	err := p.o.Record(r, e)
	if err != nil {
		p.o.Log.ErrorContext(r.Context(), "what is taken out could not be audited", "event", e.Event, "err", err)
		p.o.Frame.Refuse(w, r, http.StatusServiceUnavailable, why)
	}
	return err == nil
}

// sendFile sends a file to be kept.
func sendFile(w http.ResponseWriter, kind, name string, file *bytes.Buffer) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(file.Len()))
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	// A reader who left needs no answer.
	_, _ = file.WriteTo(w)
}

// listName is a name that every file system takes.
func listName(id string, now time.Time, ending string) string {
	safe := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, id)
	return "winnow-" + safe[:min(len(safe), 16)] + "-" + now.UTC().Format("2006-01-02") + "." + ending
}
