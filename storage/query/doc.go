// Package query is the two ends of a question to ClickHouse: the parameters
// that go into a query file, and the rows that come out of it.
//
// It holds no query: those lie with the packages that ask them (storage and
// view).
package query
