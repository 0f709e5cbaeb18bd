package desk

import (
	"net/http"

	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/alerts"
)

// alertsBoard is the page about who is told of attacks.
func (d *desk) alertsBoard(source alerts.Source) *alerts.Board {
	return alerts.New(alerts.Options{
		Source: source, Now: d.now, Log: d.log,
		// What writes the audit log is known once the door is made.
		Record: func(r *http.Request, e audit.Entry) error { return d.record(r, e) },
		Show: func(w http.ResponseWriter, r *http.Request, status int, page alerts.Page) {
			d.Render(w, r, status, "alerts", d.Teller(r).Text("Alerts"), page)
		},
	})
}
