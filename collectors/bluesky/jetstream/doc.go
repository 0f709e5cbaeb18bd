// Package jetstream is the live source of Bluesky: posts and reposts from a
// Jetstream host, on the new wire or the old one, whichever the host speaks.
//
// It owns where a connection starts and what a cursor means (cursor.go), which
// host is asked (hosts.go), what becomes of a frame (intake.go), and when a
// host that sends is blind all the same (blind.go).
//
// Completeness: the stream carries every public post, and there is no search by
// tag on the server, so all posts are read and nearly all thrown away at once
// (package sieve). Hosts keep about 36 hours, so a cursor brings back whatever
// was missed up to a day. What does not come:
//
//   - The original of a repost. It is known if it was seen itself, or was
//     stored before and told by Recall, and is not too long ago; else the
//     repost counts only if the account it is from is protected.
//   - Names and followers, which package profile looks up.
//   - Protected accounts given by handle, where the profiles cannot be asked:
//     posts name accounts by identifier.
//
// What accounts do with all their posts: "deleted" and "takendown" delete them
// here as well, and so does "deactivated": whoever takes an account offline takes
// back what stood there, and if they come back their old posts stay gone here.
// "suspended" is for the platform to lift again, and all else ("throttled",
// "desynchronized") says nothing about posts: these change nothing.
//
// The old wire is read without compression, whose dictionary belongs to another
// program and is not ours to ship; see package socket.
package jetstream
