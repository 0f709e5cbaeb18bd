// Package input is an archive as a file: opened, hashed, decompressed and cut
// into records.
//
// It owns the bounds on memory and what happens beyond them, the difference
// between a damaged file (what came before is kept, and a frame says where it
// ends) and a disk that fails, and the three ways in which records stand in a
// file: lines, JSON values, table rows. How a file is cut depends on its bytes
// alone, so that a record's number means the same whenever it is read.
//
// What a record says is not looked at here: packages format and table do.
package input
