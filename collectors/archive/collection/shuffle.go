package collection

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// Shuffled returns the same posts in order of time, with their times dealt out
// anew among those of each stretch of time: who posted what, and how busy it was,
// stays, and who did so together with whom is left to chance.
func (s *Stream) Shuffled(rng *rand.Rand, stretch time.Duration) *Stream {
	items := slices.Clone(s.items)
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(a.at, b.at) })
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
	return &Stream{Campaign: s.Campaign, items: items, of: s.of, dealt: true}
}

// Span is from the first post to the last.
func (s *Stream) Span() time.Duration {
	if len(s.items) == 0 {
		return 0
	}
	first, last := s.items[0].at, s.items[0].at
	for i := range s.items {
		first, last = min(first, s.items[i].at), max(last, s.items[i].at)
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
