package view_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/storage/view"
)

// Each account counts once however the span is cut into days and hours.
func TestAudience(t *testing.T) { testAudience(t, open(t)) }

func testAudience(t *testing.T, r *view.Reader) {
	t.Helper()
	all := view.Audience{Accounts: 2, PotentialReach: 300, ReachKnown: 2, CoordinatedAccounts: 2, SureAccounts: 2, CoordinatedReach: 300}
	second := view.Audience{Accounts: 1, PotentialReach: 200, ReachKnown: 1, CoordinatedAccounts: 1, SureAccounts: 1, CoordinatedReach: 200}
	for _, c := range []struct {
		name     string
		from, to time.Duration
		want     view.Audience
	}{
		{"whole days", 0, 48 * time.Hour, all},
		{"a day and a part", 0, 26 * time.Hour, all},
		{"parts of two days", time.Hour, 26 * time.Hour, second},
		{"parts around a day", -5 * time.Hour, 26 * time.Hour, all},
		{"an hour, with its minutes cut", time.Hour + 10*time.Minute, 2*time.Hour + 50*time.Minute, second},
		{"part of one day", 2 * time.Hour, 5 * time.Hour, view.Audience{}},
		{"nothing after", 26 * time.Hour, 260 * time.Hour, view.Audience{}},
		{"an empty span", time.Hour, time.Hour, view.Audience{}},
	} {
		got, err := r.Audience(t.Context(), "c", day.Add(c.from), day.Add(c.to))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestMeasuresAndShareOfVoice(t *testing.T) { testMeasures(t, open(t)) }

func testMeasures(t *testing.T, r *view.Reader) {
	t.Helper()
	for _, step := range []time.Duration{time.Minute, time.Hour, 24 * time.Hour} {
		got, err := r.Measures(t.Context(), "c", day, day.Add(48*time.Hour), step)
		if err != nil {
			t.Fatal(err)
		}
		want := []view.Measures{{Platform: "x", Posts: 3, PotentialImpressions: 500, CoordinatedPosts: 2, SurePosts: 2, CoordinatedImpressions: 300}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", step, diff)
		}
		voices, err := r.ShareOfVoice(t.Context(), "c", day, day.Add(48*time.Hour), step, 10)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]view.Voice{{Kind: "tag", Item: "baku2015", Posts: 3, CoordinatedPosts: 2, Share: 1}}, voices); diff != "" {
			t.Errorf("%v (-want +got):\n%s", step, diff)
		}
	}
}
