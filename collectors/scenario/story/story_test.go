package story

import (
	"slices"
	"strings"
	"testing"

	"winnow/collectors/scenario"
)

// Each story has what its name says, and nothing else that acts in concert.
func TestStories(t *testing.T) {
	planted := map[string][]string{
		Default:  {scenario.PlantCopies, scenario.PlantDeclared, scenario.PlantPileOn},
		"quiet":  nil,
		"viral":  nil,
		"copies": {scenario.PlantCopies}, "declared": {scenario.PlantDeclared}, "pile-on": {scenario.PlantPileOn},
		"floods": {"flood"}, "rings": {"ring"}, "changed-copies": {"mutated"}, "slow-copies": {"slow-mutated"}, "slow-rings": {"slow-ring"},
	}
	for _, story := range All() {
		t.Run(story.Name, func(t *testing.T) {
			want, known := planted[story.Name]
			if !known {
				t.Fatal("nobody says what is planted in it")
			}
			for seed := range uint64(3) {
				s := scenario.New(story.Config(seed+1, 1))
				var got []string
				for _, p := range s.Planted() {
					if len(p.Accounts) < 5 || p.Posts < 5 {
						t.Errorf("seed %d: %s has %d accounts and %d posts", seed+1, p.Name, len(p.Accounts), p.Posts)
					}
					got = append(got, p.Kind)
				}
				slices.Sort(got)
				if got = slices.Compact(got); !slices.Equal(got, want) {
					t.Errorf("seed %d: planted are %q, want %q", seed+1, got, want)
				}
				if viral := len(s.Viral()) > 0; viral != (story.Name == "viral" || story.Name == Default) {
					t.Errorf("seed %d: a viral moment: %v", seed+1, viral)
				}
			}
			if named, ok := Named(story.Name); !ok || named.About != story.About || !strings.Contains(List(), story.Name+" ") {
				t.Errorf("it is not to be found by its name: %v", named)
			}
		})
	}
	if _, ok := Named("nothing"); ok {
		t.Error("there is a story that is not there")
	}
	if names := strings.Split(Names(), ","); len(names) != len(planted) {
		t.Errorf("%d stories have names: %q", len(names), names)
	}
}

// A larger scale is a larger story.
func TestScale(t *testing.T) {
	story, _ := Named("quiet")
	size := func(scale float64) (n int) {
		for range scenario.New(story.Config(1, scale)).Posts() {
			n++
		}
		return n
	}
	if one, three := size(1), size(3); three < 2*one || one < 1000 {
		t.Errorf("%d posts at scale 1, %d at 3", one, three)
	}
}
