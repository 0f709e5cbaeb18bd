package talk

import (
	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/dice"
)

// Setting is what a story is told with: the same setting, the same talk.
type Setting struct {
	Seed uint64
	// StartMs and endMs bound the story, Unix milliseconds.
	StartMs, EndMs int64
	// Scale multiplies the organic talk.
	Scale  float64
	Curves *dice.Curves
	Cast   *cast.Cast
	Press  Press
	// Regulars are the members of planted groups who also talk like everybody
	// else when they do not act.
	Regulars []cast.Number
	// History is how many of a million posts the regulars make at most.
	History int
}

// Latency is how long a post takes from publication to delivery, milliseconds:
// seconds on X, less elsewhere, and always under a minute.
func (s *Setting) Latency(e *Event) int64 {
	ms := s.Curves.Latency.At(dice.Mix(e.Roll, 2))
	switch e.Plat {
	case cast.OnMastodon:
		ms = ms * 6 / 10
	case cast.OnBluesky:
		ms = ms * 15 / 100
	}
	return min(ms+50, 59_000)
}
