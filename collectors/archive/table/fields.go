package table

import (
	"bytes"

	"winnow/collectors/archive/input"
	"winnow/collectors/wire"
)

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
				return wire.Rejectf(input.OpenQuote, "a quote that opens in this line never closes")
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
			return wire.Rejectf(BadQuotes, "text behind a closing quote; a quote within a field is written twice")
		}
		raw = raw[1:]
	}
}
