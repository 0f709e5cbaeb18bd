package codec

import "testing"

// benchBatch is how many posts the collectors put in a batch when they replay.
const benchBatch = 5000

func perPost(b *testing.B) {
	b.ReportMetric(benchBatch*float64(b.N)/b.Elapsed().Seconds(), "posts/s")
}

func BenchmarkEncode(b *testing.B) {
	c, in, _ := benchCodec(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := encode(c, in); err != nil {
			b.Fatal(err)
		}
	}
	perPost(b)
}

func BenchmarkDecode(b *testing.B) {
	c, _, payload := benchCodec(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decode(c, payload); err != nil {
			b.Fatal(err)
		}
	}
	perPost(b)
}

func benchCodec(b *testing.B) (*Codec, batch, []byte) {
	b.Helper()
	c := testCodec(b)
	in := sampleBatch("archive/bench", benchBatch, 1)
	payload, err := encode(c, in)
	if err != nil {
		b.Fatal(err)
	}
	return c, in, payload
}
