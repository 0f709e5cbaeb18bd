package export

import (
	"cmp"
	"slices"

	"winnow/storage/view"
)

// sort puts every list into the order that Dataset promises. Pairs begin with the
// account that comes first.
func (d *Dataset) sort() {
	slices.SortFunc(d.Accounts, func(a, b Account) int { return compareAccounts(a.AccountRef, b.AccountRef) })
	slices.SortFunc(d.Objects, func(a, b Object) int { return compareObjects(a.ObjectRef, b.ObjectRef) })
	slices.SortFunc(d.Posts, func(a, b Post) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.ID, b.ID), compareObjects(a.Object, b.Object))
	})
	slices.SortFunc(d.Uses, func(a, b Use) int {
		return cmp.Or(compareAccounts(a.Account, b.Account), compareObjects(a.Object, b.Object))
	})
	for i := range d.Pairs {
		if p := &d.Pairs[i]; compareAccounts(p.A, p.B) > 0 {
			p.A, p.B = p.B, p.A
		}
	}
	slices.SortFunc(d.Pairs, func(a, b Pair) int { return cmp.Or(compareAccounts(a.A, b.A), compareAccounts(a.B, b.B)) })
	slices.SortStableFunc(d.Coverage, func(a, b view.Coverage) int { return cmp.Or(cmp.Compare(a.Source, b.Source), a.From.Compare(b.From)) })
	slices.SortStableFunc(d.Gaps, func(a, b view.Gap) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), a.From.Compare(b.From), cmp.Compare(a.Campaign, b.Campaign))
	})
}

func compareAccounts(a, b AccountRef) int {
	return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.ID, b.ID))
}

func compareObjects(a, b ObjectRef) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}
