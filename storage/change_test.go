package storage_test

import (
	"testing"
	"time"

	"winnow/pipeline/change"
	"winnow/pipeline/post"
)

// aChange is a rise that began after day.
func aChange(id string, after time.Duration, items ...change.Item) change.Change {
	return change.Change{
		ID: id, Campaign: "c", Tag: "baku2015", Direction: change.Rise, Sentence: "it rose", From: day.Add(after), Bits: 42,
		Observed: 310, Expected: 40, Peak: day.Add(after), Hold: change.HoldDrowned,
		Before: change.Side{From: day.Add(after - 24*time.Hour), To: day.Add(after), Posts: 10, Accounts: 7, Effective: 5},
		After:  change.Side{From: day.Add(after), To: day.Add(after + time.Hour), Posts: 300, Accounts: 200, Effective: 150},
		Rose:   items, Accounts: []change.AccountShare{{Platform: post.X, AccountID: "1", After: 3, Newcomer: true}},
	}
}

func TestChangesAreReplacedAndWithdrawn(t *testing.T) {
	s, c := open(t)
	replace := func(cs ...change.Change) (changed, withdrawn int) {
		t.Helper()
		changed, withdrawn, err := s.ReplaceChanges(t.Context(), "c", cs)
		if err != nil {
			t.Fatal(err)
		}
		return changed, withdrawn
	}
	link := change.Item{Kind: change.ItemLink, ID: "https://news.example/a", AccountsAfter: 30, Bits: 40}
	tag := change.Item{Kind: change.ItemTag, ID: "games", AccountsAfter: 30, Bits: 40}
	for _, step := range []struct {
		name               string
		give               []change.Change
		changed, withdrawn int
		open, items        uint64
	}{
		{"two that are new", []change.Change{aChange("c1", 0, link, tag), aChange("c2", time.Hour)}, 2, 0, 2, 4},
		{"the same again", []change.Change{aChange("c1", 0, link, tag), aChange("c2", time.Hour)}, 0, 0, 2, 4},
		{"one loses an item", []change.Change{aChange("c1", 0, tag), aChange("c2", time.Hour)}, 1, 0, 2, 3},
		{"one is gone", []change.Change{aChange("c1", 0, tag)}, 0, 1, 1, 2},
		{"nothing is left", nil, 0, 1, 0, 0},
		{"nothing was there", nil, 0, 0, 0, 0},
		{"one comes back", []change.Change{aChange("c2", time.Hour)}, 1, 0, 1, 1},
	} {
		changed, withdrawn := replace(step.give...)
		if changed != step.changed || withdrawn != step.withdrawn {
			t.Errorf("%s: %d changed, %d withdrawn; want %d, %d", step.name, changed, withdrawn, step.changed, step.withdrawn)
		}
		if n := ask[uint64](t, c, "SELECT count() FROM changes FINAL WHERE state = 'open'"); n != step.open {
			t.Errorf("%s: %d hold, want %d", step.name, n, step.open)
		}
		if n := ask[uint64](t, c, "SELECT count() FROM change_items FINAL WHERE (change_id, version) IN (SELECT change_id, version FROM changes FINAL WHERE state = 'open')"); n != step.items {
			t.Errorf("%s: %d items, want %d", step.name, n, step.items)
		}
	}
	if n := ask[uint64](t, c, "SELECT count() FROM changes FINAL WHERE state = 'withdrawn'"); n != 1 {
		t.Errorf("%d withdrawn changes on record, want 1", n)
	}
	// The writer was killed after the items and before their change.
	if err := c.Exec(t.Context(), "INSERT INTO change_items SELECT * REPLACE (version + 2 AS version) FROM change_items FINAL WHERE change_id = 'c2'"); err != nil {
		t.Fatal(err)
	}
	if changed, _ := replace(aChange("c2", time.Hour)); changed != 1 {
		t.Errorf("%d changes written, want the one whose items are hidden", changed)
	}
	if _, withdrawn, err := s.ReplaceChanges(t.Context(), "other", nil); err != nil || withdrawn != 0 {
		t.Errorf("another campaign withdrew %d changes, %v", withdrawn, err)
	}
}
