// Package storage writes posts, gaps, buckets, findings and changes to ClickHouse
// and gives the pipeline back what it needs.
//
// It owns the connections, the writer, the marks, the recomputation of buckets
// and the queries of these (queries/*.sql, one a file). It speaks to ClickHouse
// through clickhouse-go over HTTP, and does not care whether the other end is a
// server or the embedded engine (package embedded).
//
// The tables are package schema's. What people ask of the store is package
// view's; [Store.View] hands it out. What is a campaign's post, a finding or a
// change the pipeline decides.
package storage
