// Package export is what leaves Winnow of a finding, for people and programs that do not
// have Winnow.
//
// It owns the shape of that ([Dataset]), how it is read from the store, and what of it
// the two profiles tell: share names nobody, prove says everything. How it is written as
// a table, a network or STIX is for the packages below, which know no profile: what is
// not to be told is not in the dataset that they get. It counts nothing, and it does not
// say who may have an export.
package export
