// Package witnesstest is a time stamping authority in process, for tests.
//
// It owns that the authority speaks RFC 3161 over HTTP, and how it can go wrong.
package witnesstest
