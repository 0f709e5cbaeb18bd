package collection

import (
	"math"
	"math/rand/v2"
	"time"
)

// Shuffled returns the same posts in order of time, with their times dealt out
// anew among those of each stretch of time: who posted what, and how busy it was,
// stays, and who did so together with whom is left to chance.
func (s *Stream) Shuffled(rng *rand.Rand, stretch time.Duration) *Stream {
	items := s.sorted()
	width := max(1, stretch.Milliseconds())
	for from := 0; from < len(items); {
		to := from
		for to < len(items) && floor(items[to].at, width) == floor(items[from].at, width) {
			to++
		}
		part := items[from:to]
		rng.Shuffle(len(part), func(i, j int) {
			part[i].chunk, part[j].chunk = part[j].chunk, part[i].chunk
			part[i].place, part[j].place = part[j].place, part[i].place
		})
		from = to
	}
	return &Stream{Campaign: s.Campaign, items: [][]item{items}, of: s.of, dealt: true}
}

// Span is from the first post to the last.
func (s *Stream) Span() time.Duration {
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	for _, block := range s.items {
		for i := range block {
			first, last = min(first, block[i].at), max(last, block[i].at)
		}
	}
	if first > last {
		return 0
	}
	return time.Duration(last-first) * time.Millisecond
}

// floor divides, and rounds times before 1970 down as well.
func floor(at, width int64) int64 {
	if at < 0 {
		return (at - width + 1) / width
	}
	return at / width
}
