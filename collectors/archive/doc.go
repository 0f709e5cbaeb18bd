// Package archive replays a file of posts into the log: what X's, Mastodon's
// and Bluesky's own tools write, and tables (CSV).
//
// It owns the replay: batches, the cursor, the reject file, and going on where
// an earlier run stopped. Reading a file record by record is package input's
// work; package format tells what the records are, and who decodes them. What
// happens to the posts is up to whoever reads the log.
//
// A replay is repeatable. The file's content names the source ("archive/" and
// its SHA-256), batches are cut by records, and no clock goes into a post: two
// replays write the same rows. The cursor in each batch counts records, and
// what was counted and rejected before it. Rejects are on disk before the
// batch that passes them is published.
//
// A bad record never stops a replay, and is never half used: it is counted by
// reason and written to the reject file.
package archive
