package sieve

import "bytes"

// scanner goes over JSON. It checks no more than it needs: what it steps over
// may be broken inside.
type scanner struct {
	b []byte
	i int
}

func (s *scanner) space() {
	for s.i < len(s.b) {
		switch s.b[s.i] {
		case ' ', '\t', '\r', '\n':
			s.i++
		default:
			return
		}
	}
}

// take steps over c, if that comes next but for blanks.
func (s *scanner) take(c byte) bool {
	s.space()
	if s.i < len(s.b) && s.b[s.i] == c {
		s.i++
		return true
	}
	return false
}

// end reports whether nothing follows.
func (s *scanner) end() bool {
	s.space()
	return s.i == len(s.b)
}

// member goes to the next value of an object, which starts with the first, and
// returns its name; more is false at the object's end.
func (s *scanner) member(first bool) (name []byte, more, ok bool) {
	if first {
		if !s.take('{') {
			return nil, false, false
		}
		if s.take('}') {
			return nil, false, true
		}
	} else {
		if s.take('}') {
			return nil, false, true
		}
		if !s.take(',') {
			return nil, false, false
		}
	}
	name, ok = s.text()
	return name, true, ok && s.take(':')
}

// text reads a string without escapes.
func (s *scanner) text() ([]byte, bool) {
	if !s.take('"') {
		return nil, false
	}
	n := bytes.IndexByte(s.b[s.i:], '"')
	if n < 0 {
		return nil, false
	}
	out := s.b[s.i : s.i+n]
	s.i += n + 1
	return out, bytes.IndexByte(out, '\\') < 0
}

// number reads a whole number that fits.
func (s *scanner) number() (n int64, ok bool) {
	s.space()
	start := s.i
	for ; s.i < len(s.b) && '0' <= s.b[s.i] && s.b[s.i] <= '9'; s.i++ {
		n = n*10 + int64(s.b[s.i]-'0')
	}
	digits := s.i - start
	if digits == 0 || digits > 18 || digits > 1 && s.b[start] == '0' || s.i == len(s.b) {
		return 0, false
	}
	switch s.b[s.i] {
	case ',', '}', ' ', '\t', '\r', '\n':
		return n, true
	}
	return 0, false
}

// skip steps over a value and returns it.
func (s *scanner) skip() ([]byte, bool) {
	s.space()
	start, depth := s.i, 0
	for s.i < len(s.b) {
		switch c := s.b[s.i]; c {
		case '"':
			s.i++
			if !s.stringEnd() {
				return nil, false
			}
		case '{', '[':
			depth++
			s.i++
			continue
		case '}', ']':
			if depth == 0 { // the value before ends here
				return s.b[start:s.i], s.i > start
			}
			depth--
			s.i++
		case ',':
			if depth == 0 {
				return s.b[start:s.i], s.i > start
			}
			s.i++
			continue
		default:
			s.i++
			continue
		}
		if depth == 0 {
			return s.b[start:s.i], true
		}
	}
	return nil, false
}

// stringEnd steps behind the end of the string it stands in.
func (s *scanner) stringEnd() bool {
	for from := s.i; ; {
		n := bytes.IndexByte(s.b[s.i:], '"')
		if n < 0 {
			return false
		}
		quote := s.i + n
		slash := quote
		for slash > from && s.b[slash-1] == '\\' {
			slash--
		}
		s.i = quote + 1
		if (quote-slash)%2 == 0 {
			return true
		}
		from = s.i
	}
}
