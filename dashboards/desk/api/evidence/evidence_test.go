package evidence

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"winnow/dashboards/desk/strip"
	"winnow/storage/view"
)

// Every list inside an answer is bounded, and what was left out is counted.
func TestBounds(t *testing.T) {
	d := view.FindingDetail{
		FindingSummary: view.FindingSummary{Kind: "copies"},
		AccountRows:    make([]view.FindingAccount, 507), ObjectRows: make([]view.FindingObject, 203), EvidenceRows: make([]view.FindingEvidence, 104), MoreEvidence: 10,
		PostRows: make([]view.FindingPost, 502), MorePosts: 40,
	}
	got := NewFindingDetail(d, false)
	counts := fmt.Sprint(len(got.AccountRows), got.MoreAccounts, len(got.ObjectRows), got.MoreObjects, len(got.EvidenceRows), got.MoreEvidence, len(got.PostRows), got.MorePosts)
	if want := "500 7 200 3 100 14 500 42"; counts != want {
		t.Errorf("rows and those left out: %s, want %s", counts, want)
	}
}

func TestLongTextsAreCut(t *testing.T) {
	long := strings.Repeat("ی", 5001)
	d := view.FindingDetail{
		FindingSummary: view.FindingSummary{Kind: "copies"}, ObjectRows: []view.FindingObject{{Label: long}},
		PostRows: []view.FindingPost{{Text: long}, {Text: long[:len(long)-len("ی")]}},
	}
	got := NewFindingDetail(d, false)
	for i, want := range []bool{true, false} {
		if p := got.PostRows[i]; p.TextCut != want || len([]rune(*p.Text)) != 5000 {
			t.Errorf("post %d: cut %v, %d characters", i, p.TextCut, len([]rune(*p.Text)))
		}
	}
	if n := len([]rune(*got.ObjectRows[0].Label)); n != 5000 {
		t.Errorf("a label of %d characters", n)
	}
}

// Property: whatever is not known, an answer is JSON, without a number that stands for it
// and without a list that is null.
func TestNothingIsKnown(t *testing.T) {
	nan := math.NaN()
	for _, empty := range []any{
		NewFinding(view.FindingSummary{Bits: nan, Expected: math.Inf(1), Observed: math.Inf(-1)}),
		NewFindingDetail(view.FindingDetail{AccountRows: make([]view.FindingAccount, 1), EvidenceRows: []view.FindingEvidence{{Bits: nan, Need: nan, Counted: nan}}}, true),
		NewTimes(strip.Times{}), NewStretches(nil), NewEdges([]view.FindingEdge{{Bits: nan}}, nil, false), NewRelated(nil), NewSaid(nil),
	} {
		body, err := json.Marshal(empty)
		if err != nil {
			t.Fatalf("%T: %v", empty, err)
		}
		if string(body) == "null" {
			t.Errorf("%T is null", empty)
		}
		for _, list := range []string{"account_rows", "object_rows", "evidence_rows", "post_rows", "signals", "terms"} {
			if strings.Contains(string(body), `"`+list+`":null`) {
				t.Errorf("%T: %s is null: %s", empty, list, body)
			}
		}
	}
}

// Where contents are hidden an object is told apart by its place among the objects of the
// finding, and nothing says which it is.
func TestHiddenObjectsHaveNumbers(t *testing.T) {
	objects := []view.FindingObject{{Kind: "link", ID: "b"}, {Kind: "text", ID: "b"}}
	edges := []view.FindingEdge{
		{A: view.Party{Platform: "x", AccountID: "1"}, ObjectKind: "text", ObjectID: "b", Posts: 3},
		{A: view.Party{Platform: "x", AccountID: "1"}, B: view.Party{Platform: "x", AccountID: "2"}, Bits: 21.5},
		{A: view.Party{Platform: "x", AccountID: "1"}, ObjectKind: "text", ObjectID: "unlisted", Posts: 1},
	}
	for _, hidden := range []bool{true, false} {
		got := NewEdges(edges, objects, hidden)
		if n := got[0].ObjectNumber; n == nil || *n != 2 || got[1].ObjectNumber != nil || got[2].ObjectNumber != nil {
			t.Errorf("hidden %v: numbers %v, %v, %v", hidden, n, got[1].ObjectNumber, got[2].ObjectNumber)
		}
		if (got[0].ObjectID == nil) != hidden || (got[2].ObjectID == nil) != hidden || got[1].B == nil || got[0].B != nil {
			t.Errorf("hidden %v: %+v", hidden, got)
		}
	}
}
