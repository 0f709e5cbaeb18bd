// Package strip draws when the posts of a finding came, second by second.
//
// It owns what the picture holds (every post of the finding, in one lane for each kind of
// object that they share, or for each account where accounts are few), how long a column
// of it is, when a mark for each post gives way to bars, which two minutes are shown
// closely where the whole is too long for seconds, and the part of a finding's page for it
// (strip.html), without a script or a style of its own.
//
// It counts nothing itself (package view does) and says nothing about why posts came
// together. The list of posts on the same page has each of them in words.
package strip
