package x_test

import (
	"testing"

	"winnow/collectors/wire"
	"winnow/collectors/wire/wiretest"
	"winnow/collectors/x"
)

func TestGoldenV1(t *testing.T) { wiretest.Golden(t, "v1", x.DecodeV1) }

func TestGoldenV2(t *testing.T) { wiretest.Golden(t, "v2", x.DecodeV2) }

// The property stands at wiretest.Fuzz.
func FuzzDecodeV1(f *testing.F) { wiretest.Fuzz(f, x.DecodeV1) }

// The property stands at wiretest.Fuzz.
func FuzzDecodeV2(f *testing.F) { wiretest.Fuzz(f, x.DecodeV2) }

func TestCutRepostMark(t *testing.T) {
	for _, c := range []struct{ text, handle, rest string }{
		{"RT @anna_example: words: more", "anna_example", "words: more"},
		{"RT @anna_example:words", "anna_example", "words"},
		{"RT @anna_example words", "", "RT @anna_example words"},
		{"RT @anna example: words", "", "RT @anna example: words"},
		{"RT @: words", "", "RT @: words"},
		{"so RT @anna_example: words", "", "so RT @anna_example: words"},
		{"", "", ""},
	} {
		handle, rest := x.CutRepostMark(c.text)
		if handle != c.handle || rest != c.rest {
			t.Errorf("CutRepostMark(%q) = %q, %q; want %q, %q", c.text, handle, rest, c.handle, c.rest)
		}
	}
}

func BenchmarkDecodeV1(b *testing.B) {
	benchmark(b, wiretest.Lines(b, "testdata/v1.jsonl")[1], x.DecodeV1)
}

func BenchmarkDecodeV2(b *testing.B) {
	benchmark(b, wiretest.Lines(b, "testdata/v2.jsonl")[0], x.DecodeV2)
}

func benchmark(b *testing.B, raw []byte, decode wiretest.Decoder) {
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	var m wire.Message
	for b.Loop() {
		m.Posts = m.Posts[:0]
		decode(raw, &m)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
	if len(m.Posts) != 1 {
		b.Fatalf("%d posts, want 1: %v", len(m.Posts), m.Rejects)
	}
}
