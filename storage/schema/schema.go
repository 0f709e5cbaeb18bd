// Package schema holds the tables of Winnow as migrations, one file each, in
// the order of their numbers.
//
// ClickHouse has no transactions for DDL, so a migration that was cut off is
// run again: every statement must do nothing when it was done before. A
// migration that was released is never edited; a change is a new file.
package schema

import "embed"

// Files holds the migrations.
//
//go:embed *.sql
var Files embed.FS
