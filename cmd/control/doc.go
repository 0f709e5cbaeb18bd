// Package control lets other commands talk to the process that owns a data
// directory, over a Unix socket inside it.
//
// A data directory has one owner. When `winnow serve` runs, `winnow replay`
// and `winnow sql` on the same directory go through its socket; when nobody
// runs, they become the owner themselves. Both ways look the same to them: see
// Owner. The socket can be opened by the user who runs the owner and by nobody
// else, and carries no other authentication.
//
// It owns the little protocol on that socket and the lock. It does not own
// what is behind: package app does.
package control
