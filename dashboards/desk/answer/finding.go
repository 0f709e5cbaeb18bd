package answer

import (
	"cmp"
	"slices"
	"time"

	"winnow/storage"
	"winnow/storage/view"
)

// Standing says what a finding counts for.
type Standing string

// The standings.
const (
	// Undeclared findings make accounts and posts count as coordinated.
	Undeclared Standing = "undeclared"
	// Early ones are undeclared, may be taken back within the hour, and count for
	// nothing until then.
	Early Standing = "early"
	// Declared ones match an action that the campaign announced.
	Declared Standing = "declared"
	// Rejected ones were judged wrong by a person, and count for nothing.
	Rejected Standing = "rejected"
)

// StandingOf returns the standing of a finding.
func StandingOf(f view.FindingSummary) Standing {
	switch {
	case f.Verdict.Judgement == string(storage.Wrong):
		return Rejected
	case f.Declared != "":
		return Declared
	case f.Early():
		return Early
	}
	return Undeclared
}

// Findings are the findings of a campaign, parted by what they count for.
type Findings struct {
	Undeclared, Early, Declared, Rejected []view.FindingSummary
}

// Part parts findings by their standing, and keeps their order.
func Part(all []view.FindingSummary) Findings {
	var out Findings
	for _, f := range all {
		switch StandingOf(f) {
		case Declared:
			out.Declared = append(out.Declared, f)
		case Early:
			out.Early = append(out.Early, f)
		case Undeclared:
			out.Undeclared = append(out.Undeclared, f)
		case Rejected:
			out.Rejected = append(out.Rejected, f)
		}
	}
	return out
}

// Newest returns findings by their last evidence, the newest first; of those that
// ended together the one with the most bits.
func Newest(findings []view.FindingSummary) []view.FindingSummary {
	return slices.SortedStableFunc(slices.Values(findings), func(a, b view.FindingSummary) int {
		if c := b.EndedAt.Compare(a.EndedAt); c != 0 {
			return c
		}
		return cmp.Compare(b.Bits, a.Bits)
	})
}

// Span is the time of the first and of the last evidence; zero if there is none.
func Span(findings []view.FindingSummary) (first, last time.Time) {
	for i, f := range findings {
		if i == 0 || f.StartedAt.Before(first) {
			first = f.StartedAt
		}
		if f.EndedAt.After(last) {
			last = f.EndedAt
		}
	}
	return first, last
}

// pileOn is the kind of finding whose contents are likely to hurt.
const pileOn = "pile-on"

// Hidden says whether the contents of a finding of a kind wait until they are asked
// for.
func Hidden(kind string) bool { return kind == pileOn }

// HiddenBetween says the same for a stretch of time: whether a pile-on has evidence
// in it.
func HiddenBetween(findings []view.FindingSummary, from, to time.Time) bool {
	return slices.ContainsFunc(findings, func(f view.FindingSummary) bool {
		return Hidden(f.Kind) && !f.EndedAt.Before(from) && !f.StartedAt.After(to)
	})
}
