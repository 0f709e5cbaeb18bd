package coordination

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"winnow/pipeline/post"
)

// What is promised of a campaign without an attack: at most one in sixteen has a
// firm finding, and at most one in a thousand one of high confidence.
const firmPromise, highPromise = 1. / 16, 1. / 1000

// shuffledHourly returns the posts with the times of each hour dealt out anew
// among its posts: only chance is left, so every finding is false.
func shuffledHourly(w *world, seed uint64) []*post.Post {
	rng := rand.New(rand.NewPCG(seed, 11))
	hours := map[int64][]*post.Post{}
	var order []int64
	for _, p := range w.sorted() {
		h := p.PostedAt.Unix() / 3600
		if hours[h] == nil {
			order = append(order, h)
		}
		hours[h] = append(hours[h], p)
	}
	out := world{}
	for _, h := range order {
		for i, j := range rng.Perm(len(hours[h])) {
			p := *hours[h][i]
			p.PostedAt = hours[h][j].PostedAt
			out.posts = append(out.posts, &p)
		}
	}
	return out.sorted()
}

// organicWorld is talk of some size with a viral moment or without.
func organicWorld(seed uint64) *world {
	w := newWorld(1000 + seed)
	w.talk(200+w.rng.IntN(1500), 300+w.rng.IntN(900), 2*days)
	if seed%2 == 0 {
		w.viral(100+w.rng.IntN(900), start.Add(10*time.Hour))
	}
	return w
}

func TestShuffledHoursAreQuiet(t *testing.T) {
	for seed := range uint64(5) {
		if fs := find(Config{Protected: []string{"organic3"}}, shuffledHourly(organicWorld(seed), seed)); len(fs) > 0 {
			show(t, fs)
			t.Errorf("seed %d: %d findings where there is only chance", seed, len(fs))
		}
	}
}

// protectedCeiling is the share of campaigns whose protected account, one of the
// busiest of the talk, may have a false pile-on. Dealing out the times of an hour
// leaves people who answer one post within that hour together, and the talk has
// posts that thirty people answer and nobody reposts: that is no chance, and is
// held to no promise, but must not grow.
const protectedCeiling = 0.03

// TestLongShuffledHours holds the detector to its promise over many campaigns. By
// chance more than the promised share of a sample may have one: three standard
// deviations more are let pass.
func TestLongShuffledHours(t *testing.T) {
	skipUnlessLong(t)
	const campaigns = 800
	firm, high, early, atProtected := 0, 0, 0, 0
	for seed := range uint64(campaigns) {
		var asFirm, asHigh, asEarly, asPileOn int
		for _, f := range find(Config{Protected: []string{"organic3"}}, shuffledHourly(organicWorld(seed), seed)) {
			t.Logf("seed %d: %s, %s, %.1f bits: %s", seed, f.Kind, f.Confidence, f.Bits, f.Sentence)
			switch {
			case f.Kind == KindPileOn && f.Target == "organic3":
				asPileOn = 1
			case f.Confidence == ConfidenceHigh:
				asHigh = 1
			case f.Confidence == ConfidenceFirm:
				asFirm = 1
			default:
				asEarly = 1
			}
		}
		firm, high, early, atProtected = firm+asFirm, high+asHigh, early+asEarly, atProtected+asPileOn
	}
	t.Logf("of %d campaigns %d have a firm finding, %d one of high confidence, %d an early one, %d a pile-on at the protected account",
		campaigns, firm, high, early, atProtected)
	for _, x := range []struct {
		what    string
		n, most int
	}{
		{"a firm finding", firm, ceiling(campaigns, firmPromise)},
		{"a finding of high confidence", high, ceiling(campaigns, highPromise)},
		{"a pile-on at the protected account", atProtected, int(protectedCeiling * campaigns)},
	} {
		if x.n > x.most {
			t.Errorf("%d campaigns have %s, want %d at most", x.n, x.what, x.most)
		}
	}
}

// ceiling is how many of n may have what a share of them is promised to have: the
// mean and three standard deviations.
func ceiling(n int, share float64) int {
	mean := float64(n) * share
	return int(mean + 3*math.Sqrt(mean*(1-share)))
}
