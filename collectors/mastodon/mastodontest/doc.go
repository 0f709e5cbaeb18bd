// Package mastodontest is a server on the loopback interface that speaks
// Mastodon's interface as far as hashtags need it: streams by WebSocket and as
// event streams, timelines with pages, boosts, tokens and limits.
//
// It owns how such a server behaves, its faults included. It federates with
// nobody and keeps nothing.
package mastodontest
