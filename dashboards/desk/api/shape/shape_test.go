package shape

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/coverage"
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
	a := NewAnswers(view.CampaignSummary{}, answer.Answers{Targets: make([]answer.Target, 53)})
	if len(a.Targets) != 50 || a.MoreTargets != 3 {
		t.Errorf("%d targets and %d more", len(a.Targets), a.MoreTargets)
	}
	s := NewSource(coverage.Source{Campaigns: make([]view.Coverage, 60)}, nil)
	if len(s.Campaigns) != 50 || s.MoreCampaigns != 10 {
		t.Errorf("%d campaigns and %d more", len(s.Campaigns), s.MoreCampaigns)
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

// Property: whatever is not known, an answer is JSON, without a number that stands
// for it and without a list that is null.
func TestNothingIsKnown(t *testing.T) {
	nan := math.NaN()
	for _, empty := range []any{
		NewCampaign(view.CampaignSummary{Accounts: 4}), NewAnswers(view.CampaignSummary{}, answer.Answers{}),
		NewFinding(view.FindingSummary{Bits: nan, Expected: math.Inf(1), Observed: math.Inf(-1)}),
		NewFindingDetail(view.FindingDetail{AccountRows: make([]view.FindingAccount, 1), EvidenceRows: []view.FindingEvidence{{Bits: nan, Need: nan, Counted: nan}}}, true),
		NewChange(view.Change{Bits: nan, Expected: nan, PeakExpected: nan, BeforeEffective: nan, AfterEffective: nan, Usual: nan}), NewChangeDetail(view.ChangeDetail{}, false),
		NewGap(view.Gap{Share: nan}), NewSource(coverage.Source{}, nil), NewPoints(make([]view.SeriesPoint, 1)), NewWarnings(nil), NewCoverage(view.Coverage{}),
	} {
		body, err := json.Marshal(empty)
		if err != nil {
			t.Fatalf("%T: %v", empty, err)
		}
		for _, list := range []string{"targets", "account_rows", "object_rows", "evidence_rows", "post_rows", "signals", "terms", "rose", "fell", "languages", "campaigns"} {
			if strings.Contains(string(body), `"`+list+`":null`) {
				t.Errorf("%T: %s is null: %s", empty, list, body)
			}
		}
	}
	if c := NewCampaign(view.CampaignSummary{Accounts: 4}); c.PotentialReach != nil || c.FirstPostAt != nil {
		t.Errorf("%+v", c)
	}
	if s := NewSeen(nil); s != nil {
		t.Errorf("%+v", s)
	}
}

func TestCut(t *testing.T) {
	all := []int{1, 2, 3, 4, 5}
	for _, test := range []struct {
		offset, limit int
		want          []int
		next          int
	}{
		{0, 5, all, 0}, {0, 9, all, 0}, {0, 2, []int{1, 2}, 2}, {2, 2, []int{3, 4}, 4}, {4, 2, []int{5}, 0}, {5, 2, nil, 0}, {99, 1, nil, 0},
	} {
		got, page := Cut(all, test.offset, test.limit)
		next := 0
		if page.NextOffset != nil {
			next = *page.NextOffset
		}
		if !slices.Equal(got, test.want) || next != test.next || page.Total != 5 || page.Offset != test.offset || page.Limit != test.limit {
			t.Errorf("%+v: %v, %+v next %d", test, got, page, next)
		}
	}
}

// Times are told in UTC, whatever zone they came in.
func TestTimesAreUTC(t *testing.T) {
	there := time.Date(2031, 6, 12, 22, 30, 0, 5e8, time.FixedZone("", 4*3600))
	body, err := json.Marshal([]any{at(there), ends(&there), at(time.Time{}), ends(nil)})
	if err != nil || string(body) != `["2031-06-12T18:30:00.5Z","2031-06-12T18:30:00.5Z",null,null]` {
		t.Errorf("%s, %v", body, err)
	}
}
