package pipeline

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"winnow/pipeline/change"
	"winnow/pipeline/coordination"
)

// Of the campaigns of a pass the fullest counts; a bound that was hit is counted
// once for each detection.
func TestFullnessShowsTheFullestCampaign(t *testing.T) {
	m := newSettleMetrics(nil)
	edges := m.detector.entries.WithLabelValues("edges")
	hits := m.detector.hits.WithLabelValues("edges")
	m.begin(nil)
	m.detection(coordination.Stats{Edges: 70, EdgesRefused: 4})
	m.detection(coordination.Stats{Edges: 3})
	if got := testutil.ToFloat64(edges); got != 70 {
		t.Errorf("%v edges, want those of the larger campaign", got)
	}
	m.begin(nil)
	if got := testutil.ToFloat64(edges); got != 70 {
		t.Errorf("%v edges, want what was seen last while nothing is looked at", got)
	}
	m.detection(coordination.Stats{Edges: 3, EdgesRefused: 9})
	if got := testutil.ToFloat64(edges); got != 3 {
		t.Errorf("%v edges in the next pass, want 3", got)
	}
	if got := testutil.ToFloat64(hits); got != 2 {
		t.Errorf("%v detections without room, want 2", got)
	}
}

// Every structure whose bound is known has a size to compare it with.
func TestLimitsAreThoseOfSizes(t *testing.T) {
	for of, both := range map[string]struct{ sizes, limits map[string]int }{
		"detector": {detectorSizes(coordination.Stats{}), detectorLimits()},
		"tracker":  {trackerSizes(change.Stats{}), trackerLimits()},
	} {
		for structure, limit := range both.limits {
			if _, ok := both.sizes[structure]; !ok || limit <= 0 {
				t.Errorf("%s: %s has the bound %d, and a size: %v", of, structure, limit, ok)
			}
		}
	}
}
