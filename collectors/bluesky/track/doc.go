// Package track remembers the posts of Bluesky that belong to a campaign, so
// that what happens to them later can be told from what happens to all others:
// reposts, which come without the original's content, deletions, which come
// with an address alone, and accounts that go with all their posts.
//
// It is bounded: the posts longest not heard of are forgotten first, their
// content long before their addresses. It keeps nothing over a restart; who
// uses it fills it again from what is stored.
package track
