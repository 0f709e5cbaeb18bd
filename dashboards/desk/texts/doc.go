// Package texts sets the texts of a finding side by side and marks what differs.
//
// It owns what counts as the same text and as a version of it, which wording stands
// for its group, the comparison word by word, how characters that nobody sees are
// shown, and the part of the page (texts.html) for it. All of it is bounded, whatever
// the posts hold.
//
// It is for people's eyes only: what makes posts copies of each other for a finding is
// decided by package coordination, with other means.
package texts
