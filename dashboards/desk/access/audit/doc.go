// Package audit keeps who logged in, who tried, who logged out, what they did that
// changes something or leaves the desk, and which tokens were made, removed and
// refused.
//
// It owns one file of JSON lines and the one before it, their bound, and that what
// was written is on the disk. It holds no password, no token and no note, and of
// names only those of users, tokens and campaigns.
package audit
