package feed

import (
	"context"
	"testing"
	"time"
)

// benchBatch is how many posts the collectors put in a batch when they replay.
const benchBatch = 5000

func perPost(b *testing.B) {
	b.ReportMetric(benchBatch*float64(b.N)/b.Elapsed().Seconds(), "posts/s")
}

func openBench(b *testing.B) *Log {
	b.Helper()
	l, err := Open(b.Context(), Options{Dir: b.TempDir(), MaxBytes: 32 << 30, TrimEvery: time.Hour})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := l.Close(); err != nil {
			b.Error(err)
		}
	})
	return l
}

func BenchmarkPublish(b *testing.B) {
	l := openBench(b)
	batch := sampleBatch("archive/bench", benchBatch, 1)
	p := l.Publisher()
	for b.Loop() {
		if err := p.Publish(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	if err := p.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
	perPost(b)
}

func BenchmarkConsume(b *testing.B) {
	l := openBench(b)
	batch := sampleBatch("archive/bench", benchBatch, 1)
	p := l.Publisher()
	for range b.N {
		if err := p.Publish(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	if err := p.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	n := 0
	b.ResetTimer()
	err := l.Consume(ctx, func(context.Context, Message) error {
		if n++; n == b.N {
			b.StopTimer()
			cancel()
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	perPost(b)
}

func BenchmarkPublishSmallBatches(b *testing.B) {
	l := openBench(b)
	batch := sampleBatch("mastodon/bench", 4, 1)
	p := l.Publisher()
	for b.Loop() {
		if err := p.Publish(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	if err := p.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
}
