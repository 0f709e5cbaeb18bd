package coordination

import (
	"math"
	"testing"
	"time"

	"winnow/pipeline/post"
)

// TestEvidenceAddsUp computes the bits of findings of all kinds again from what
// their evidence lists, by the formulas of docs/detection.md and not by the
// code's own functions.
func TestEvidenceAddsUp(t *testing.T) {
	w := newWorld(5)
	w.talk(1500, 800, 3*days)
	w.copies("copier", 30, 2, 3, start.Add(26*time.Hour), 50*time.Second)
	w.pileOn(account("victim", 0), 60, start.Add(30*time.Hour), 8*time.Minute)
	p := w.add(&post.Post{Account: account("source", 1), PostedAt: start.Add(20 * time.Hour), Text: w.words(9)})
	for i := range 12 {
		w.repost(account("ring", i), p, w.within(p.PostedAt, 45*time.Second))
	}
	for m := range 8 {
		q := w.add(&post.Post{Account: account("source", 2), PostedAt: start.Add(time.Duration(40+m) * time.Hour), Text: w.words(9)})
		for i := range 4 {
			w.repost(account("clique", i), q, w.within(q.PostedAt.Add(time.Hour), 20*time.Second))
		}
	}
	for i := range 60 {
		w.add(&post.Post{Account: account("flood", i), PostedAt: w.within(start.Add(50*time.Hour), 30*time.Second), Text: w.gibberish(6)})
	}
	seen := map[EvidenceKind]int{}
	for _, f := range find(Config{Protected: []string{"victim0"}}, w.sorted()) {
		counted := 0.0
		for _, e := range f.Evidence {
			seen[e.Kind]++
			counted += e.Counted
			if want := againByHand(t, e); math.Abs(e.Bits-want) > 1e-6*want+1e-9 {
				t.Errorf("%s: %.6f bits, by hand %.6f: %+v", e.Kind, e.Bits, want, e.Terms)
			}
			if e.Counted > e.Bits+1e-9 || e.DetectedAt.Before(f.DetectedAt) || e.To.Before(e.From) {
				t.Errorf("%+v in a finding detected at %v", e, f.DetectedAt)
			}
		}
		if math.Abs(counted-f.Bits) > 1e-6*f.Bits {
			t.Errorf("%s: %.3f bits, its evidence counts for %.3f", f.Kind, f.Bits, counted)
		}
	}
	for _, k := range []EvidenceKind{EvidencePair, EvidenceCopies, EvidenceRun, EvidenceFlood, EvidencePileOn} {
		if seen[k] == 0 {
			t.Errorf("no evidence of kind %s: %v", k, seen)
		}
	}
}

// againByHand computes the bits of a piece of evidence from its terms.
func againByHand(t *testing.T, e Evidence) float64 {
	t.Helper()
	divergence := func(k, n, p float64) float64 {
		if k == 0 || k/n <= p {
			return 0
		}
		d := k * math.Log2(k/n/p)
		if k < n {
			d += (n - k) * math.Log2((n-k)/n/(1-p))
		}
		return d
	}
	heavyTail := func(k, mean float64) float64 { return k * math.Log2(1+1/mean) }
	// The chance of k or more of n, each with a chance that is drawn anew for all
	// of them from a Beta distribution.
	betaBinomial := func(k, n int, a, b float64) float64 {
		sum := 0.0
		for i := k; i <= n; i++ {
			p := 1.0
			for j := range i {
				p *= (a + float64(j)) * float64(n-j) / float64(j+1) / (a + b + float64(j))
			}
			for j := range n - i {
				p *= (b + float64(j)) / (a + b + float64(i+j))
			}
			sum += p
		}
		return -math.Log2(sum)
	}
	ts := e.Terms
	switch e.Kind {
	case EvidencePair, EvidenceGroup:
		return divergence(ts[0].Observed, ts[0].Of, ts[0].Base)
	case EvidenceCopies:
		bits := ts[0].Observed * math.Log2(1/ts[0].Base)
		if len(ts) > 1 {
			bits = min(bits, ts[1].Observed*ts[1].Base)
		}
		return bits
	case EvidenceRun:
		k, n := ts[1].Observed, ts[3].Observed
		bits := math.Log2(1/ts[0].Base) + ts[1].Base*math.Log2(k/5) + math.Log2(250/max(ts[2].Observed, 15))
		if n > 0 {
			bits += betaBinomial(int(n), int(k), 2*ts[3].Base, 2*(1-ts[3].Base))
		}
		bits += min(6, math.Log2(1+math.Pow(k/5.5, 2.4)*min(ts[4].Observed/160, 15)))
		if len(ts) > 5 {
			bits -= 3 * ts[5].Observed
		}
		return bits
	case EvidenceFlood:
		bits := 0.0
		for _, x := range ts {
			bits += heavyTail(x.Observed, x.Base)
		}
		return bits
	case EvidencePileOn:
		return heavyTail(ts[0].Observed, ts[0].Base) +
			divergence(ts[1].Observed, ts[1].Of, ts[1].Base) + divergence(ts[2].Observed, ts[2].Of, ts[2].Base)
	default:
		t.Fatalf("no formula for %s", e.Kind)
		return 0
	}
}

// gibberish draws n words that nobody ever uses.
func (w *world) gibberish(n int) string {
	var b []byte
	for i := range n {
		if i > 0 {
			b = append(b, ' ')
		}
		for range 3 + w.rng.IntN(5) {
			b = append(b, byte('a'+w.rng.IntN(26)))
		}
	}
	return string(b)
}
