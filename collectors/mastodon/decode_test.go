package mastodon_test

import (
	"testing"
	"time"

	"winnow/collectors/mastodon"
	"winnow/collectors/wire"
	"winnow/collectors/wire/wiretest"
)

func TestGolden(t *testing.T) { wiretest.Golden(t, "statuses", mastodon.Decode) }

// The property stands at wiretest.Fuzz.
func FuzzDecode(f *testing.F) { wiretest.Fuzz(f, mastodon.Decode) }

// TestKnownHost: a live collector knows the server and the time of arrival,
// and a deletion finds the post by LocalID.
func TestKnownHost(t *testing.T) {
	var st mastodon.Status
	if err := mastodon.Unmarshal(wiretest.Lines(t, "testdata/statuses.jsonl")[0], &st); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 6, 12, 18, 0, 9, 0, time.UTC)
	p, err := mastodon.FromStatus(&st, "third.example", now)
	if err != nil {
		t.Fatal(err)
	}
	if want := mastodon.LocalID("third.example", "112"); p.NativeID != want || want != "third.example/112" {
		t.Errorf("NativeID %q, LocalID %q; want third.example/112", p.NativeID, want)
	}
	if !p.ObservedAt.Equal(now) {
		t.Errorf("observed at %v, want %v", p.ObservedAt, now)
	}
}

func BenchmarkDecode(b *testing.B) {
	raw := wiretest.Lines(b, "testdata/statuses.jsonl")[0]
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	var m wire.Message
	for b.Loop() {
		m.Posts = m.Posts[:0]
		mastodon.Decode(raw, &m)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
	if len(m.Posts) != 1 {
		b.Fatal(m.Rejects)
	}
}
