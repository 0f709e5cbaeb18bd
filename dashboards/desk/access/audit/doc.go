// Package audit keeps who logged in, who tried and who logged out, and which tokens
// were made, removed and refused.
//
// It owns one file of JSON lines and the one before it, their bound, and that what
// was written is on the disk. It holds no password and no token, and of names only
// those of users and tokens.
package audit
