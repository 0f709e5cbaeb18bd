// Package crashtest kills Winnow at random moments and sees that nothing comes
// of it: what the store holds in the end is what one undisturbed run leaves.
//
// It owns a stream of posts that is the same each time, with everything that is
// hard to take in twice (edits, deletions before and after their posts,
// duplicates, late posts, gaps), a process that owns a data directory and takes
// the stream in, the kills, and the comparison. It holds tests only. What
// damages files instead of processes is tested beside the files' owners, and
// connections in package app.
package crashtest
