// Package wire is what the decoders of all platforms share: the message that
// one decoded line or frame amounts to, the reasons why something in it cannot
// be used, and one way of reading foreign JSON.
//
// Foreign data is hostile: a decoder never fails, it adds a Reject. Nothing
// here knows a platform (packages x, mastodon and bluesky do) or where the
// bytes come from (package archive and the live collectors do).
package wire
