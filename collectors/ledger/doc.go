// Package ledger keeps the account of one source: since when it is covered,
// which holes it has, what becomes of each, and the form in which all of this
// travels through the log beside the source's cursor.
//
// It decides by times that are handed in and has no clock, no goroutine and no
// lock: one caller at a time. It does not know how sources connect, nor how
// posts are kept until the log has them.
package ledger
