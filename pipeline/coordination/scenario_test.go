package coordination_test

import (
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"winnow/collectors/scenario"
	"winnow/pipeline/campaign"
	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
)

// TestScenario looks for what the scenario planted: both attacks, each with at
// least half of its accounts in one finding, the day of action as a declared
// finding, and nothing else. Nobody who only took part in the viral moment is
// in a finding, save that one in twenty of a pile-on may have come on their
// own: that cannot be told apart. WINNOW_SEEDS says how many seeds; 4 unless set.
func TestScenario(t *testing.T) { holdScenarios(t, 4) }

// TestLongScenario is TestScenario with 20 seeds.
func TestLongScenario(t *testing.T) {
	long(t)
	holdScenarios(t, 20)
}

func holdScenarios(t *testing.T, seeds int) {
	t.Helper()
	if s := os.Getenv("WINNOW_SEEDS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("read WINNOW_SEEDS: %v", err)
		}
		seeds = n
	}
	chance := 0
	for seed := range seeds {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			chance += checkScenario(t, scenario.New(scenario.Config{Seed: uint64(seed)}))
		})
	}
	// One campaign in sixteen may have one.
	if most := 1 + seeds/10; chance > most {
		t.Errorf("%d findings by chance in %d stories, want %d at most", chance, seeds, most)
	}
}

// checkScenario returns how many findings that are not of high confidence are
// about nobody's attack: these are promised to be few, not to be none.
func checkScenario(t *testing.T, s *scenario.Scenario) (chance int) {
	matcher, err := campaign.NewMatcher(s.Campaigns())
	if err != nil {
		t.Fatal(err)
	}
	const name = "Baku2015"
	c, _ := matcher.Lookup(name)
	cfg := coordination.Config{Campaign: name, Declared: func(p *post.Post) string { return matcher.Declared(name, p) }}
	for _, p := range c.Protected {
		cfg.Protected = append(cfg.Protected, strings.ToLower(strings.TrimPrefix(p.Account, "@")))
	}
	d := coordination.New(cfg)
	posts := 0
	for p := range s.Posts() {
		if slices.Contains(matcher.Match(nil, p), name) {
			d.Add(p)
			posts++
		}
	}
	found := d.Findings()

	roles := map[string]scenario.Role{}
	for _, l := range s.Labels() {
		roles[l.Key()] = l.Role
	}
	viral := map[string]bool{}
	for _, key := range s.Viral() {
		viral[key] = true
	}
	planted := map[string]string{}
	for _, p := range s.Planted() {
		for _, key := range p.Accounts {
			planted[key] = p.Kind
		}
	}
	best := map[string]int{}
	for _, f := range found {
		kinds := map[string]int{}
		count := map[scenario.Role]int{}
		passing := 0
		for _, a := range f.Accounts {
			key := string(a.Platform) + "/" + a.AccountID
			count[roles[key]]++
			kinds[planted[key]]++
			if viral[key] && planted[key] == "" && roles[key] != scenario.RoleJoiner {
				passing++
			}
		}
		for kind, n := range kinds {
			if (kind == scenario.PlantDeclared) == (f.Declared != "") {
				best[kind] = max(best[kind], n)
			}
		}
		t.Logf("%-8s %6.1f bits, declared %q, %v: %s", f.Kind, f.Bits, f.Declared, count, f.Sentence)
		if f.Declared == "" && kinds[""] == len(f.Accounts) && f.Confidence != coordination.ConfidenceHigh {
			chance++
			continue
		}
		if f.Declared == "" && 2*(len(f.Accounts)-kinds[""]) < len(f.Accounts) {
			t.Errorf("a finding with %v: %q", count, f.Objects[0].Label)
		}
		if passing > 0 && (f.Kind != coordination.KindPileOn || 20*passing > len(f.Accounts)) {
			t.Errorf("a finding with %d accounts of the viral moment", passing)
		}
	}
	for _, p := range s.Planted() {
		t.Logf("%s: %d of %d accounts in one finding", p.Name, best[p.Kind], len(p.Accounts))
		if p.Kind == scenario.PlantDeclared {
			if best[p.Kind] == 0 {
				t.Errorf("%s is no declared finding", p.Name)
			}
		} else if 2*best[p.Kind] < len(p.Accounts) {
			t.Errorf("%s: only %d of %d accounts in one finding", p.Name, best[p.Kind], len(p.Accounts))
		}
	}
	t.Logf("%d posts, findings of roles %v", posts, slices.Sorted(maps.Keys(best)))
	return chance
}
