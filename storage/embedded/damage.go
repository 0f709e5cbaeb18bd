package embedded

import (
	_ "embed" // the query is a file beside the code
	"errors"
	"fmt"
	"strings"

	"winnow/storage/embedded/chdb"
)

//go:embed broken_parts.sql
var brokenPartsSQL string

// ErrDamaged says that files of the store cannot be read.
var ErrDamaged = errors.New("the store is damaged")

// damage is ErrDamaged in the child's words.
type damage struct{ text string }

func (d *damage) Error() string { return d.text }

func (*damage) Unwrap() error { return ErrDamaged }

// checkParts fails if the engine has put damaged parts of tables aside. It does
// so when it opens the store and goes on without them, and says nothing.
func checkParts(conn *chdb.Conn) error {
	rows, _, err := conn.Exec(brokenPartsSQL, "TSVRaw")
	if err != nil {
		return fmt.Errorf("look for damaged parts of the store: %w", err)
	}
	var parts []string
	for line := range strings.Lines(string(rows)) {
		table, path, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		parts = append(parts, path+" of table "+table)
	}
	if len(parts) == 0 {
		return nil
	}
	return fmt.Errorf("%w: what these parts held is missing: %s; check the disk, then restore the store from a copy, "+
		"or move these directories away to go on without them and take their posts in again", ErrDamaged, strings.Join(parts, ", "))
}
