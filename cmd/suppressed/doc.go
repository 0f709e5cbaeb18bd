// Package suppressed keeps the accounts that asked to be forgotten from being collected
// again.
//
// It owns their list (a file of keyed hashes in the data directory, from which nobody
// without the key can tell who is on it), and what is taken out of what comes: their posts;
// their names in posts of others, as a mention, an answer, a quotation, a link or spelt out
// behind an @; and of what passes their posts on all but that it did. It does not erase
// what is stored, which is package storage's.
package suppressed
