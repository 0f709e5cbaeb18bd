package scenario

import (
	"testing"
)

func BenchmarkGenerate(b *testing.B) {
	b.ReportAllocs()
	n := 0
	s := New(Config{Seed: 1, Scale: 20})
	b.ResetTimer()
	for n < b.N {
		for p := range s.Posts() {
			if n++; n >= b.N {
				break
			}
			_ = p
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
}

// Planning alone is what resuming from a cursor costs.
func BenchmarkPlan(b *testing.B) {
	s := New(Config{Seed: 1, Scale: 20})
	g := newStream(s)
	b.ReportAllocs()
	for b.Loop() {
		if g.next() == nil {
			g = newStream(s)
		}
	}
}
