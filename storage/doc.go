// Package storage writes posts, gaps, buckets, findings and changes to ClickHouse
// and gives the pipeline back what it needs.
//
// It owns the connections, the writer, the marks, the recomputation of buckets and
// their rebuilding, verdicts, what is kept how long, what is erased, and the queries of these
// (queries/*.sql, one a file). It speaks to ClickHouse through clickhouse-go over
// HTTP, and does not care whether the other end is a server, a cluster or the
// embedded engine (package embedded).
//
// The way of a post: writer.go takes a message of the log, first_sight.go dates its
// posts, tombstone.go empties those that were deleted before they came, post_row.go
// writes them, tombstone.go empties those whose deletion came now, and marks are set.
// recompute.go turns marked hours and days into buckets, audience.go into what they
// add to the unique accounts of spans; rebuild.go does so for all of them, or compares.
//
// erase.go takes an account or a campaign out of all tables, and shred.go out of the engine's
// files; dump.go hands the tables out for a backup, whose form is package backup's. Posts as
// they were received are not in the tables: they are package evidence's.
//
// The tables are package schema's. What people ask of the store is package
// view's; [Store.View] hands it out. What is a campaign's post, a finding or a
// change the pipeline decides.
package storage
