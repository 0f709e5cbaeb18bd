// Package instance watches hashtags on one server with Mastodon's interface:
// Mastodon itself, GoToSocial, Pleroma and their kin.
//
// It owns what such a server is asked and when:
//
//   - Posts, edits and deletions come by one WebSocket for all hashtags, else
//     by event streams, else by polling timelines.
//   - A stream is compared with the timelines every few minutes: what it did
//     not bring is delivered, and one that brings nothing is given up for
//     polling (GoToSocial accepts such streams and stays silent).
//   - What was missed is asked for by paging on from the newest id known.
//   - Boosts, which no stream of hashtags carries, are looked for at the posts
//     whose figures rise. They have the time at which they were found, with
//     slack. Figures that changed are delivered with their post.
//
// An instance sees only what reached it, and only what was posted to everyone:
// watch several. The same post has the same identity on each.
//
// It does not know when to connect again or where posts go: package collectors
// does. How requests travel, and that no token leaves the configured hosts, is
// package dial's.
package instance
