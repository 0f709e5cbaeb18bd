// Package linetest is a platform so simple that the suite can be tested with
// it, and its collector.
//
// It owns a protocol of its own: lines of JSON in one endless answer over HTTP,
// a replay from a cursor or a history to ask for, and all the faults of
// collectortest.Platform. Nothing outside tests speaks it.
package linetest
