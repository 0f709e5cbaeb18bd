// Package answer writes what the front sends back, as ClickHouse's clients
// expect it.
//
// It owns the form of results (headers, compression) and of errors: their codes,
// texts and HTTP statuses, before an answer has begun and after.
//
// It does not read requests and runs nothing: package front does.
package answer
