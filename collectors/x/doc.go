// Package x is what X (formerly Twitter) means whichever of its two languages
// says it: package v1 reads the v1.1 interface, package v2 the one after it.
//
// It owns the rules on which both agree, and what they need for them:
//
//   - A retweet is a Repost. Its text, tags, links, images and mentions are
//     those of the original; its engagement is unknown, since the figures X
//     puts there are the original's and would count once per retweet.
//   - A post that was edited keeps the identity of its first version, as far
//     as the data tells it; X gives every version an id of its own.
//   - Links to the post's own pictures and to the quoted post are no links.
//   - "&amp;", "&lt;" and "&gt;", which X writes in texts, become characters.
//
// It reads no messages, opens no connection and knows no files.
package x
