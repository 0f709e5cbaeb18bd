package input

import (
	"bytes"

	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

// The bounds on one record.
const (
	// MaxRecord is the longest line or array element, in bytes. A page of 500
	// posts with everything X can include has some 3 MB.
	MaxRecord = 16 << 20
	// MaxRow is the longest table row: a post's longest text with every
	// character doubled, and room for the rest. An opening quote that finds
	// no end within it is taken for a mistake in its own line.
	MaxRow = 1 << 20
	// MaxRaw is how much of a bad record the reject file holds.
	MaxRaw = 64 << 10
)

// The reasons why a record or the rest of a file cannot be read.
const (
	Truncated post.Reason = "truncated"  // the file is cut off here
	Corrupt   post.Reason = "corrupt"    // its compression is damaged from here on
	TooLong   post.Reason = "too-long"   // longer than MaxRecord
	OpenQuote post.Reason = "open-quote" // a quote in a table that never closes
)

// Frame is one record as it stands in the file.
type Frame struct {
	// Record counts from 1; Line is where it begins.
	Record, Line int64
	// Raw is valid until the next call.
	Raw []byte
	// Size is the record's length in bytes where Raw holds only its beginning.
	Size int64
	// Fault is set if the record cannot be decoded as it is.
	Fault *wire.Reject
}

// Blank reports whether a record is nothing but white space as JSON knows it.
func Blank(raw []byte) bool { return len(bytes.Trim(raw, " \t\r\n")) == 0 }
