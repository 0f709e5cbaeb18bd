// Package codec writes a batch as the bytes of one message of the log, and reads
// it back.
//
// It owns the format and its version, the limits of one batch, and the promise
// that any bytes either decode within bounded memory or are refused as damaged.
//
// It does not know how messages are stored, what a cursor means or in which
// order batches come (package feed), and decides nothing about a post.
package codec
