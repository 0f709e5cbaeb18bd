package change_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"winnow/collectors/scenario"
	"winnow/pipeline/campaign"
	"winnow/pipeline/change"
)

// TestScenario asks since when: the flood of copied praise makes one of its tags
// rise from its first ten minutes on, with a text among what rose, and no tag
// changes while nothing was planted.
func TestScenario(t *testing.T) {
	for seed := range uint64(5) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			s := scenario.New(scenario.Config{Seed: seed})
			matcher, err := campaign.NewMatcher(s.Campaigns())
			if err != nil {
				t.Fatal(err)
			}
			const name = "Baku2015"
			tr := change.New(change.Config{Campaign: name})
			for p := range s.Posts() {
				if slices.Contains(matcher.Match(nil, p), name) {
					tr.Add(p)
				}
			}
			found := tr.Finish()
			var copies scenario.Planted
			for _, p := range s.Planted() {
				if p.Kind == scenario.PlantCopies {
					copies = p
				}
			}
			since := false
			for _, c := range found {
				t.Logf("#%s %s %.0f bits, %s: %s", c.Tag, c.Direction, c.Bits, c.Hold, c.Sentence)
				if c.Direction == change.Fall {
					t.Error("the tag fell silent")
				}
				if c.From.Sub(copies.From.Truncate(change.Bucket)).Abs() <= change.Bucket && c.Tag != "" &&
					slices.ContainsFunc(c.Rose, func(i change.Item) bool { return i.Kind == change.ItemText }) {
					since = true
				}
				if !slices.ContainsFunc(s.Planted(), func(p scenario.Planted) bool {
					return c.From.After(p.From.Add(-time.Hour)) && c.From.Before(p.To.Add(time.Hour))
				}) && c.Tag != "" {
					t.Errorf("a change of #%s while nothing was planted", c.Tag)
				}
			}
			if !since {
				t.Errorf("no tag rose with the copied praise at %s", copies.From)
			}
		})
	}
}
