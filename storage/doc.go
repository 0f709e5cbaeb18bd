// Package storage writes posts, buckets and findings to ClickHouse and reads
// them back.
//
// It owns the schema (schema/*.sql, one migration a file), every query that
// Winnow asks (queries/*.sql), the writer, the reader and the recomputation of
// buckets. It speaks to ClickHouse through clickhouse-go over HTTP, and does not care whether the
// other end is a server or the embedded engine (package embedded).
//
// It does not decide what is a campaign's post or a finding: the pipeline does.
package storage
