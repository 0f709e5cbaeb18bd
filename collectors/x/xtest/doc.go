// Package xtest is X on the loopback interface, for tests: its API v2, as far
// as Winnow uses it, and the v1.1 stream that go-twitter reads.
//
// It owns the protocol as X documents it: rules and what they match, one
// connection at a time, keep-alives, errors inside the stream, a search without
// retweets, bills. It invents what posts say. Nothing here is used outside
// tests, and it imports nothing of the collectors that it tests.
package xtest
