package bundle

import (
	"cmp"
	"slices"

	"winnow/dashboards/desk/network"
	"winnow/dashboards/export"
	"winnow/storage/view"
)

// drawnEdges bounds what is drawn, as the desk does: with more nobody can follow a line.
const drawnEdges = 1000

// told is a dataset as reports have it: the accounts with the most bits first, the objects
// with the most accounts first, and what joins the first of them.
func told(d export.Dataset) (view.FindingDetail, []view.FindingEdge) {
	f := d.Finding
	detail := view.FindingDetail{
		FindingSummary: view.FindingSummary{
			Campaign: d.Campaign, ID: f.ID, Kind: f.Kind, Sentence: f.Sentence, StartedAt: f.From, EndedAt: f.To, DetectedAt: f.DetectedAt,
			Bits: f.Bits, Confidence: f.Confidence, Expected: f.Expected, Observed: f.Observed, Target: f.Target.ID, TargetHandle: f.TargetHandle,
			Declared: f.Declared, Accounts: uint64(len(d.Accounts)), Objects: uint64(len(d.Objects)), Posts: posts(d),
		},
		EvidenceRows: d.Evidence,
	}
	if n := len(d.Verdicts); n > 0 {
		detail.Verdict = d.Verdicts[n-1]
	}
	for i := range d.Accounts {
		a := &d.Accounts[i]
		detail.AccountRows = append(detail.AccountRows, view.FindingAccount{
			Platform: a.Platform, AccountID: a.ID, Handle: a.Handle, CreatedAt: a.CreatedAt, Followers: a.Followers,
			Bits: a.Bits, First: a.First, Last: a.Last, Posts: a.Posts, Signals: a.Signals,
		})
	}
	slices.SortStableFunc(detail.AccountRows, func(a, b view.FindingAccount) int { return cmp.Compare(b.Bits, a.Bits) })
	for _, o := range d.Objects {
		detail.ObjectRows = append(detail.ObjectRows, view.FindingObject{
			Kind: o.Kind, ID: o.ID, Label: o.Label, Accounts: o.Accounts, First: o.First, Last: o.Last,
		})
	}
	slices.SortStableFunc(detail.ObjectRows, func(a, b view.FindingObject) int { return cmp.Compare(b.Accounts, a.Accounts) })
	return detail, edges(d, detail)
}

// posts counts each post once, however many objects it carried.
func posts(d export.Dataset) uint64 {
	seen := make(map[[2]string]bool, len(d.Posts))
	for i := range d.Posts {
		seen[[2]string{d.Posts[i].Platform, d.Posts[i].ID}] = true
	}
	return uint64(len(seen))
}

// edges are what joins the accounts and objects that are drawn, the strongest first.
func edges(d export.Dataset, detail view.FindingDetail) []view.FindingEdge {
	accounts, objects := map[export.AccountRef]bool{}, map[export.ObjectRef]bool{}
	for _, a := range detail.AccountRows[:min(network.MaxAccounts, len(detail.AccountRows))] {
		accounts[export.AccountRef{Platform: a.Platform, ID: a.AccountID}] = true
	}
	for _, o := range detail.ObjectRows[:min(network.MaxObjects, len(detail.ObjectRows))] {
		objects[export.ObjectRef{Kind: o.Kind, ID: o.ID}] = true
	}
	party := func(a export.AccountRef) view.Party { return view.Party{Platform: a.Platform, AccountID: a.ID} }
	var out []view.FindingEdge
	for _, p := range d.Pairs {
		if accounts[p.A] && accounts[p.B] {
			out = append(out, view.FindingEdge{A: party(p.A), B: party(p.B), Bits: p.Bits})
		}
	}
	for _, u := range d.Uses {
		if accounts[u.Account] && objects[u.Object] {
			out = append(out, view.FindingEdge{A: party(u.Account), ObjectKind: u.Object.Kind, ObjectID: u.Object.ID, Posts: u.Posts})
		}
	}
	slices.SortStableFunc(out, func(a, b view.FindingEdge) int {
		return cmp.Or(cmp.Compare(b.Bits, a.Bits), cmp.Compare(b.Posts, a.Posts))
	})
	return out[:min(drawnEdges, len(out))]
}
