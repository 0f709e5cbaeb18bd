package surge

import (
	"slices"
	"time"
)

const (
	// Past is how far back the median reaches.
	Past = 6 * time.Hour
	// recent is how many minutes are compared with it.
	recent = 5
	// enough is how many minutes the median needs.
	enough = 30
)

// History is what was counted of a campaign. The zero value knows nothing.
type History struct {
	// minutes are the figures of minutes, or the means of hours, oldest first.
	minutes []float64
	end     time.Time
}

// End is the time up to which posts were counted; zero for never.
func (h *History) End() time.Time { return h.end }

// Begin forgets everything, and counts from a time on.
func (h *History) Begin(at time.Time) { h.minutes, h.end = nil, at }

// Before adds what was counted in a stretch before Begin's time, as the mean
// of its minutes. Stretches come oldest first.
func (h *History) Before(start, end time.Time, n uint64) {
	minutes := int(end.Sub(start) / time.Minute)
	if minutes < 1 || end.After(h.end) || start.Before(h.end.Add(-Past)) {
		return
	}
	for range minutes {
		h.add(float64(n) / float64(minutes))
	}
}

// Add adds what was counted in a minute that follows on those before. Other
// stretches, such as the beginning of a minute, are left out.
func (h *History) Add(start, end time.Time, n uint64) {
	if end.Sub(start) != time.Minute || start.Before(h.end) {
		return
	}
	h.end = end
	h.add(float64(n))
}

func (h *History) add(n float64) {
	if len(h.minutes) >= int(Past/time.Minute) {
		h.minutes = slices.Delete(h.minutes, 0, 1)
	}
	h.minutes = append(h.minutes, n)
}

// Moves says how many posts a minute there are now, and whether that is many.
func (h *History) Moves(floor, factor float64) (rate float64, many bool) {
	split := max(len(h.minutes)-recent, 0)
	last, before := h.minutes[split:], slices.Sorted(slices.Values(h.minutes[:split]))
	if len(last) == 0 {
		return 0, false
	}
	for _, n := range last {
		rate += n / float64(len(last))
	}
	limit := floor
	if len(before) >= enough {
		limit = max(limit, factor*before[len(before)/2])
	}
	return rate, rate > limit
}
