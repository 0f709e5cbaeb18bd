package link

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Over returns the end of the link in text[from:] that covers the position
// at, or at if there is none. from must not lie inside of a link.
func Over(text string, from, at int) int {
	// Links have no blanks, and none covers a "#" without a slash or a "?"
	// before it.
	if i := strings.LastIndexAny(text[from:at], " \t\r\n"); i >= 0 {
		from += i + 1
	}
	if strings.IndexByte(text[from:at], '/') < 0 && strings.IndexByte(text[from:at], '?') < 0 {
		return at
	}
	for i := from; i < at; {
		if end := End(text, i); end > at {
			return end
		} else if end > i {
			i = end
		} else {
			i++
		}
	}
	return at
}

// End returns the end of the link that starts at i, or i if none does.
// Links start with http:// or https://, even right behind a word, where many
// an archive has lost the blank, or with www. or a host name and a slash, as in
// pic.example.com/abc. They end where X ends them: at blanks, at characters
// outside the alphabets of Europe, at a bracket that was not opened inside.
func End(text string, i int) int {
	rest := text[i:]
	var n int
	switch {
	case hasPrefixFold(rest, "http://"):
		n = len("http://")
	case hasPrefixFold(rest, "https://"):
		n = len("https://")
	case i > 0 && hostByte(text[i-1]):
		return i
	case hasPrefixFold(rest, "www."):
		n = len("www.")
	default:
		n = hostLen(rest)
		if n == 0 {
			return i
		}
		return i + n + pathLen(rest[n:])
	}
	if n >= len(rest) || rest[n] < utf8.RuneSelf && !alnum(rest[n]) && rest[n] != '[' {
		return i
	}
	if path := pathLen(rest[n:]); path > 0 {
		return i + n + path
	}
	return i
}

// pathLen returns how far a link goes on in s.
func pathLen(s string) int {
	depth := 0
	for i, r := range s {
		switch {
		case r <= ' ', r == '<', r == '>', r == '"', r == 0x7F:
			return i
		case r == '(':
			depth++
		case r == ')':
			if depth--; depth < 0 {
				return i
			}
		case r >= utf8.RuneSelf && (r >= 0x530 || !unicode.IsLetter(r)):
			return i
		}
	}
	return len(s)
}

// hostLen returns the length of a host name and slash at the start of s, or 0.
func hostLen(s string) int {
	label, dots, letters := 0, 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == '/':
			if dots > 0 && letters >= 2 && letters == label {
				return i + 1
			}
			return 0
		case c == '.':
			if label == 0 {
				return 0
			}
			dots++
			label, letters = 0, 0
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			label++
			letters++
		case hostByte(c):
			label++
		default:
			return 0
		}
	}
	return 0
}

// hostByte reports whether c may stand in a host name, or, for "_" and "@",
// right before what looks like a host name and is none.
func hostByte(c byte) bool {
	return alnum(c) || c == '.' || c == '-' || c == '_' || c == '@'
}

func alnum(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
}

// hasPrefixFold is strings.HasPrefix without regard to ASCII case; prefix is in
// lower case.
func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
