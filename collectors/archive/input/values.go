package input

import (
	"io"

	"winnow/collectors/wire"
)

// Values cuts a file into JSON values, however they are laid out: the elements
// of an array or of several one after another, or objects over several lines.
// It looks at brackets and quotes only, so that a broken value spoils no more
// than its brackets reach.
type Values struct {
	*window
	inArray bool
}

// NewValues cuts in.
func NewValues(in *Text) *Values { return &Values{window: newWindow(in)} }

// brackets follows the nesting of a value.
type brackets struct {
	depth    int
	inString bool
	escaped  bool
	begun    bool
}

// Next gives the next value, as Lines.Next does.
func (v *Values) Next() (Frame, error) {
	if err := v.toValue(); err != nil {
		if err == io.EOF {
			unclosed := v.inArray && v.err == io.EOF
			v.inArray = false
			if unclosed {
				f := v.frame(nil)
				f.Fault = wire.Rejectf(Truncated, "the array does not end")
				return f, nil
			}
			return v.last(nil)
		}
		return Frame{}, err
	}
	var b brackets
	scanned := 0
	for {
		n, end := b.scan(v.bytes()[scanned:])
		scanned += n
		switch {
		case end:
			return bounded(v.take(scanned, scanned)), nil
		case scanned > MaxRecord:
			return v.skip(b.scan), nil
		case !v.more():
			complete := b.begun && b.depth == 0 && !b.inString && !v.inArray
			v.inArray = false
			if complete {
				return v.last(nil)
			}
			return v.last(wire.Rejectf(Truncated, "the file ends within a value"))
		}
	}
}

// toValue goes to the start of the next value, past white space, commas and
// the brackets of arrays around values; io.EOF if there is none.
func (v *Values) toValue() error {
	for {
		for i, c := range v.bytes() {
			switch c {
			case ' ', '\t', '\r', '\n', ',':
				continue
			case '[':
				if !v.inArray {
					v.inArray = true
					continue
				}
			case ']':
				v.inArray = false
				continue
			}
			v.pass(i)
			return nil
		}
		v.pass(len(v.bytes()))
		if !v.more() {
			return io.EOF
		}
	}
}

// scan reads on in a value: how many bytes of piece belong to it, and whether
// it ends there. A bare word ends before a comma, a bracket or white space.
func (b *brackets) scan(piece []byte) (int, bool) {
	for i := 0; i < len(piece); i++ {
		c := piece[i]
		switch {
		case b.escaped:
			b.escaped = false
		case b.inString:
			switch c {
			case '\\':
				b.escaped = true
			case '"':
				b.inString = false
				if b.depth == 0 {
					return i + 1, true
				}
			}
		case c == '"':
			b.inString = true
			b.begun = true
		case c == '{' || c == '[':
			b.depth++
			b.begun = true
		case c == '}' || c == ']':
			b.depth--
			if b.depth == 0 {
				return i + 1, true
			}
			if b.depth < 0 { // closes what is around the value
				return max(i, boolInt(!b.begun)), true
			}
		case b.depth == 0:
			if c == ',' || c == ' ' || c == '\n' || c == '\r' || c == '\t' {
				return i, true
			}
			b.begun = true
		}
	}
	return len(piece), false
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
