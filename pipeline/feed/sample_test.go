package feed

import (
	"fmt"
	"math/rand/v2"
	"time"

	"winnow/pipeline/feed/codec/codectest"
	"winnow/pipeline/post"
)

// sampleBatch returns a batch of n posts with the cursor "k".
func sampleBatch(source string, n, k int) Batch {
	return Batch{Source: source, Posts: codectest.Posts(n, k*n), Cursor: fmt.Appendf(nil, "%d", k)}
}

// withCoverage is a batch about which gaps and campaigns are known too.
func withCoverage(b Batch) Batch {
	at := time.Date(2015, 6, 12, 16, 0, 0, 0, time.UTC)
	b.Gaps = []post.Gap{
		{Source: b.Source, Platform: post.Mastodon, From: at, To: at.Add(time.Minute), Cause: post.Network, Fill: post.Filled},
		{Source: b.Source, Platform: post.Mastodon, Campaign: "games", From: at.Add(time.Hour), Cause: post.Budget, Share: 0.25, Fill: post.Pending, Note: "one post in four"},
	}
	b.Watches = []post.Watch{{Source: b.Source, Platform: post.Mastodon, Campaign: "games", Since: at}}
	return b
}

// incompressible returns n bytes that no compression makes smaller.
func incompressible(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}
