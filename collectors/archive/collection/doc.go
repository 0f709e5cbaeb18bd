// Package collection holds the posts of archives in memory: one stream for
// each campaign, in order of time.
//
// It owns how posts are kept until they are asked for: as the bytes of their
// record, where that is less than a decoded post takes, and decoded again when
// their turn comes. What it reads is what package archive replays, by the same
// decoders; but it writes nothing, neither a log nor a reject file: bad
// records are counted by reason, with the line of the first.
package collection
