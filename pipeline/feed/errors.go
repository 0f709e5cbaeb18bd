package feed

import (
	"winnow/pipeline/feed/codec"
	"winnow/pipeline/feed/stream"
)

// The errors of this package that callers tell apart with errors.Is.
var (
	// ErrFull says that the log has no room: the pipeline is behind or stands
	// still. Nothing was lost; wait and publish the same batch again.
	ErrFull = stream.ErrFull
	// ErrTooLarge says that a batch passes the limits of one message. Cut it
	// in two: the first part without a cursor, the last with it.
	ErrTooLarge = codec.ErrTooLarge
	// ErrInvalid says that a batch or an option can never be accepted.
	ErrInvalid = codec.ErrInvalid
	// ErrDamaged says that a message of the log cannot be decoded.
	ErrDamaged = codec.ErrDamaged
	// ErrUnwritable says that the embedded log's disk takes no more. Nothing
	// that the log took is lost; it has to be opened again.
	ErrUnwritable = stream.ErrUnwritable
	// ErrClosed says that the log was closed.
	ErrClosed = stream.ErrClosed
)
