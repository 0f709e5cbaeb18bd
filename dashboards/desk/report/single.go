package report

import (
	"io"

	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// alone is a report on one finding: what is handed on together with its data.
type alone struct {
	Options
	Title, ZoneName string
	Finding         finding
}

// WriteFinding writes what is known of one finding. Nothing is read but what is given,
// and no time of its making is told: the same finding and options give the same bytes.
// Of the options it needs no span and no clock. The edges are those of the accounts with
// the most bits and the objects with the most accounts; without any there is no picture.
func WriteFinding(w io.Writer, f view.FindingDetail, edges []view.FindingEdge, o Options) error {
	if err := o.complete(); err != nil {
		return err
	}
	s := alone{Options: o, Title: o.title(f.StartedAt, f.EndedAt), ZoneName: words.Place(f.StartedAt.In(o.Zone)), Finding: finding{FindingSummary: f.FindingSummary, Number: 1, Directed: f.Target != "" || f.TargetHandle != ""}}
	s.Finding.tell(f, edges, o)
	if !o.Identities {
		s.Finding.FindingSummary = anonymous([]view.FindingSummary{f.FindingSummary})[0]
	}
	return render(w, "single.html", s, o)
}
