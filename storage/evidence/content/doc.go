// Package content is what lies beside the chain of evidence: the records as they were
// received, each with the salt that its commitment was made with.
//
// It owns the form of a record, how a commitment is computed from it, and the form of the
// files. It does not know which records belong together, and writes no file itself.
//
// # The form
//
// A record is one line of JSON; its member raw holds the bytes that came, in base64. A
// salt is 32 random bytes, written as 64 small hexadecimal digits. The commitment is the
// SHA-256 of two lines of text, each with its line feed:
//
//	SALT
//	RECORD
//
// So a record can be handed on as a file of these two lines, and whoever has it needs
// sha256sum alone. Without the salt nobody can try whether a text that they guess is the
// one that was committed to.
//
// A file of content is made of blocks, one for each time that records were appended: a
// skippable frame of Zstandard (RFC 8878, 3.1.2), and a frame with the records. zstd -dc
// shows a line for each of them:
//
//	NUMBER SALT RECORD
//	NUMBER erased TIME
//
// The second is what is left of a record that was erased. In the skippable frame is one
// line of text:
//
//	winnow INCARNATION SEQUENCE FIRST COUNT LENGTH HASH
//
// The first two are the position in the log of the message that the records came in, then
// the number of the first record, how many there are, how many bytes the frame behind has,
// and the SHA-256 of this line without HASH and the blank before it, a line feed, and that
// frame: so damage is found that decompressing would not notice.
package content
