// Package audit keeps who logged in, who tried, who logged out, and what they did
// that changes something or leaves the desk.
//
// It owns one file of JSON lines and the one before it, their bound, and that what
// was written is on the disk. It holds no password and no note, and of
// names only those of users and campaigns.
package audit
