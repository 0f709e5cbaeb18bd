// Package fold decides when two hashtags and two texts are the same, whatever
// keyboard, alphabet form or decoration they were written with.
//
// It owns the folding of letters, the key of a hashtag and where hashtags stand
// in a text, the folded form of a text, and its hash where it is long enough to
// be a copy of another. Keys and hashes are stored, so what is folded to what
// does not change.
//
// It does not know what a post is, and works on strings alone. Where links
// stand in a text, which are no part of its words, package link tells.
package fold
