package pipeline_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline"
	"winnow/pipeline/campaign"
)

// Posts are let go of where a campaign says so, once an hour.
func TestRetain(t *testing.T) {
	l := &ledger{}
	now := day
	campaigns := matcher(t, campaign.Campaign{Name: "ever", Tags: []string{"a"}}, campaign.Campaign{Name: "days", Tags: []string{"b"}, Keep: 48 * time.Hour})
	s := pipeline.NewSettle(l, campaigns, pipeline.NewArrivals(), nil, slog.New(slog.DiscardHandler), func() time.Time { return now })
	for range 4 {
		if _, err := s.Pass(t.Context()); err != nil {
			t.Fatal(err)
		}
		now = now.Add(25 * time.Minute)
	}
	want := []string{"retain days 2015-06-10 00:00:00", "retain days 2015-06-10 01:15:00"}
	if diff := cmp.Diff(want, l.calls); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
