package grid_test

import (
	"testing"
	"time"

	"winnow/collectors/scenario"
	"winnow/collectors/scenario/grid"
	"winnow/collectors/scenario/raid"
	"winnow/pipeline/post"
)

// A cell is complete and consistent: every account that posts has one label,
// every planted post is there, by an account that is labelled as attacking.
func TestCellsAreConsistent(t *testing.T) {
	for seed := uint64(1); seed <= 16; seed++ {
		s := scenario.New(grid.Config(seed))
		roles := map[string]scenario.Role{}
		for _, l := range s.Labels() {
			if had, ok := roles[l.Key()]; ok {
				t.Fatalf("seed %d: %s is labelled %s and %s", seed, l.Key(), had, l.Role)
			}
			roles[l.Key()] = l.Role
		}
		author := map[string]string{}
		for p := range s.Posts() {
			if _, ok := roles[p.Key()]; !ok {
				t.Fatalf("seed %d: %s has no label", seed, p.Key())
			}
			if author[p.ID] != "" {
				t.Fatalf("seed %d: two posts %s", seed, p.ID)
			}
			author[p.ID] = p.Key()
		}
		if n := len(author); n < 800 || n > 40_000 {
			t.Errorf("seed %d has %d posts", seed, n)
		}
		names, in := map[string]bool{}, map[string]bool{}
		for _, p := range s.Planted() {
			if names[p.Name] {
				t.Errorf("seed %d: two attacks %s", seed, p.Name)
			}
			names[p.Name] = true
			of := map[string]bool{}
			for _, key := range p.Accounts {
				of[key] = true
				if p.Kind != scenario.PlantDeclared && !roles[key].Attacks() {
					t.Errorf("seed %d: %s of %s is %s", seed, key, p.Name, roles[key])
				}
			}
			for _, id := range p.PostIDs {
				if !of[author[id]] {
					t.Errorf("seed %d: post %s of %s is by %q", seed, id, p.Name, author[id])
				}
				if in[id] {
					t.Errorf("seed %d: post %s is in two attacks", seed, id)
				}
				in[id] = true
			}
			if len(p.PostIDs) != p.Posts {
				t.Errorf("seed %d: %s has %d posts and %d ids", seed, p.Name, p.Posts, len(p.PostIDs))
			}
		}
		acting := map[string]bool{}
		for _, p := range s.Planted() {
			for _, key := range p.Accounts {
				acting[key] = true
			}
		}
		for key, role := range roles {
			if role.Attacks() && !acting[key] {
				t.Errorf("seed %d: %s is %s and does nothing", seed, key, role)
			}
		}
	}
}

// Forty seeds see every kind of attack, every size, every language.
func TestGridSpans(t *testing.T) {
	kinds, homes, scales, ages := map[string]int{}, map[string]bool{}, map[float64]bool{}, map[float64]bool{}
	aged, attackers := 0, 0
	for seed := uint64(1); seed <= 40; seed++ {
		c := grid.Config(seed)
		homes[c.Home], scales[c.Scale] = true, true
		for _, r := range c.Raids {
			ages[r.Aged] = true
		}
		s := scenario.New(c)
		first := map[string]time.Time{}
		for p := range s.Posts() {
			if at, ok := first[p.Key()]; !ok || p.PostedAt.Before(at) {
				first[p.Key()] = p.PostedAt
			}
		}
		for _, p := range s.Planted() {
			kinds[p.Kind]++
			if _, ok := rules[raid.Kind(p.Kind)]; !ok {
				continue
			}
			for _, key := range p.Accounts {
				attackers++
				if first[key].Before(p.From.Add(-time.Minute)) {
					aged++
				}
			}
		}
	}
	for _, k := range raid.Kinds() {
		if kinds[string(k)] < 20 {
			t.Errorf("%d attacks of kind %s", kinds[string(k)], k)
		}
	}
	if kinds[scenario.PlantCopies] < 8 || kinds[scenario.PlantPileOn] < 8 || kinds[scenario.PlantDeclared] < 8 {
		t.Errorf("attacks %v", kinds)
	}
	if len(homes) != 7 || len(scales) != 8 || len(ages) != 5 {
		t.Errorf("%d languages, %d sizes, %d shares of aged attackers", len(homes), len(scales), len(ages))
	}
	if share := float64(aged) / float64(attackers); share < 0.25 || share > 0.75 {
		t.Errorf("%.2f of the attackers have a past", share)
	}
}

// rules are the sizes and spans of the kinds, as package raid states them. A
// flood's accounts may go on for some seconds after the last has come.
var rules = map[raid.Kind]struct {
	least, most    int
	short, longest time.Duration
}{
	raid.Ring:        {5, 35, 30 * time.Second, 3 * time.Minute},
	raid.SlowRing:    {5, 35, 10 * time.Minute, 80 * time.Minute},
	raid.Flood:       {20, 300, 10 * time.Second, 80 * time.Second},
	raid.Mutated:     {6, 25, time.Minute, 4 * time.Minute},
	raid.SlowMutated: {6, 25, time.Hour, 3 * time.Hour},
	raid.Drip:        {8, 15, 24 * time.Hour, 5 * 24 * time.Hour},
}

func TestAttacksKeepTheirSizes(t *testing.T) {
	for seed := uint64(1); seed <= 16; seed++ {
		s := scenario.New(grid.Config(seed))
		_, end := s.Span()
		for _, p := range s.Planted() {
			r, ok := rules[raid.Kind(p.Kind)]
			if !ok || end.Sub(p.To) < 3*time.Hour {
				continue // one that the story's end may have cut
			}
			if n := len(p.Accounts); n < r.least || n > r.most {
				t.Errorf("seed %d: %s has %d accounts", seed, p.Name, n)
			}
			if d := p.To.Sub(p.From); d < r.short || d > r.longest {
				t.Errorf("seed %d: %s takes %v", seed, p.Name, d)
			}
		}
	}
}

// What a kind of attack shares, and what not.
func TestWhatAttacksShare(t *testing.T) {
	for seed := uint64(1); seed <= 8; seed++ {
		s := scenario.New(grid.Config(seed))
		posts := map[string]*post.Post{}
		reposts := map[string]int{}
		for p := range s.Posts() {
			posts[p.ID] = p
			if p.Kind == post.Repost {
				reposts[p.RepostOf.PostID]++
			}
		}
		for _, p := range s.Planted() {
			texts, of := map[string]int{}, map[string]int{}
			for _, id := range p.PostIDs {
				texts[posts[id].Text]++
				of[posts[id].RepostOf.PostID]++
			}
			switch raid.Kind(p.Kind) {
			case raid.Ring, raid.SlowRing:
				id := posts[p.PostIDs[0]].RepostOf.PostID
				if len(of) != 1 || reposts[id] != p.Posts {
					t.Errorf("seed %d: %s reposts %v, reposted %d times", seed, p.Name, of, reposts[id])
				}
			case raid.Flood, raid.Mutated, raid.SlowMutated:
				if 10*len(texts) < 6*p.Posts {
					t.Errorf("seed %d: %s has %d texts in %d posts", seed, p.Name, len(texts), p.Posts)
				}
			case raid.Drip:
				if len(p.Waves) < 8 || p.Posts < 5*len(p.Accounts) {
					t.Errorf("seed %d: %s has %d rounds, %d posts", seed, p.Name, len(p.Waves), p.Posts)
				}
			}
		}
	}
}

func TestOrganicCellsHaveNoAttack(t *testing.T) {
	for seed := uint64(1); seed <= 8; seed++ {
		s := scenario.New(grid.Organic(seed))
		if n := len(s.Planted()); n > 0 {
			t.Errorf("seed %d: %d attacks", seed, n)
		}
		for _, l := range s.Labels() {
			if l.Role.Attacks() || l.Role.Neither() {
				t.Fatalf("seed %d: %s is %s", seed, l.Key(), l.Role)
			}
		}
	}
}

func BenchmarkCell(b *testing.B) {
	n := 0
	for b.Loop() {
		for range scenario.New(grid.Config(7)).Posts() {
			n++
		}
	}
	b.ReportMetric(float64(n)/float64(b.N), "posts/op")
}
