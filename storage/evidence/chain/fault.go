package chain

import "fmt"

// Fault is one thing that is wrong with a text.
type Fault struct {
	// Line counts from 1; 0 where no single line is meant.
	Line int
	// Record is the number of the record it is about; 0 for none.
	Record uint64
	// What is for people: "changed: its link does not follow from the line before".
	What string
}

// String says where and what.
func (f Fault) String() string {
	switch {
	case f.Record > 0 && f.Line > 0:
		return fmt.Sprintf("line %d, record %d: %s", f.Line, f.Record, f.What)
	case f.Record > 0:
		return fmt.Sprintf("record %d: %s", f.Record, f.What)
	case f.Line > 0:
		return fmt.Sprintf("line %d: %s", f.Line, f.What)
	}
	return f.What
}
