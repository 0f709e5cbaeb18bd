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
	if !access.May(r.Context(), user.TakeOut) {
		p.o.Frame.Refuse(w, r, http.StatusForbidden, frame.Problem{
			Heading: catalogue.Mark("You may not take lists out"),
			What:    catalogue.Mark("Lists of accounts are for analysts and admins."),
			Next:    catalogue.Mark("Whoever runs this Winnow can give you that role."),
		})
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
	if r.Method != http.MethodHead {
		if err := p.o.Record(r, audit.Entry{Event: audit.TookOut, Campaign: detail.Campaign, Finding: detail.ID}); err != nil {
			p.o.Log.ErrorContext(r.Context(), "list could not be audited", "err", err)
			p.o.Frame.Refuse(w, r, http.StatusServiceUnavailable, frame.Problem{
				Heading: catalogue.Mark("The list was not made"),
				What:    catalogue.Mark("Winnow cannot write its audit log, and lets no list out without. Its own log says why."),
				Next:    catalogue.Mark("Once that works again, open the list again."),
			})
			return
		}
	}
	var list bytes.Buffer
	_ = write(&list, detail) // a buffer takes everything
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(list.Len()))
	h.Set("Content-Disposition", `attachment; filename="`+listName(detail.ID, p.o.Now(), ending)+`"`)
	// A reader who left needs no answer.
	_, _ = list.WriteTo(w)
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
