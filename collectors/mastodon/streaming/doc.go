// Package streaming listens to the streams of servers with Mastodon's
// interface, by WebSocket or as event streams.
//
// It owns the connections: asking for hashtags, noticing that a peer is gone,
// taking messages apart. go-mastodon's streams are not used because they
// connect again without a pause, once for each tag, and end the process on a
// payload that is no string.
//
// It does not know what a status is, when to connect again, or what was missed:
// package instance does.
package streaming
