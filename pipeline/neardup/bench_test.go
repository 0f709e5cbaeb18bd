package neardup

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"winnow/pipeline/post/fold"
)

// tweets returns texts of n words. A share of them copies an earlier one, with
// a link and a tag of its own.
func tweets(count, n int, copies float64) []string {
	r := rand.New(rand.NewPCG(1, 2))
	words := vocabulary()
	for i := range 5000 {
		words = append(words, fmt.Sprintf("%s%c%c", words[i%240], 'a'+i%26, 'a'+i/26%26))
	}
	texts := make([]string, count)
	for i := range texts {
		if i > 0 && r.Float64() < copies {
			texts[i] = texts[r.IntN(i)]
			if r.IntN(2) == 0 { // half are copied as they are
				body, _, _ := strings.Cut(texts[i], " https")
				texts[i] = "Look: " + body + fmt.Sprintf(" https://t.co/%x #Tag%d", i, i%7)
			}
			continue
		}
		var b strings.Builder
		for range n {
			// As in languages, some words are much more frequent than others.
			b.WriteString(words[int(float64(len(words))*r.Float64()*r.Float64()*r.Float64())])
			b.WriteByte(' ')
		}
		texts[i] = b.String() + fmt.Sprintf("https://t.co/%x #Tag%d", i, i%7)
	}
	return texts
}

// BenchmarkPlace sketches and places texts of 20 words; BenchmarkHash is what
// exact comparison costs beside it.
func BenchmarkPlace(b *testing.B) {
	for _, share := range []float64{0, 0.5, 0.95} {
		b.Run(fmt.Sprintf("copies=%.0f%%", 100*share), func(b *testing.B) {
			texts := tweets(300_000, 20, share)
			x := NewIndex(Limits{})
			var s Sketch
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if s.Of(texts[i%len(texts)]) {
					x.Place(&s, int64(i))
				}
			}
			b.ReportMetric(float64(x.Stats().Compared)/float64(b.N), "compared/op")
		})
	}
}

func BenchmarkSketch(b *testing.B) {
	texts := tweets(10_000, 20, 0.5)
	var s Sketch
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.Of(texts[i%len(texts)])
	}
}

func BenchmarkHash(b *testing.B) {
	texts := tweets(300_000, 20, 0.5)
	known := make(map[string]int)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if id, ok := fold.TextHash(texts[i%len(texts)]); ok {
			known[id] = i
		}
	}
}

// BenchmarkHostile sketches and places texts made to cost much.
func BenchmarkHostile(b *testing.B) {
	words := vocabulary()
	for _, tc := range []struct {
		name string
		text func(i int) string
	}{
		{"250kB", func(i int) string { return strings.Repeat(words[i%240]+" #a.b ", 25_000) }},
		{"250kB without blanks", func(i int) string { return words[i%240] + " " + strings.Repeat("a.b_h:", 41_000) + "#" }},
		{"250kB of tags", func(i int) string { return words[i%240] + strings.Repeat(" #a", 80_000) }},
		{"one template", func(i int) string {
			return strings.Join(words[:60], " ") + strings.Repeat(fmt.Sprintf(" %s %s", words[i%240], words[i/240%240]), 30)
		}},
	} {
		b.Run(tc.name, func(b *testing.B) {
			texts := make([]string, 200)
			for i := range texts {
				texts[i] = tc.text(i)
			}
			x := NewIndex(Limits{})
			var s Sketch
			for i := 0; b.Loop(); i++ {
				if s.Of(texts[i%len(texts)]) {
					x.Place(&s, int64(i))
				}
			}
		})
	}
}

// BenchmarkClusters fills an index and tells what a cluster costs.
func BenchmarkClusters(b *testing.B) {
	for _, n := range []int{20, 128} {
		b.Run(fmt.Sprintf("words=%d", n), func(b *testing.B) {
			for b.Loop() {
				texts := tweets(131_072, n, 0)
				x := NewIndex(Limits{})
				var s Sketch
				s.Of(texts[0])
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				for i, text := range texts {
					if s.Of(text) {
						x.Place(&s, int64(i))
					}
				}
				runtime.GC()
				runtime.ReadMemStats(&after)
				runtime.KeepAlive(texts)
				b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(x.Stats().Clusters), "B/cluster")
				b.ReportMetric(float64(x.Stats().Displaced), "displaced")
			}
		})
	}
}

// BenchmarkFork forks a full index and places 1000 texts in the fork.
func BenchmarkFork(b *testing.B) {
	texts := tweets(132_072, 20, 0)
	x := NewIndex(Limits{})
	var s Sketch
	for i, text := range texts[:131_072] {
		if s.Of(text) {
			x.Place(&s, int64(i))
		}
	}
	for _, n := range []int{0, 1000} {
		b.Run(fmt.Sprintf("texts=%d", n), func(b *testing.B) {
			for b.Loop() {
				f := x.Fork()
				for i, text := range texts[131_072:][:n] {
					if s.Of(text) {
						f.Place(&s, int64(200_000+i))
					}
				}
			}
		})
	}
}
