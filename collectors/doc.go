// Package collectors is the contract of live sources and their supervisor.
//
// A Source knows one platform: how to connect, what its bytes mean, how to ask
// for what was missed. The Supervisor knows what is the same for all of them:
// when to connect again, when silence is a fault, how posts reach the log with
// the cursor that covers them, and that every hole becomes a Gap. What becomes
// of a hole is package ledger's to decide; what waits for the log is in package
// outbox.
//
// It knows no platform (packages x, mastodon and bluesky do), no HTTP beyond
// what an answer's status means, and keeps nothing on disk: what must survive a
// crash travels through the log with the posts.
package collectors
