// Package chain is the text that evidence is chained with: lines that each commit to a
// record, segments of such lines, and heads, each of which stands for all that came before.
//
// It owns the form of this text, how each hash in it is computed, and which faults a text
// has. It reads and writes no file, and knows nothing of what a record holds: a line has
// a number, a time and the hash of something salted, so that nothing can be learnt from it
// once the content and its salt are gone.
//
// # The form
//
// A hash is a SHA-256, written as 64 small hexadecimal digits. Each is that of whole lines
// of text, every line with its line feed, so a shell with sha256sum can compute it again.
//
// A segment begins with a header and has a line for each record:
//
//	winnow-evidence-1 CHAIN SEGMENT FIRST PREVIOUS
//	NUMBER TIME COMMITMENT LINK
//
// CHAIN names the chain: the hash of the file that says whose it is. SEGMENT counts from 1,
// FIRST is the number of the segment's first record, PREVIOUS the head before it, which is
// CHAIN for the first segment. Numbers count from 1 through all segments. TIME is in UTC,
// to the millisecond. A LINK is the hash of two lines, the link before it and its own line
// without the link:
//
//	LINK BEFORE
//	NUMBER TIME COMMITMENT
//
// Before the first line's link comes the hash of the header. The file of heads has a line
// for each closed segment, LAST being its last number and DIGEST its last link:
//
//	SEGMENT LAST DIGEST HEAD
//
// A HEAD is the hash of two lines, the head before it (CHAIN at first) and
//
//	SEGMENT LAST DIGEST
//
// The head of a chain whose last segment is open is computed in the same way from the
// number and the link of its last line. So there is one head for each number of records,
// and a segment that is missing does not keep others from being checked against it.
package chain
