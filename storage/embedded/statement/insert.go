package statement

// Insert is an INSERT whose data comes after it rather than from a SELECT.
type Insert struct {
	// Into is the statement without FORMAT and data, as in "INSERT INTO t (a, b)".
	Into string
	// Format is that of the data.
	Format string
	// Data is where the data begins in the text, in bytes; len(text) when all of
	// it is still to come.
	Data int
}

// ParseInsert finds out whether a text is an INSERT with data in a format, and
// where the data begins. VALUES counts as the format Values. For anything else,
// INSERT ... SELECT and INSERT ... FROM INFILE among them, ok is false.
func ParseInsert(input string) (in Insert, ok bool) {
	s := scanner{input: input}
	depth := 0
	for n := 0; ; n++ {
		t, err := s.next()
		if err != nil || t.kind == end {
			return Insert{}, false
		}
		switch {
		case n == 0 && !t.is("INSERT"):
			return Insert{}, false
		case t.isPunct('('):
			depth++
		case t.isPunct(')'):
			depth--
		case depth > 0:
		case t.is("SELECT"), t.is("WITH"), t.is("INFILE"), t.is("WATCH"):
			return Insert{}, false
		case t.is("VALUES"):
			return Insert{Into: input[:t.start], Format: "Values", Data: t.stop}, true
		case t.is("FORMAT"):
			format, err := s.next()
			if err != nil || format.kind != word {
				return Insert{}, false
			}
			return Insert{Into: input[:t.start], Format: format.raw, Data: dataStart(input, format.stop)}, true
		}
	}
}

// dataStart skips what ClickHouse skips between a format's name and the data:
// blanks and one end of line.
func dataStart(input string, pos int) int {
	for pos < len(input) && isSpace(input[pos]) {
		pos++
		if input[pos-1] == '\n' {
			break
		}
	}
	return pos
}

// Keyword is a statement's first word in upper case, past comments and opening
// brackets; empty when there is none.
func Keyword(input string) string {
	s := scanner{input: input}
	for {
		t, err := s.next()
		switch {
		case err != nil:
			return ""
		case t.isPunct('('):
		case t.kind == word:
			return upper(t.raw)
		default:
			return ""
		}
	}
}

// upper is strings.ToUpper for ASCII, which is all that keywords have.
func upper(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'a' && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}
