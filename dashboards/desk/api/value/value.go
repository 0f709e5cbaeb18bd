package value

import (
	"math"
	"time"
)

// At is a time in UTC; nil for one that is not known.
func At(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// Ends is a time that may be open.
func Ends(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	return At(*t)
}

// Number is a number; nil for what is none, which JSON cannot hold.
func Number(f float64) *float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return &f
}

// Given is a count whose zero stands for not given.
func Given(n uint64) *uint64 {
	if n == 0 {
		return nil
	}
	return &n
}

// Some is a number whose zero stands for not given.
func Some(f float64) *float64 {
	if f == 0 {
		return nil
	}
	return Number(f)
}

// Text is a text; nil for an empty one.
func Text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// List writes each of several; it is never nil.
func List[From, To any](all []From, write func(From) To) []To {
	out := make([]To, 0, len(all))
	for _, one := range all {
		out = append(out, write(one))
	}
	return out
}

// Bounded cuts a list, and counts what it leaves out.
func Bounded[T any](all []T, most int) (shown []T, more uint64) {
	if len(all) > most {
		return all[:most], uint64(len(all) - most)
	}
	return all, 0
}

// Rows is Cut with each of the part written.
func Rows[From, To any](all []From, offset, limit int, write func(From) To) ([]To, Page) {
	shown, page := Cut(all, offset, limit)
	return List(shown, write), page
}

// Page says which part of a list an answer holds.
type Page struct {
	Total  int `json:"total"`
	Offset int `json:"offset"`
	Limit  int `json:"limit"`
	// NextOffset is where the rest begins; nil at the end.
	NextOffset *int `json:"next_offset"`
}

// Cut returns a part of a list, and says which.
func Cut[T any](all []T, offset, limit int) ([]T, Page) {
	page := Page{Total: len(all), Offset: offset, Limit: limit}
	all = all[min(offset, len(all)):]
	if len(all) > limit {
		all = all[:limit]
		next := offset + limit
		page.NextOffset = &next
	}
	return all, page
}
