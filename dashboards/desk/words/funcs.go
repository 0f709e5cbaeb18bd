package words

import (
	"html/template"
	"time"
)

// Funcs are the words as templates call them: times are told in a zone, now is the
// clock that "ago" counts back from.
func Funcs(now func() time.Time, zone *time.Location) template.FuncMap {
	in := func(write func(time.Time) string) func(time.Time) string {
		return func(t time.Time) string { return write(t.In(zone)) }
	}
	return template.FuncMap{
		"num":      Number[uint64],
		"count":    Count[uint64],
		"share":    Share,
		"quantity": quantity,
		"odds":     odds,
		"known":    known,
		"clock":    in(Clock),
		"seconds":  in(clockSeconds),
		"day":      in(day),
		"machine":  machineTime,
		"ago":      func(t time.Time) string { return Relative(t, now()) },
		"span":     span,
		"between":  func(a, b time.Time) string { return Duration(b.Sub(a)) },
		"naming":   Naming,
		"kind":     Kind,
		"object":   object,
		"platform": Platform,
		"means":    confidenceMeans,
		"surely":   confidence,
		"piece":    evidence,
		"figure":   figure,
		"instant":  func(id string) string { return instant(id, zone) },
		"brief":    brief,
		"excerpt":  newExcerpt,
		"external": external,
		"total":    total,
	}
}

// total adds lengths and counts up, since templates cannot.
func total(n int, more ...uint64) uint64 {
	sum := uint64(n)
	for _, m := range more {
		sum += m
	}
	return sum
}
