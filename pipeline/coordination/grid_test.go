package coordination_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/collectors/scenario"
	"winnow/collectors/scenario/grid"
	"winnow/pipeline/campaign"
	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
)

// floor is what TestGrid holds the detector to, over all seeds together. Slow
// rings act together a few times only and hours apart: they are nearly invisible,
// so that recall is held without them and theirs is printed.
type floor struct{ precision, recall float64 }

// Forty seeds have a precision of 0.989 and a recall of 0.91 without slow rings,
// 0.835 with them; three seeds vary.
var (
	smokeFloor = floor{precision: 0.9, recall: 0.75}
	longFloor  = floor{precision: 0.98, recall: 0.9}
)

// shuffleCeiling is how many findings a thousand hours of a campaign without an
// attack may have when its times are dealt out anew.
const shuffleCeiling = 5

// long skips a test that takes minutes, unless WINNOW_LONG=1 asks for it.
func long(t *testing.T) {
	t.Helper()
	if os.Getenv("WINNOW_LONG") != "1" {
		t.Skip("takes minutes; WINNOW_LONG=1 runs it")
	}
}

// TestGrid looks for the attacks of some stories that nobody chose: see package
// grid.
func TestGrid(t *testing.T) { holdGrid(t, 3, smokeFloor) }

// TestLongGrid is TestGrid with 40 seeds.
func TestLongGrid(t *testing.T) {
	long(t)
	holdGrid(t, 40, longFloor)
}

func holdGrid(t *testing.T, seeds uint64, least floor) {
	t.Helper()
	total := newScore()
	for seed := uint64(1); seed <= seeds; seed++ {
		s := scenario.New(grid.Config(seed))
		posts, cfg := campaignPosts(t, s)
		sc := newScore()
		sc.hold(s, posts, detect(cfg, posts))
		t.Logf("seed %2d, %5d posts: %s", seed, len(posts), sc)
		total.add(sc)
	}
	t.Logf("all: %s", total)
	for _, kind := range slices.Sorted(maps.Keys(total.kinds)) {
		t.Logf("  %-13s %s", kind, total.kinds[kind])
	}
	t.Logf("  organic accounts flagged by role: %v", total.wrongly)
	t.Logf("  without slow rings: recall %.3f", total.recallWithoutSlowRings())
	if p := total.precision(); p < least.precision {
		t.Errorf("precision %.3f, want %.3f", p, least.precision)
	}
	if r := total.recallWithoutSlowRings(); r < least.recall {
		t.Errorf("recall without slow rings %.3f, want %.3f", r, least.recall)
	}
}

// TestLongShuffle deals the times of posts out anew among those of the same
// hour, in stories without an attack: only chance is left, so that every
// finding is false.
func TestLongShuffle(t *testing.T) {
	long(t)
	findings, asIs, hours := 0, 0, 0.0
	for seed := uint64(1); seed <= 20; seed++ {
		s := scenario.New(grid.Organic(seed))
		posts, cfg := campaignPosts(t, s)
		asIs += len(detect(cfg, posts))
		found := detect(cfg, shuffledHours(posts, seed))
		for _, f := range found {
			t.Logf("seed %d: %-8s %.1f bits: %s", seed, f.Kind, f.Bits, f.Sentence)
		}
		from, to := s.Span()
		findings, hours = findings+len(found), hours+to.Sub(from).Hours()
	}
	rate := 1000 * float64(findings) / hours
	t.Logf("%d findings in %.0f campaign hours: %.2f in 1,000; with the times as they are %d", findings, hours, rate, asIs)
	if rate > shuffleCeiling {
		t.Errorf("%.2f false findings in 1,000 campaign hours, want %d at most", rate, shuffleCeiling)
	}
}

// campaignPosts returns the posts of a story's first campaign, in order of
// delivery, and what the detector is to know of the campaign.
func campaignPosts(t *testing.T, s *scenario.Scenario) ([]*post.Post, coordination.Config) {
	t.Helper()
	matcher, err := campaign.NewMatcher(s.Campaigns())
	if err != nil {
		t.Fatal(err)
	}
	c := matcher.Campaigns()[0]
	cfg := coordination.Config{Campaign: c.Name, Declared: func(p *post.Post) string { return matcher.Declared(c.Name, p) }}
	for _, p := range c.Protected {
		cfg.Protected = append(cfg.Protected, strings.ToLower(strings.TrimPrefix(p.Account, "@")))
	}
	var posts []*post.Post
	for p := range s.Posts() {
		if slices.Contains(matcher.Match(nil, p), c.Name) {
			posts = append(posts, p)
		}
	}
	return posts, cfg
}

func detect(cfg coordination.Config, posts []*post.Post) []coordination.Finding {
	d := coordination.New(cfg)
	for _, p := range posts {
		d.Add(p)
	}
	return d.Findings()
}

// shuffledHours returns the posts with the times of each hour dealt out anew
// among its posts, in order of time.
func shuffledHours(posts []*post.Post, seed uint64) []*post.Post {
	rng := rand.New(rand.NewPCG(seed, 5))
	hours := map[int64][]*post.Post{}
	for _, p := range posts {
		h := p.PostedAt.Unix() / 3600
		hours[h] = append(hours[h], p)
	}
	var out []*post.Post
	for _, h := range slices.Sorted(maps.Keys(hours)) {
		of := hours[h]
		for i, j := range rng.Perm(len(of)) {
			p := *of[i]
			p.PostedAt, p.ObservedAt = of[j].PostedAt, of[j].ObservedAt
			out = append(out, &p)
		}
	}
	slices.SortStableFunc(out, func(a, b *post.Post) int { return a.PostedAt.Compare(b.PostedAt) })
	return out
}

// score is how findings compare with what was planted.
type score struct {
	// Accounts: of attackers found and in all, and of organic ones flagged and
	// in all. Joiners and supporters count neither way, and nor does what is
	// found as declared.
	found, attackers, flagged, organic int
	// slowFound and slow are those of found and attackers in slow rings.
	slowFound, slow int
	kinds           map[string]*kindScore
	// wrongly counts the organic accounts flagged by their role.
	wrongly map[scenario.Role]int
	// findings counts those that are not declared, false those of which less
	// than half of the accounts act in concert.
	findings, false int
}

// kindScore is the score of one kind of attack. An instance is found if half of
// its accounts are in findings that overlap with it in time.
type kindScore struct{ instances, instancesFound, accounts, found int }

func (k *kindScore) String() string {
	return fmt.Sprintf("%3d of %3d instances, %4d of %4d accounts (%.0f %%)", k.instancesFound, k.instances, k.found, k.accounts, share(k.found, k.accounts))
}

func newScore() *score {
	return &score{kinds: map[string]*kindScore{}, wrongly: map[scenario.Role]int{}}
}

// slack is how far a finding's evidence may be off an instance and still count
// for it.
const slack = time.Hour

// hold counts what was found in the posts of a story.
func (s *score) hold(story *scenario.Scenario, posts []*post.Post, found []coordination.Finding) {
	roles := map[string]scenario.Role{}
	for _, l := range story.Labels() {
		roles[l.Key()] = l.Role
	}
	type span struct{ from, to time.Time }
	evidence := map[string][]span{}
	for _, f := range found {
		if f.Declared != "" {
			continue
		}
		s.findings++
		attacking := 0
		for _, a := range f.Accounts {
			key := string(a.Platform) + "/" + a.AccountID
			evidence[key] = append(evidence[key], span{cmp.Or(a.First, f.From).Add(-slack), cmp.Or(a.Last, f.To).Add(slack)})
			if roles[key].Attacks() {
				attacking++
			}
		}
		if 2*attacking < len(f.Accounts) {
			s.false++
		}
	}
	seen := map[string]bool{}
	written := map[string]*post.Post{}
	for _, p := range posts {
		written[p.ID] = p
		key := p.Key()
		if seen[key] {
			continue
		}
		seen[key] = true
		hit := len(evidence[key]) > 0
		switch role := roles[key]; {
		case role.Attacks():
			s.attackers++
			s.found += count(hit)
			if role == scenario.RoleSlowRing {
				s.slow++
				s.slowFound += count(hit)
			}
		case role.Neither():
		default:
			s.organic++
			s.flagged += count(hit)
			if hit {
				s.wrongly[role]++
			}
		}
	}
	for _, p := range story.Planted() {
		if !scenario.Role(p.Kind).Attacks() {
			continue
		}
		k := s.kinds[p.Kind]
		if k == nil {
			k = &kindScore{}
			s.kinds[p.Kind] = k
		}
		hit := map[string]bool{}
		for _, id := range p.PostIDs {
			q, ok := written[id]
			if !ok {
				continue
			}
			hit[q.Key()] = hit[q.Key()] || slices.ContainsFunc(evidence[q.Key()], func(e span) bool {
				return !q.PostedAt.Before(e.from) && !q.PostedAt.After(e.to)
			})
		}
		n := 0
		for _, h := range hit {
			n += count(h)
		}
		k.instances++
		k.accounts += len(hit)
		k.found += n
		k.instancesFound += count(n > 0 && 2*n >= len(hit))
	}
}

func (s *score) add(o *score) {
	s.found, s.attackers = s.found+o.found, s.attackers+o.attackers
	s.slowFound, s.slow = s.slowFound+o.slowFound, s.slow+o.slow
	s.flagged, s.organic = s.flagged+o.flagged, s.organic+o.organic
	s.findings, s.false = s.findings+o.findings, s.false+o.false
	for role, n := range o.wrongly {
		s.wrongly[role] += n
	}
	for kind, k := range o.kinds {
		sum := s.kinds[kind]
		if sum == nil {
			sum = &kindScore{}
			s.kinds[kind] = sum
		}
		sum.instances += k.instances
		sum.instancesFound += k.instancesFound
		sum.accounts += k.accounts
		sum.found += k.found
	}
}

// precision is the share of attackers among the accounts found; 1 if nobody is.
func (s *score) precision() float64 {
	if s.found+s.flagged == 0 {
		return 1
	}
	return float64(s.found) / float64(s.found+s.flagged)
}

// recall is the share of the attackers that is found; 1 if there are none.
func (s *score) recall() float64 {
	if s.attackers == 0 {
		return 1
	}
	return float64(s.found) / float64(s.attackers)
}

// recallWithoutSlowRings is recall over all other attackers.
func (s *score) recallWithoutSlowRings() float64 {
	if s.attackers == s.slow {
		return 1
	}
	return float64(s.found-s.slowFound) / float64(s.attackers-s.slow)
}

func (s *score) String() string {
	return fmt.Sprintf("precision %.3f, recall %.3f (%d of %d), organic flagged %d of %d (%.2f %%), findings %d, false %d",
		s.precision(), s.recall(), s.found, s.attackers, s.flagged, s.organic, share(s.flagged, s.organic), s.findings, s.false)
}

// share is part of whole in percent.
func share(part, whole int) float64 { return 100 * float64(part) / float64(max(whole, 1)) }

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}
