package socket

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/klauspost/compress/zstd"

	"winnow/collectors/wire"
)

// FuzzInflate: whatever a compressed message is, it is either a frame within the
// bound or a *wire.Reject, and what was compressed comes back the same.
func FuzzInflate(f *testing.F) {
	var history []byte
	var samples [][]byte
	for i := range 60 {
		frame := fmt.Appendf(nil, `{"$type":"message","payload":{"collection":"app.bsky.feed.post","did":"did:plc:%x","record":{"text":"word %d of %x"},"seq":%d}}`, i*i*7919, i, i*104729, i)
		samples = append(samples, frame)
		if i < 20 {
			history = append(history, frame...)
		}
	}
	raw, err := zstd.BuildDict(zstd.BuildDictOptions{
		ID: 40_000, Contents: samples, History: history, Offsets: [3]int{1, 4, 8}, Level: zstd.SpeedFastest,
	})
	if err != nil {
		f.Fatal(err)
	}
	dict := dictionary{40_000, raw}
	zr, err := dict.reader()
	if err != nil {
		f.Fatal(err)
	}
	defer zr.Close()
	zw, err := zstd.NewWriter(nil, zstd.WithEncoderDict(raw), zstd.WithEncoderConcurrency(1))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(zw.EncodeAll(history[:200], nil))
	f.Add(zw.EncodeAll(make([]byte, MaxFrame+100), nil)) // little that becomes much
	f.Add([]byte("no zstd"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, message []byte) {
		c := Conn{zr: zr}
		frame, err := c.inflate(message)
		if err != nil && !errors.As(err, new(*wire.Reject)) {
			t.Fatalf("an error of another kind: %v", err)
		}
		if len(frame) > MaxFrame {
			t.Fatalf("a frame of %d bytes", len(frame))
		}
		if len(message) > MaxFrame {
			return
		}
		back, err := c.inflate(zw.EncodeAll(message, nil))
		if err != nil || !bytes.Equal(back, message) {
			t.Fatalf("%d bytes came back as %d, %v", len(message), len(back), err)
		}
	})
}
