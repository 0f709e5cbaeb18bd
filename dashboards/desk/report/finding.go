package report

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/network"
	"winnow/storage/view"
)

// Bounds on what is told of findings: how many there are, how many with their evidence,
// how many with a picture, and how long the lists of one are. Those with the most bits
// come first.
const (
	maxFindings = 200
	maxDetailed = 20
	maxPictures = 5
	maxPieces   = 3
	maxAccounts = 50
	maxObjects  = network.MaxObjects
)

// finding is an undeclared finding as a report tells it.
type finding struct {
	view.FindingSummary
	// Number is its place among those told, the first in time is 1.
	Number int
	// Directed is true if it is directed at one account.
	Directed bool
	// Detailed is true if what follows was read.
	Detailed bool
	// Platforms and Kinds say how many accounts there are of each platform, and how
	// many shared objects of each kind.
	Platforms, Kinds []counted
	// Pieces are the strongest pieces of evidence, without the accounts and objects
	// that they are about; MorePieces are left out.
	Pieces     []view.FindingEvidence
	MorePieces uint64
	// Picture is nil for all but the strongest, and where nothing is joined.
	Picture *network.Picture
	// AccountRows and ObjectRows are empty unless identities are told. The objects of a
	// pile-on are never: its texts can hurt, and nobody is asked before paper is read.
	AccountRows               []view.FindingAccount
	ObjectRows                []view.FindingObject
	MoreAccounts, MoreObjects uint64
	Withheld                  bool
}

// counted is a number of things with the name of what they have in common.
type counted struct {
	Name string
	N    uint64
}

// tellFindings reads what is told of the undeclared findings.
func (p *page) tellFindings(ctx context.Context, s Store, all []view.FindingSummary) error {
	strongest := slices.SortedFunc(slices.Values(all), func(a, b view.FindingSummary) int {
		return cmp.Or(cmp.Compare(b.Bits, a.Bits), a.StartedAt.Compare(b.StartedAt), cmp.Compare(a.ID, b.ID))
	})
	rank := make(map[string]int, len(strongest))
	for i, f := range strongest {
		rank[f.ID] = i
	}
	p.Detailed = uint64(min(len(all), maxDetailed))
	p.MoreFindings = uint64(len(all) - min(len(all), maxFindings))
	done := 0
	for _, f := range all {
		place := rank[f.ID]
		if place >= maxFindings {
			continue
		}
		told := finding{FindingSummary: f, Number: len(p.Findings) + 1, Directed: f.Target != ""}
		if place < maxDetailed {
			if p.Progress != nil {
				p.Progress(done, int(p.Detailed))
			}
			done++
			if err := told.read(ctx, s, p.Options, place < maxPictures); err != nil {
				return err
			}
		}
		if !p.Identities {
			told.FindingSummary = anonymous([]view.FindingSummary{f})[0]
		}
		p.Findings = append(p.Findings, told)
	}
	return nil
}

// read reads the evidence of a finding. One that was withdrawn meanwhile stays as its
// summary says.
func (f *finding) read(ctx context.Context, s Store, o Options, picture bool) error {
	detail, ok, err := s.Finding(ctx, f.Campaign, f.ID)
	if err != nil || !ok {
		return err
	}
	var edges []view.FindingEdge
	if picture {
		if edges, err = s.Edges(ctx, f.Campaign, f.ID, network.MaxAccounts, maxObjects); err != nil {
			return err
		}
	}
	f.tell(detail, edges, o)
	return nil
}

// tell fills in the evidence. Without edges there is no picture.
func (f *finding) tell(detail view.FindingDetail, edges []view.FindingEdge, o Options) {
	f.Detailed = true
	for _, a := range detail.AccountRows {
		f.Platforms = count(f.Platforms, a.Platform)
	}
	for _, object := range detail.ObjectRows {
		f.Kinds = count(f.Kinds, object.Kind)
	}
	order(f.Platforms)
	order(f.Kinds)
	for _, e := range detail.EvidenceRows[:min(maxPieces, len(detail.EvidenceRows))] {
		e.A, e.B, e.ObjectID, e.Label = view.Party{}, view.Party{}, "", ""
		f.Pieces = append(f.Pieces, e)
	}
	f.MorePieces = uint64(len(detail.EvidenceRows)-len(f.Pieces)) + detail.MoreEvidence
	if len(edges) > 0 {
		f.Picture = network.Draw(o.tell, detail, edges, true)
		conceal(f.Picture)
	}
	if o.Identities {
		f.AccountRows = detail.AccountRows[:min(maxAccounts, len(detail.AccountRows))]
		f.MoreAccounts = max(f.Accounts, uint64(len(detail.AccountRows))) - uint64(len(f.AccountRows))
		f.Withheld = answer.Hidden(f.Kind)
		if !f.Withheld {
			f.ObjectRows = detail.ObjectRows[:min(maxObjects, len(detail.ObjectRows))]
			f.MoreObjects = max(f.Objects, uint64(len(detail.ObjectRows))) - uint64(len(f.ObjectRows))
		}
	}
}

// conceal takes out of a picture who and what its numbers and letters stand for: the
// tables beside it tell, if anything does.
func conceal(p *network.Picture) {
	if p == nil {
		return
	}
	for i := range p.Accounts {
		p.Accounts[i].FindingAccount = view.FindingAccount{}
	}
	for i := range p.Objects {
		p.Objects[i].FindingObject = view.FindingObject{Kind: p.Objects[i].Kind}
	}
}

// anonymous are findings without whom they are directed at, and without what people
// noted about them, which may name anybody.
func anonymous(all []view.FindingSummary) []view.FindingSummary {
	out := slices.Clone(all)
	for i := range out {
		out[i].Target, out[i].TargetHandle = "", ""
		out[i].Verdict = view.Verdict{Judgement: out[i].Verdict.Judgement}
	}
	return out
}

// unnamed are targets without their names.
func unnamed(all []answer.Target) []answer.Target {
	out := slices.Clone(all)
	for i := range out {
		out[i].ID, out[i].Name = "", ""
	}
	return out
}

func count(all []counted, name string) []counted {
	for i := range all {
		if all[i].Name == name {
			all[i].N++
			return all
		}
	}
	return append(all, counted{name, 1})
}

// order puts the most first.
func order(all []counted) {
	slices.SortFunc(all, func(a, b counted) int { return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Name, b.Name)) })
}
