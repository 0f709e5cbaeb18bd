// Package archive replays a file of posts into the log: what X's, Mastodon's
// and Bluesky's own tools write, and tables (CSV).
//
// It owns opening (plain, gzip or zstd, told by their first bytes), recognising
// the format, cutting a file into records within bounded memory, the table
// format, the reject file, and going on where a replay stopped. What a record
// of a platform says is told by packages x, mastodon and bluesky; what happens
// to the posts by whoever reads the log.
//
// A replay is repeatable. The file's content names the source ("archive/" and
// its SHA-256), batches are cut by records, and no clock goes into a post: two
// replays write the same rows. The cursor in each batch counts records, and
// what was counted and rejected before it. Rejects are on disk before the
// batch that passes them is published.
//
// A bad record never stops a replay, and is never half used: it is counted by
// reason and written to the reject file. A figure that cannot be, such as -3
// followers, makes the whole record doubtful and counts as bad.
package archive
