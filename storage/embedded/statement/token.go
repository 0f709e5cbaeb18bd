package statement

import "strings"

// kind is what a token is.
type kind int

const (
	end    kind = iota
	word        // a bare identifier, keyword or number
	quoted      // an identifier in backquotes or double quotes
	text        // a string in single quotes, hexadecimal or binary form, or a heredoc
	punct       // one byte of anything else
)

// token is a piece of a statement.
type token struct {
	kind kind
	// raw is the token as written, name the identifier of a word or quoted token
	// with its quotes and escapes taken away.
	raw, name string
	// start and stop are the token's place in the input, in bytes.
	start, stop int
}

// is tells whether the token is that keyword; keywords know no case.
func (t token) is(keyword string) bool {
	return t.kind == word && strings.EqualFold(t.raw, keyword)
}

func (t token) isPunct(c byte) bool { return t.kind == punct && t.raw[0] == c }

// identifier tells whether the token can name something.
func (t token) identifier() bool { return t.kind == word || t.kind == quoted }

// scanner takes a statement apart.
type scanner struct {
	input string
	pos   int
	// dotted tells that the last token was a dot: digits after it are the place of
	// a tuple's element, and no number that may have a dot of its own.
	dotted bool
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isSpace(c byte) bool {
	return c == ' ' || c >= '\t' && c <= '\r'
}

// next returns the next token, skipping spaces and comments. At the end of the
// input it returns a token of kind end for ever.
func (s *scanner) next() (token, error) {
	if err := s.skip(); err != nil {
		return token{}, err
	}
	start := s.pos
	if start >= len(s.input) {
		return token{kind: end, start: start, stop: start}, nil
	}
	c := s.input[start]
	dotted := s.dotted
	s.dotted = c == '.'
	switch {
	case (c == 'x' || c == 'X' || c == 'b' || c == 'B') && strings.HasPrefix(s.input[start+1:], "'"):
		return s.digits(c)
	case isWord(c):
		for s.pos < len(s.input) && (isWord(s.input[s.pos]) || s.input[s.pos] == '$') {
			s.pos++
		}
		if !dotted && isNumber(s.input[start:s.pos]) {
			if err := s.fraction(); err != nil {
				return token{}, err
			}
		}
		raw := s.input[start:s.pos]
		return token{kind: word, raw: raw, name: raw, start: start, stop: s.pos}, nil
	case c == '\'':
		if _, err := s.quoted('\''); err != nil {
			return token{}, err
		}
		return token{kind: text, raw: s.input[start:s.pos], start: start, stop: s.pos}, nil
	case c == '`' || c == '"':
		name, err := s.quoted(c)
		if err != nil {
			return token{}, err
		}
		return token{kind: quoted, raw: s.input[start:s.pos], name: name, start: start, stop: s.pos}, nil
	case c == '$':
		return s.heredoc()
	}
	s.pos++
	return token{kind: punct, raw: s.input[start:s.pos], start: start, stop: s.pos}, nil
}

// isNumber tells whether a word is a number, of which a dot may be a part.
func isNumber(word string) bool {
	digits := "0123456789_"
	if strings.HasPrefix(word, "0x") || strings.HasPrefix(word, "0X") {
		word, digits = word[2:], "0123456789abcdefABCDEF_"
	}
	return strings.Trim(word, digits) == ""
}

// fraction takes the dot and what belongs to the number after it. The dot in
// "1. FROM" is the number's, so that FROM is a keyword and no column.
func (s *scanner) fraction() error {
	rest := s.input[s.pos:]
	if rest == "" || rest[0] != '.' {
		return nil
	}
	i := 1
	digits := func() {
		for i < len(rest) && (rest[i] >= '0' && rest[i] <= '9' || rest[i] == '_') {
			i++
		}
	}
	digits()
	if i < len(rest) && strings.IndexByte("eEpP", rest[i]) >= 0 {
		i++
		if i < len(rest) && (rest[i] == '+' || rest[i] == '-') {
			i++
		}
		digits()
	}
	if i < len(rest) && (isWord(rest[i]) || rest[i] == '$') {
		return syntaxError("a number goes over into a name")
	}
	s.pos += i
	return nil
}

// skip moves past spaces and comments. ClickHouse's comments begin with two
// dashes, two slashes, "# " or "#!" and go to the end of the line, or are
// between /* and */, which nest.
func (s *scanner) skip() error {
	for s.pos < len(s.input) {
		rest := s.input[s.pos:]
		switch {
		case isSpace(rest[0]):
			s.pos++
		case strings.HasPrefix(rest, "--"), strings.HasPrefix(rest, "//"), strings.HasPrefix(rest, "# "), strings.HasPrefix(rest, "#!"):
			line := strings.IndexByte(rest, '\n')
			if line < 0 {
				s.pos = len(s.input)
				return nil
			}
			s.pos += line
		case strings.HasPrefix(rest, "/*"):
			if err := s.skipBlock(); err != nil {
				return err
			}
		default:
			return nil
		}
	}
	return nil
}

func (s *scanner) skipBlock() error {
	depth, i := 1, s.pos+2
	for depth > 0 {
		switch {
		case i+2 > len(s.input):
			return syntaxError("a comment is not closed")
		case s.input[i:i+2] == "/*":
			depth++
			i += 2
		case s.input[i:i+2] == "*/":
			depth--
			i += 2
		default:
			i++
		}
	}
	s.pos = i
	return nil
}

// quoted reads up to the closing quote: a backslash takes the next byte along,
// a doubled quote stands for itself.
func (s *scanner) quoted(quote byte) (string, error) {
	var name strings.Builder
	for i := s.pos + 1; i < len(s.input); i++ {
		switch c := s.input[i]; {
		case c == '\\' && i+1 < len(s.input):
			i++
			name.WriteByte(s.input[i])
		case c == quote && i+1 < len(s.input) && s.input[i+1] == quote:
			i++
			name.WriteByte(quote)
		case c == quote:
			s.pos = i + 1
			return name.String(), nil
		default:
			name.WriteByte(c)
		}
	}
	return "", syntaxError("a quote is not closed")
}

// digits reads x'4142' or b'0101', which know no escapes.
func (s *scanner) digits(prefix byte) (token, error) {
	allowed := "01"
	if prefix == 'x' || prefix == 'X' {
		allowed = "0123456789abcdefABCDEF"
	}
	start := s.pos
	i := start + 2
	for i < len(s.input) && strings.IndexByte(allowed, s.input[i]) >= 0 {
		i++
	}
	if i >= len(s.input) || s.input[i] != '\'' {
		return token{}, syntaxError("a hexadecimal or binary string is not closed")
	}
	s.pos = i + 1
	return token{kind: text, raw: s.input[start:s.pos], start: start, stop: s.pos}, nil
}

// heredoc reads $tag$...$tag$; the tag may be empty.
func (s *scanner) heredoc() (token, error) {
	start := s.pos
	i := start + 1
	for i < len(s.input) && isWord(s.input[i]) {
		i++
	}
	if i >= len(s.input) || s.input[i] != '$' {
		return token{}, syntaxError("a dollar sign that begins no heredoc")
	}
	tag := s.input[start : i+1]
	length := strings.Index(s.input[i+1:], tag)
	if length < 0 {
		return token{}, syntaxError("a heredoc is not closed")
	}
	s.pos = i + 1 + length + len(tag)
	return token{kind: text, raw: s.input[start:s.pos], start: start, stop: s.pos}, nil
}

// scan takes the whole input apart, without the end token.
func scan(input string) ([]token, error) {
	s := scanner{input: input}
	var tokens []token
	for {
		t, err := s.next()
		if err != nil {
			return nil, err
		}
		if t.kind == end {
			return tokens, nil
		}
		tokens = append(tokens, t)
	}
}
