package input

import (
	"bytes"

	"winnow/collectors/wire"
)

// Rows cuts a table into rows. A field in quotes may hold line breaks.
type Rows struct {
	*window
	delim byte
}

// NewRows cuts in, a table whose fields are divided by delim.
func NewRows(in *Text, delim byte) *Rows { return &Rows{newWindow(in), delim} }

// Header steps over the first row that is not blank: the header counts as no
// record. Its errors are those of Next.
func (r *Rows) Header() error {
	for {
		f, err := r.Next()
		if err != nil {
			return err
		}
		r.record = 0
		if !Blank(f.Raw) {
			return nil
		}
	}
}

// Next gives the next row, as Lines.Next does.
func (r *Rows) Next() (Frame, error) {
	q := quotes{delim: r.delim}
	line, searched := 0, 0 // where the line at hand begins, and how far it was searched
	firstLine := 0         // length of the first line, with its end
	for {
		if i := bytes.IndexByte(r.bytes()[searched:], '\n'); i >= 0 {
			end := searched + i
			closed := q.line(r.bytes()[line:end])
			line, searched = end+1, end+1
			if firstLine == 0 {
				firstLine = line
			}
			switch {
			case end > MaxRecord && firstLine == line:
				return bounded(r.take(line, end)), nil
			case line > MaxRow && (firstLine != line || !closed):
				return r.unclosed(firstLine), nil
			case closed:
				return r.take(line, end), nil
			}
			continue
		}
		searched = len(r.bytes())
		if len(r.bytes()) > MaxRow && firstLine > 0 {
			return r.unclosed(firstLine), nil
		}
		if len(r.bytes()) > MaxRecord {
			return r.skipLine(), nil
		}
		if r.more() {
			continue
		}
		if firstLine > 0 && r.cleanEnd() && !q.line(r.bytes()[line:]) {
			return r.unclosed(firstLine), nil
		}
		return r.last(nil)
	}
}

// unclosed gives the first line alone: its quote finds no end, so the lines
// after it are taken for rows of their own.
func (r *Rows) unclosed(firstLine int) Frame {
	f := r.take(firstLine, firstLine-1)
	f.Fault = wire.Rejectf(OpenQuote, "a quote that opens in this line never closes")
	return f
}

// quotes follows the quotes of a row over its lines.
type quotes struct {
	delim byte
	open  bool
}

// line reads one line on and reports whether the row ends with it.
func (q *quotes) line(s []byte) bool {
	if !q.open && bytes.IndexByte(s, '"') < 0 {
		return true
	}
	for {
		if !q.open {
			// At the start of a field.
			if len(s) == 0 || s[0] != '"' {
				i := bytes.IndexByte(s, q.delim)
				if i < 0 {
					return true
				}
				s = s[i+1:]
				continue
			}
			q.open = true
			s = s[1:]
		}
		i := bytes.IndexByte(s, '"')
		if i < 0 {
			return false
		}
		s = s[i+1:]
		if len(s) > 0 && s[0] == '"' {
			s = s[1:]
			continue
		}
		q.open = false
		i = bytes.IndexByte(s, q.delim)
		if i < 0 {
			return true
		}
		s = s[i+1:]
	}
}
