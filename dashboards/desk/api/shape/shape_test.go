package shape

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"winnow/dashboards/desk/alerts"
	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/desk/people"
	"winnow/dashboards/desk/replay"
	"winnow/storage/view"
)

// Every list inside an answer is bounded, and what was left out is counted.
func TestBounds(t *testing.T) {
	a := NewAnswers(view.CampaignSummary{}, answer.Answers{Targets: make([]answer.Target, 53)})
	if len(a.Targets) != 50 || a.MoreTargets != 3 {
		t.Errorf("%d targets and %d more", len(a.Targets), a.MoreTargets)
	}
	p := NewPerson(people.Person{PileOns: make([]people.PileOn, 53), More: 4})
	if len(p.PileOns) != 50 || p.MorePileOns != 7 {
		t.Errorf("%d pile-ons and %d more", len(p.PileOns), p.MorePileOns)
	}
	s := NewSource(coverage.Source{Campaigns: make([]view.Coverage, 60)}, nil)
	if len(s.Campaigns) != 50 || s.MoreCampaigns != 10 {
		t.Errorf("%d campaigns and %d more", len(s.Campaigns), s.MoreCampaigns)
	}
}

// Property: whatever is not known, an answer is JSON, without a number that stands
// for it and without a list that is null.
func TestNothingIsKnown(t *testing.T) {
	nan := math.NaN()
	for _, empty := range []any{
		NewCampaign(view.CampaignSummary{Accounts: 4}), NewAnswers(view.CampaignSummary{}, answer.Answers{}),
		NewPersonDetail(people.Person{PileOns: []people.PileOn{{Measured: &view.PileOn{Usual: nan}}}}), NewReplay(replay.Page{Empty: true}, 0), NewReceivers(make([]alerts.Channel, 1)),
		NewChange(view.Change{Bits: nan, Expected: nan, PeakExpected: nan, BeforeEffective: nan, AfterEffective: nan, Usual: nan}), NewChangeDetail(view.ChangeDetail{}, false),
		NewGap(view.Gap{Share: nan}), NewSource(coverage.Source{}, nil), NewPoints(make([]view.SeriesPoint, 1)), NewWarnings(nil), NewCoverage(view.Coverage{}),
	} {
		body, err := json.Marshal(empty)
		if err != nil {
			t.Fatalf("%T: %v", empty, err)
		}
		for _, list := range []string{"targets", "pile_ons", "hours", "texts", "moments", "phases", "findings", "changes", "events", "rose", "fell", "languages", "campaigns"} {
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
