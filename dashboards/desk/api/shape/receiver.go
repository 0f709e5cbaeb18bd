package shape

import (
	"time"

	"winnow/dashboards/desk/alerts"
	"winnow/dashboards/desk/api/value"
)

// Receiver is who is told of attacks outside the pages. Where exactly that leads is a
// secret of the configuration.
type Receiver struct {
	Name        string     `json:"name"`
	Kind        string     `json:"kind"`
	Host        *string    `json:"host"`
	Campaigns   []string   `json:"campaigns"`
	Events      []string   `json:"events"`
	Handles     bool       `json:"handles"`
	Texts       bool       `json:"texts"`
	PerHour     int        `json:"per_hour"`
	Quiet       *Quiet     `json:"quiet"`
	Waiting     int        `json:"waiting"`
	DeliveredAt *time.Time `json:"delivered_at"`
	FailedAt    *time.Time `json:"failed_at"`
	Failing     bool       `json:"failing"`
	Failure     *string    `json:"failure"`
	Permanent   bool       `json:"permanent"`
}

// Quiet are hours of each day in which nothing is sent.
type Quiet struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Zone   string `json:"zone"`
	Urgent bool   `json:"urgent"`
}

// NewReceivers writes who is told, and how it went last.
func NewReceivers(all []alerts.Channel) []Receiver {
	same := func(s string) string { return s }
	return value.List(all, func(c alerts.Channel) Receiver {
		out := Receiver{
			Name: c.Name, Kind: c.Kind, Host: value.Text(c.Host), Campaigns: value.List(c.Campaigns, same), Events: value.List(c.Events, same), Handles: c.Handles, Texts: c.Texts,
			PerHour: c.PerHour, Waiting: c.Waiting, DeliveredAt: value.At(c.Delivered), FailedAt: value.At(c.Failed), Failing: c.Failing, Failure: value.Text(c.Failure), Permanent: c.Permanent,
		}
		if q := c.Quiet; q != nil {
			out.Quiet = &Quiet{q.From, q.To, q.Zone, q.Urgent}
		}
		return out
	})
}
