package codec

import "errors"

// The errors of this package, as callers of the log see them.
var (
	// ErrTooLarge says that a batch passes the limits of one message. Cut it
	// in two: the first part without a cursor, the last with it.
	ErrTooLarge = errors.New("the batch is too large for the log")
	// ErrInvalid says that a batch can never be accepted.
	ErrInvalid = errors.New("not acceptable to the log")
	// ErrDamaged says that a payload cannot be decoded.
	ErrDamaged = errors.New("the message is damaged")
)
