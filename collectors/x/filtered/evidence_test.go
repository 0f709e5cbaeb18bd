package filtered

import (
	"testing"

	"winnow/collectors/wire"
	"winnow/pipeline/campaign"
)

// A post says by which rules it came, those that X names alone.
func TestLinesSayWhichRuleTheyMatched(t *testing.T) {
	o := Options{Campaigns: []campaign.Campaign{
		{Name: "one", Tags: []string{"Games2031"}, Evidence: true}, {Name: "two", Tags: []string{"Other"}},
	}}
	var m wire.Message
	newAsked(&o).line(&m, []byte(`{"data":{"id":"1"},"matching_rules":[{"id":"7","tag":"winnow:one"},{"id":8,"tag":"another"}]}`))
	const want = "/2/tweets/search/stream\nrule winnow:one: #Games2031\nrule another: "
	if !m.Evidence || m.Query != want {
		t.Errorf("%q, want %q", m.Query, want)
	}
	o.Campaigns[0].Evidence = false
	m = wire.Message{}
	newAsked(&o).line(&m, []byte(`{}`))
	if m.Evidence || m.Query != "" {
		t.Errorf("asked for %q though no campaign keeps evidence", m.Query)
	}
}
