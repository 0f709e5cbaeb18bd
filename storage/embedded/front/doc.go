// Package front answers ClickHouse's HTTP protocol for the embedded engine:
// enough of it for clickhouse-go, curl, Grafana and JDBC's driver.
//
// It owns users and passwords, the settings a request may carry, how statements
// and inserts arrive and in which encodings, and limits on how much runs at once. How results and errors
// are sent back is in package answer. It opens one engine connection per request,
// so nothing leaks between requests.
//
// What a reader may run is decided by package statement, the listening by
// package embedded. There are no sessions, no external tables and no progress
// headers.
package front
