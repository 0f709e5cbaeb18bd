package view_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/change"
	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/view"
)

func TestChanges(t *testing.T) {
	s, err := storage.Open(t.Context(), storage.Options{Writer: made(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Write(t.Context(), storage.Message{Rows: []storage.PostRow{somePost("c", 1, 1, 0)}}); err != nil {
		t.Fatal(err)
	}
	over := change.Change{
		ID: "c1", Campaign: "c", Direction: change.Fall, Sentence: "it fell", From: day, To: day.Add(time.Hour), Bits: 21, Hold: change.HoldKept, Observed: 3, Expected: 90,
		Peak: day.Add(10 * time.Minute), PeakObserved: 1, PeakExpected: 15, Before: change.Side{From: day.Add(-24 * time.Hour)}, After: change.Side{To: day.Add(time.Hour)},
	}
	open := change.Change{
		ID: "c2", Campaign: "c", Tag: "baku2015", Direction: change.Rise, Sentence: "it rose", From: day.Add(2 * time.Hour), Lasting: true, Bits: 42, Hold: change.HoldTaken,
		Observed: 310, Expected: 40, Peak: day.Add(2 * time.Hour), PeakObserved: 300, PeakExpected: 5, Newcomers: 180, Stayed: 4, StayedPosts: 6, Usual: 40,
		Before: change.Side{From: day.Add(-22 * time.Hour), To: day.Add(2 * time.Hour), Posts: 10, Accounts: 7, Effective: 5},
		After:  change.Side{From: day.Add(2 * time.Hour), To: day.Add(8 * time.Hour), Posts: 300, Accounts: 200, Effective: 150},
		Rose: []change.Item{
			{Kind: change.ItemText, ID: "t", Label: "praise", AccountsAfter: 90, PostsAfter: 200, Bits: 80},
			{Kind: change.ItemTag, ID: "games", AccountsBefore: 1, AccountsAfter: 50, PostsBefore: 1, PostsAfter: 60, Bits: 30},
		},
		Fell:      []change.Item{{Kind: change.ItemLink, ID: "https://news.example/a", AccountsBefore: 5, PostsBefore: 9, Bits: 12}},
		Languages: []change.Item{{Kind: change.ItemLanguage, ID: "az", AccountsBefore: 7, AccountsAfter: 20, PostsBefore: 10, PostsAfter: 30}},
		Accounts:  []change.AccountShare{{Platform: post.X, AccountID: "1", Before: 2, After: 5}, {Platform: post.X, AccountID: "77", After: 4, Newcomer: true}},
	}
	if _, _, err := s.ReplaceChanges(t.Context(), "c", []change.Change{over, open}); err != nil {
		t.Fatal(err)
	}
	r := s.View()
	got, err := r.Changes(t.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	end := day.Add(time.Hour)
	fell := view.Change{
		ID: "c1", Direction: "fall", Sentence: "it fell", From: day, To: &end, Bits: 21, Hold: "kept", Observed: 3, Expected: 90,
		Peak: day.Add(10 * time.Minute), PeakObserved: 1, PeakExpected: 15, BeforeFrom: day.Add(-24 * time.Hour), AfterTo: end,
	}
	rose := view.Change{
		ID: "c2", Tag: "baku2015", Direction: "rise", Sentence: "it rose", From: day.Add(2 * time.Hour), Lasting: true, Bits: 42, Hold: "taken over",
		Observed: 310, Expected: 40, Peak: day.Add(2 * time.Hour), PeakObserved: 300, PeakExpected: 5, Newcomers: 180, Stayed: 4, StayedPosts: 6, Usual: 40,
		BeforeFrom: day.Add(-22 * time.Hour), BeforePosts: 10, BeforeAccounts: 7, BeforeEffective: 5,
		AfterTo: day.Add(8 * time.Hour), AfterPosts: 300, AfterAccounts: 200, AfterEffective: 150,
	}
	if diff := cmp.Diff([]view.Change{rose, fell}, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	d, ok, err := r.Change(t.Context(), "c", "c2")
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	want := view.ChangeDetail{
		Change: rose,
		Rose: []view.ChangeItem{
			{Role: "rose", Kind: "text", ID: "t", Label: "praise", AccountsAfter: 90, PostsAfter: 200, Bits: 80},
			{Role: "rose", Kind: "tag", ID: "games", AccountsBefore: 1, AccountsAfter: 50, PostsBefore: 1, PostsAfter: 60, Bits: 30},
		},
		Fell:      []view.ChangeItem{{Role: "fell", Kind: "link", ID: "https://news.example/a", AccountsBefore: 5, PostsBefore: 9, Bits: 12}},
		Languages: []view.ChangeItem{{Role: "language", Kind: "language", ID: "az", AccountsBefore: 7, AccountsAfter: 20, PostsBefore: 10, PostsAfter: 30}},
		Accounts: []view.ChangeItem{
			{Role: "account", Kind: "x", ID: "1", Label: "account1", AccountsBefore: 1, AccountsAfter: 1, PostsBefore: 2, PostsAfter: 5},
			{Role: "account", Kind: "x", ID: "77", AccountsAfter: 1, PostsAfter: 4, Newcomer: true},
		},
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("change (-want +got):\n%s", diff)
	}
	for _, id := range []string{"", "none"} {
		if _, ok, err := r.Change(t.Context(), "c", id); ok || err != nil {
			t.Errorf("change %q: %v, %v", id, ok, err)
		}
	}
	if _, _, err := s.ReplaceChanges(t.Context(), "c", []change.Change{open}); err != nil {
		t.Fatal(err)
	}
	if got, err := r.Changes(t.Context(), "c"); err != nil || len(got) != 1 {
		t.Errorf("after one was withdrawn: %+v, %v", got, err)
	}
}
