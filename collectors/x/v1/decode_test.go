package v1_test

import (
	"testing"

	"winnow/collectors/wire"
	"winnow/collectors/wire/wiretest"
	"winnow/collectors/x/v1"
)

func TestGolden(t *testing.T) { wiretest.Golden(t, "messages", v1.Decode) }

// The property stands at wiretest.Fuzz.
func FuzzDecode(f *testing.F) { wiretest.Fuzz(f, v1.Decode) }

func BenchmarkDecode(b *testing.B) {
	raw := wiretest.Lines(b, "testdata/messages.jsonl")[1]
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	var m wire.Message
	for b.Loop() {
		m.Posts = m.Posts[:0]
		v1.Decode(raw, &m)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
	if len(m.Posts) != 1 {
		b.Fatalf("%d posts, want 1: %v", len(m.Posts), m.Rejects)
	}
}
