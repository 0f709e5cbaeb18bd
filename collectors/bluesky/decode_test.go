package bluesky_test

import (
	"testing"

	"winnow/collectors/bluesky"
	"winnow/collectors/wire"
	"winnow/collectors/wire/wiretest"
)

func TestGolden(t *testing.T) { wiretest.Golden(t, "events", bluesky.Decode) }

// The property stands at wiretest.Fuzz.
func FuzzDecode(f *testing.F) { wiretest.Fuzz(f, bluesky.Decode) }

// TestCursor: the live collector goes on from the event's own number on both
// wires.
func TestCursor(t *testing.T) {
	lines := wiretest.Lines(t, "testdata/events.jsonl")
	for _, c := range []struct {
		line   int
		cursor int64
		timeUS int64
	}{{1, 95, 1781287206000000}, {10, 97, 1781287214134511}} {
		var e bluesky.Event
		if err := bluesky.Unmarshal(lines[c.line], &e); err != nil {
			t.Fatal(err)
		}
		if e.Cursor != c.cursor || e.TimeUS != c.timeUS || e.Kind != "commit" || e.DID == "" {
			t.Errorf("line %d: got cursor %d, time %d, kind %q; want %d, %d, commit", c.line, e.Cursor, e.TimeUS, e.Kind, c.cursor, c.timeUS)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	lines := wiretest.Lines(b, "testdata/events.jsonl")
	for _, c := range []struct {
		name string
		raw  []byte
	}{{"post", lines[0]}, {"like", lines[7]}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.raw)))
			b.ReportAllocs()
			var m wire.Message
			for b.Loop() {
				m.Posts, m.Ignored = m.Posts[:0], m.Ignored[:0]
				bluesky.Decode(c.raw, &m)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
			if len(m.Posts)+len(m.Ignored) != 1 {
				b.Fatal(m.Rejects)
			}
		})
	}
}
