// Package sieve decides from the bytes of a Jetstream frame, without decoding
// it, whether it can concern a campaign. Of a thousand frames it lets a few
// through, and costs less than a hundredth of what decoding all would.
//
// It never holds back what a campaign.Matcher would take: whatever it cannot
// be sure of it lets through, to be decoded and decided there. That is so for
// records with characters that fold to plain letters or vanish when folded
// (full-width letters, dotless i, zero-width joiners), for escaped characters,
// and for frames that are not laid out as usual.
//
// It owns the reading of a frame's head (head.go), the search for many words
// at once (automaton.go) and the scripts by which a text that has none of a
// tag's letters is told (script.go). It knows no connection and decodes
// nothing; which posts are followed, package track remembers.
package sieve
