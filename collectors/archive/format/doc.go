// Package format recognises what an archive is: which platform's messages or
// what table, and how they stand in the file.
//
// It owns the formats and their names, and which way of cutting and which
// decoder belong to each. A file is judged by its content alone, never by its
// name. Cutting is package input's work; what a record of a platform says is
// told by packages v1 and v2 of X, mastodon and bluesky, a row by package table.
package format
