// Package table reads posts from tables (CSV), whichever tool wrote them.
//
// It owns the columns that Winnow knows, which of them must be there, how a
// header is matched with them, how a row divides into fields, and the forms in
// which tools write times, numbers and truths. What a field that is empty or
// "NA" would say is unknown. A figure that cannot be, such as -3 followers,
// makes the whole row doubtful and counts as bad.
//
// Where a row ends in a file is told by package input.
package table
