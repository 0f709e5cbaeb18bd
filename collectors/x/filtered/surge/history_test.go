package surge_test

import (
	"testing"
	"time"

	"winnow/collectors/x/filtered/surge"
)

var start = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// history is six hours at a rate, then minutes.
func history(rate float64, minutes ...uint64) *surge.History {
	h := &surge.History{}
	h.Begin(start)
	for at := start.Add(-surge.Past); at.Before(start); at = at.Add(time.Hour) {
		h.Before(at, at.Add(time.Hour), uint64(60*rate))
	}
	for i, n := range minutes {
		at := start.Add(time.Duration(i) * time.Minute)
		h.Add(at, at.Add(time.Minute), n)
	}
	return h
}

func TestMoves(t *testing.T) {
	tests := []struct {
		name string
		h    *surge.History
		rate float64
		many bool
	}{
		{"nothing known", &surge.History{}, 0, false},
		{"as ever", history(2, 2, 2, 2, 2, 2), 2, false},
		{"above the floor, but as ever", history(20, 20, 25, 20, 20, 20), 21, false},
		{"below the floor, though much more than ever", history(0, 4, 4, 4, 4, 4), 4, false},
		{"many", history(2, 9, 9, 9, 9, 9), 9, true},
		{"a burst of a minute", history(2, 0, 0, 0, 0, 100), 20, true},
		{"over again", history(2, 100, 0, 0, 0, 0, 0), 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if rate, many := tt.h.Moves(5, 4); rate != tt.rate || many != tt.many {
				t.Errorf("%v a minute, many %v; want %v and %v", rate, many, tt.rate, tt.many)
			}
		})
	}
}

func TestOnlyWholeNewMinutesCount(t *testing.T) {
	h := history(1, 1)
	minute := start.Add(time.Minute)
	h.Add(start, minute, 1000)                                      // known already
	h.Add(minute, minute.Add(30*time.Second), 1000)                 // half a minute
	h.Before(start.Add(-7*time.Hour), start.Add(-6*time.Hour), 9e6) // too old
	h.Before(start, start.Add(time.Hour), 9e6)                      // not before
	if rate, _ := h.Moves(5, 4); rate != 1 {
		t.Errorf("%v a minute, want 1", rate)
	}
	if !h.End().Equal(minute) {
		t.Errorf("counted until %v, want %v", h.End(), minute)
	}
	for i := range 1000 {
		at := minute.Add(time.Duration(i) * time.Minute)
		h.Add(at, at.Add(time.Minute), 3)
	}
	if rate, many := h.Moves(5, 0.9); rate != 3 || many {
		t.Errorf("%v a minute, many %v; want 3 and no more than the floor", rate, many)
	}
}
