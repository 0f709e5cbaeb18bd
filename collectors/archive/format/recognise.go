package format

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"winnow/collectors/archive/input"
	"winnow/collectors/archive/table"
	"winnow/collectors/wire"
)

// firstLook is how much of a file is looked at first; if that decides nothing,
// up to one longest record is.
const firstLook = 256 << 10

// Hints are what the operator says about a file. The zero value is nothing.
type Hints struct {
	// Format names the format; "" recognises it.
	Format Name
	// Columns maps our names of a table's columns to those of its header.
	Columns map[string]string
}

// Recognise tells the shape of a file from its beginning. The error is
// ErrNothingReadable if the file is no archive, a *table.ColumnsError if a
// table lacks columns.
func Recognise(src *input.File, hints Hints) (Shape, error) {
	if hints.Format != "" && !slices.Contains(Names(), hints.Format) {
		return Shape{}, fmt.Errorf("unknown format %q; it is one of %s", hints.Format, List())
	}
	in, err := src.Text()
	if err != nil {
		return Shape{}, err
	}
	defer in.Close()
	content := input.NewHead(in)
	for look := firstLook; ; look *= 8 {
		head, end := content.Grow(look)
		var fault *wire.Reject
		if end != nil && end != io.EOF {
			if fault, err = in.Fault(end); err != nil {
				return Shape{}, err
			}
		}
		s, err := guess(head, end != nil, hints)
		if err != nil && end == nil && len(head) <= input.MaxRecord {
			continue
		}
		if fault != nil && errors.Is(err, ErrNothingReadable) {
			err = fmt.Errorf("%w (%s)", err, fault.Detail)
		}
		return s, err
	}
}

// guess tells the shape from the beginning of the content; whole says that it
// is all of it.
func guess(head []byte, whole bool, hints Hints) (Shape, error) {
	start := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(start) == 0:
		return Shape{}, fmt.Errorf("%w: the file is empty", ErrNothingReadable)
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return Shape{}, fmt.Errorf("%w: the file is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8", ErrNothingReadable)
	}
	if hints.Format == CSV {
		return guessTable(start, whole, hints)
	}
	if start[0] == '[' {
		return guessJSON(start, Values, hints)
	}
	if s, err := guessJSON(head, Lines, hints); err == nil {
		return s, nil
	}
	if start[0] == '{' || hints.Format != "" {
		return guessJSON(start, Values, hints)
	}
	return guessTable(start, whole, hints)
}

// guessJSON classifies the records of the beginning until one tells.
func guessJSON(head []byte, l Layout, hints Hints) (Shape, error) {
	records := cut(&input.Text{Reader: bytes.NewReader(head)}, l)
	weak := Name("")
	for {
		// Damage and the end of the head are one here.
		fr, err := records.Next()
		if err != nil {
			break
		}
		raw := bytes.TrimSpace(fr.Raw)
		if fr.Fault != nil || len(raw) == 0 || raw[0] != '{' {
			continue
		}
		format, sure := classify(raw)
		if hints.Format != "" && format != "" {
			return Shape{Format: hints.Format, Layout: l}, nil
		}
		if sure {
			return Shape{Format: format, Layout: l}, nil
		}
		if weak == "" {
			weak = format
		}
	}
	if weak != "" {
		return Shape{Format: weak, Layout: l}, nil
	}
	return Shape{}, nothingReadable(hints)
}

func guessTable(start []byte, whole bool, hints Hints) (Shape, error) {
	header, _, complete := bytes.Cut(start, []byte{'\n'})
	if !complete && !whole || wire.Text(header) != nil || len(header) > input.MaxRow {
		return Shape{}, nothingReadable(hints)
	}
	if hints.Format != CSV && !bytes.ContainsAny(header, ",;\t") {
		return Shape{}, nothingReadable(hints)
	}
	t, err := table.New(header, hints.Columns)
	if err != nil {
		var columns *table.ColumnsError
		if !errors.As(err, &columns) {
			return Shape{}, nothingReadable(hints)
		}
		return Shape{}, err
	}
	return Shape{Format: CSV, Layout: Rows, table: t}, nil
}

func nothingReadable(hints Hints) error {
	if hints.Format != "" {
		return fmt.Errorf("%w: no record looks like format %s; leave the format out to have it recognised", ErrNothingReadable, hints.Format)
	}
	return fmt.Errorf("%w: tried %s; if it is one of these, name it with --format to see what is wrong",
		ErrNothingReadable, List())
}
