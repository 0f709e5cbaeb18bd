package archive

import (
	"bytes"

	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

const (
	wrongFields post.Reason = "wrong-fields" // more or fewer than the header names
	badQuotes   post.Reason = "bad-quotes"   // text behind a closing quote
)

// rows cuts a table into rows. A field in quotes may hold line breaks. The
// header is the first row and counts as no record.
type rows struct {
	*window
	delim byte
}

func (r rows) next() (frame, error) {
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
			case end > maxRecord && firstLine == line:
				return bounded(r.take(line, end)), nil
			case line > maxRow && (firstLine != line || !closed):
				return r.unclosed(firstLine), nil
			case closed:
				return r.take(line, end), nil
			}
			continue
		}
		searched = len(r.bytes())
		if len(r.bytes()) > maxRow && firstLine > 0 {
			return r.unclosed(firstLine), nil
		}
		if len(r.bytes()) > maxRecord {
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
func (r rows) unclosed(firstLine int) frame {
	f := r.take(firstLine, firstLine-1)
	f.fault = wire.Rejectf(openQuote, "a quote that opens in this line never closes")
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

// fields divides a row. The strings share one allocation and are valid for
// ever; the slice is valid until the next call.
type fields struct {
	delim byte
	out   []string
	buf   []byte
	ends  []int
}

func (f *fields) split(raw []byte) ([]string, error) {
	if n := len(raw); n > 0 && raw[n-1] == '\r' {
		raw = raw[:n-1]
	}
	f.out = f.out[:0]
	if bytes.IndexByte(raw, '"') < 0 {
		s := string(raw)
		for from := 0; ; {
			i := bytes.IndexByte(raw[from:], f.delim)
			if i < 0 {
				f.out = append(f.out, s[from:])
				return f.out, nil
			}
			f.out = append(f.out, s[from:from+i])
			from += i + 1
		}
	}
	if err := f.unquote(raw); err != nil {
		return nil, err
	}
	s, from := string(f.buf), 0
	for _, end := range f.ends {
		f.out = append(f.out, s[from:end])
		from = end
	}
	return f.out, nil
}

// unquote writes the fields of a row that has quotes to buf, one behind the
// other, and where each ends to ends.
func (f *fields) unquote(raw []byte) error {
	f.buf, f.ends = f.buf[:0], f.ends[:0]
	for {
		if len(raw) == 0 || raw[0] != '"' {
			i := bytes.IndexByte(raw, f.delim)
			if i < 0 {
				f.buf = append(f.buf, raw...)
				f.ends = append(f.ends, len(f.buf))
				return nil
			}
			f.buf = append(f.buf, raw[:i]...)
			f.ends = append(f.ends, len(f.buf))
			raw = raw[i+1:]
			continue
		}
		raw = raw[1:]
		for {
			i := bytes.IndexByte(raw, '"')
			if i < 0 {
				return wire.Rejectf(openQuote, "a quote that opens in this line never closes")
			}
			f.buf = append(f.buf, raw[:i]...)
			raw = raw[i+1:]
			if len(raw) == 0 || raw[0] != '"' {
				break
			}
			f.buf = append(f.buf, '"')
			raw = raw[1:]
		}
		f.ends = append(f.ends, len(f.buf))
		if len(raw) == 0 {
			return nil
		}
		if raw[0] != f.delim {
			return wire.Rejectf(badQuotes, "text behind a closing quote; a quote within a field is written twice")
		}
		raw = raw[1:]
	}
}
