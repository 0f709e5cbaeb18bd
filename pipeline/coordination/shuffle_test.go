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

// TestLongShuffledHours holds the detector to its promise over many campaigns. By
// chance more than the promised share of a sample may have one: three standard
// deviations more are let pass.
func TestLongShuffledHours(t *testing.T) {
	skipUnlessLong(t)
	const campaigns = 800
	firm, high, early := 0, 0, 0
	for seed := range uint64(campaigns) {
		w := organicWorld(seed)
		asFirm, asHigh, asEarly := 0, 0, 0
		for _, f := range find(Config{Protected: []string{"organic3"}}, shuffledHourly(w, seed)) {
			switch f.Confidence {
			case ConfidenceHigh:
				asHigh = 1
			case ConfidenceFirm:
				asFirm = 1
			case ConfidenceEarly:
				asEarly = 1
			}
			t.Logf("seed %d: %s, %s, %.1f bits: %s", seed, f.Kind, f.Confidence, f.Bits, f.Sentence)
		}
		firm, high, early = firm+asFirm, high+asHigh, early+asEarly
	}
	t.Logf("of %d campaigns %d have a firm finding, %d one of high confidence, %d an early one", campaigns, firm, high, early)
	if most := ceiling(campaigns, firmPromise); firm > most {
		t.Errorf("%d campaigns have a firm finding, want %d at most", firm, most)
	}
	if most := ceiling(campaigns, highPromise); high > most {
		t.Errorf("%d campaigns have a finding of high confidence, want %d at most", high, most)
	}
}

// ceiling is how many of n may have what a share of them is promised to have: the
// mean and three standard deviations.
func ceiling(n int, share float64) int {
	mean := float64(n) * share
	return int(mean + 3*math.Sqrt(mean*(1-share)))
}
