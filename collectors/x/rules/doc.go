// Package rules turns campaigns into rules of X's filtered stream, and makes
// the rules that X holds be those.
//
// Every hashtag, term and protected account is a clause; as many clauses as
// fit are joined by OR into one rule, so that a campaign of hundreds of tags
// needs a handful of rules. A rule's tag is "winnow:" and the campaign's name:
// that prefix says which rules are Winnow's. All others are left alone, though
// X bills what they match too.
//
// X compares upper and lower case alike but not diacritics, other than the
// rest of Winnow: a tag is asked for as it is given and as it is folded. A
// spelling in between, with some of its diacritics, must be given to be found.
//
// It owns the language of rules, as far as it is needed here, and how they are
// replaced without a moment in which nothing is watched. It sends no requests
// of its own (package api does) and reads no posts.
package rules
