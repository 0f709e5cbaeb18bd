package feed

import (
	"fmt"
	"math/rand/v2"

	"winnow/pipeline/feed/codec/codectest"
)

// sampleBatch returns a batch of n posts with the cursor "k".
func sampleBatch(source string, n, k int) Batch {
	return Batch{Source: source, Posts: codectest.Posts(n, k*n), Cursor: fmt.Appendf(nil, "%d", k)}
}

// incompressible returns n bytes that no compression makes smaller.
func incompressible(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}
