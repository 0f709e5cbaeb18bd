package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"winnow/storage/view"
)

// PileOns measures every pile-on alike.
func (s *fakeStore) PileOns(ctx context.Context, campaign string) ([]view.PileOn, error) {
	var all []view.PileOn
	for _, f := range s.judged(campaign, false) {
		if f.Target != "" && f.Declared == "" {
			all = append(all, view.PileOn{ID: f.ID, FirstTime: f.Accounts - f.Accounts/4, Pauses: f.Posts - 1, Close: f.Posts / 2, Median: 4 * time.Second, Peak: f.Accounts, Usual: 0.25})
		}
	}
	return all, s.fault(ctx)
}

// Addressed has posts in every hour that is not divisible by five, for who has a name.
func (s *fakeStore) Addressed(ctx context.Context, _, _ string, names []string, from, to time.Time) ([]view.AddressedHour, error) {
	var all []view.AddressedHour
	for at := from; at.Before(to) && names[0] != "nobody"; at = at.Add(time.Hour) {
		if n := uint64(at.UTC().Hour()); n%5 > 0 {
			all = append(all, view.AddressedHour{At: at, Posts: n * n, Coordinated: n * n / 2, Declared: n / 3})
		}
	}
	return all, s.fault(ctx)
}

// ToldTexts are those of the posts that are listed.
func (s *fakeStore) ToldTexts(ctx context.Context, campaign string, targets []string) ([]view.ToldText, error) {
	var all []view.ToldText
	for _, f := range s.findings[campaign] {
		for _, p := range f.PostRows {
			if slices.Contains(targets, strings.ToLower(f.Target)) && !slices.ContainsFunc(all, func(t view.ToldText) bool { return t.Text == p.Text }) {
				all = append(all, view.ToldText{Text: p.Text, Deleted: p.Deleted, Posts: 7, Accounts: 6, First: p.At, Last: p.At.Add(time.Minute)})
			}
		}
	}
	return all, s.fault(ctx)
}

// Seconds counts the posts of a finding as the store does, and as many more in its first
// minute as its list of posts leaves out.
func (s *fakeStore) Seconds(ctx context.Context, campaign, id string, from, to time.Time, step time.Duration, accounts int) ([]view.FindingSecond, error) {
	f, _, err := s.Finding(ctx, campaign, id)
	posts := slices.Clone(f.PostRows)
	for i := range f.MorePosts {
		p := view.FindingPost{Platform: "x", AccountID: fmt.Sprint("more-", i%40), ObjectKind: "text", At: f.StartedAt.Add(time.Duration(i*i) * time.Second % time.Minute)}
		posts = append(posts, p)
	}
	authors := map[string]bool{}
	for _, p := range posts {
		authors[p.Platform+p.AccountID] = true
	}
	counts := map[view.FindingSecond]uint64{}
	for _, p := range posts {
		if p.At.Before(from) || !p.At.Before(to) {
			continue
		}
		row := view.FindingSecond{At: p.At.Truncate(step), Kind: p.ObjectKind}
		if len(authors) <= accounts {
			row.Platform, row.AccountID, row.Kind = p.Platform, p.AccountID, ""
		}
		counts[row]++
	}
	var rows []view.FindingSecond
	for row, n := range counts {
		row.Posts = n
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b view.FindingSecond) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.Kind, b.Kind))
	})
	return rows, err
}
