// Package x reads what X (formerly Twitter) says, in both of its languages:
// v1.1, whose model is go-twitter's twitter.Tweet, and v2, as the filtered
// stream sends it and as twarc2 stores it.
//
// It owns the translation into the neutral words of package post. What both
// languages agree on:
//
//   - A retweet is a Repost. Its text, tags, links, images and mentions are
//     those of the original; its engagement is unknown, since the figures X
//     puts there are the original's and would count once per retweet.
//   - A post that was edited keeps the identity of its first version, as far
//     as the data tells it; X gives every version an id of its own.
//   - Links to the post's own pictures and to the quoted post are no links.
//   - "&amp;", "&lt;" and "&gt;", which X writes in texts, become characters.
//
// It opens no connection and knows no files.
package x
