// Package stixtest says whether a STIX 2.1 bundle is valid by the letter of the standard, for
// the tests of what writes or carries one.
//
// It owns the standard's tables for the objects that Winnow writes: identity, report, note,
// observed-data, attack-pattern, relationship, user-account, url and the marking-definitions
// of TLP; other objects it refuses. Where the standard allows more than Winnow means to use
// (properties of one's own, kinds of relationships of one's own, references to what is not in
// the bundle) it is stricter. It shares no code with what writes bundles.
//
// Sections in comments are those of STIX Version 2.1, OASIS Standard, 10 June 2021.
package stixtest
