// Package chdb binds libchdb, the ClickHouse engine as a shared library, without
// cgo.
//
// It owns the C interface: loading the library, connections, results in one
// piece or as they are made, inserts as a stream, and the engine's errors. A
// connection is cheap (well under a millisecond once the first is open) and
// carries its settings as arguments, so callers open one per request and no
// SET can leak from one request into the next.
//
// It knows nothing about users, HTTP or what a query may do: packages front and
// statement do.
package chdb
