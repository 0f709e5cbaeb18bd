// Package post holds the words of Winnow: what a platform, an account, a post,
// an object and an action are, whatever network they come from.
//
// It owns the neutral shapes that every other package speaks, the identity of
// a hashtag, the canonical form of a link and the folded form of a text, since
// these decide when two posts are about "the same" thing.
//
// It does not know where posts come from (package archive and the collectors
// translate wire formats into these shapes), which campaign they belong to
// (package campaign) or what to conclude from them (package coordination).
// It performs no input or output.
package post
