package feed

import (
	"testing"

	"github.com/go-json-experiment/json"
)

func BenchmarkCodec(b *testing.B) {
	c, err := newCodec()
	if err != nil {
		b.Fatal(err)
	}
	defer c.close()
	batch := sampleBatch("archive/bench", 5000, 1)
	payload, err := c.encode(&batch)
	if err != nil {
		b.Fatal(err)
	}
	raw := appendBatch(nil, &batch)
	asJSON, err := json.Marshal(batch)
	if err != nil {
		b.Fatal(err)
	}
	jz := c.enc.EncodeAll(asJSON, nil)
	b.Logf("payload %d raw %d json %d jsonz %d", len(payload), len(raw), len(asJSON), len(jz))
	run := func(name string, f func() error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := f(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(5000*float64(b.N)/b.Elapsed().Seconds(), "posts/s")
		})
	}
	run("encode", func() error { _, err := c.encode(&batch); return err })
	run("decode", func() error { _, err := c.decode(payload); return err })
	run("encode-raw", func() error { raw = appendBatch(raw[:0], &batch); return nil })
	run("decode-raw", func() error { _, err := decodeBatch(raw); return err })
	run("json-encode", func() error { _, err := json.Marshal(batch); return err })
	run("json-decode", func() error { var out Batch; return json.Unmarshal(asJSON, &out) })
}
