package fold

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"winnow/pipeline/post/link"
)

// A text is a copy of another only if it is long enough not to be written
// twice by chance: four words with twelve letters, or, in scripts that put no
// blanks between words, twelve letters. Greetings, cheers and single tags stay
// below that; what is above is weighed by the detectors.
const (
	minCopyWords   = 4
	minCopyLetters = 12
	// maxFold is how much of a text is folded, in bytes, before and after. The
	// longest texts on X take 50 kB in Arabic; a single character may unfold to
	// eighteen, so hostile texts cost more than their length tells.
	maxFold = 64 << 10
)

// Text returns text in the form by which texts are compared: words in
// folded letters (see casefold.go) with one blank between them. Links and
// mentions are gone, since rings vary them, and so are punctuation, emoji and
// a leading "RT @name:". Of a hashtag the word is kept.
//
// Text(Text(s)) == Text(s). Bytes that are not UTF-8 are dropped, and
// so is what lies beyond the first 64 KiB.
func Text(text string) string {
	text = text[:cut(text, maxFold)]
	s := trimRepostMark(string(appendFolded(make([]byte, 0, len(text)+16), text)))
	slash := strings.IndexByte(s, '/') >= 0

	out := make([]byte, 0, len(s))
	gap := false // a blank is due before the next letter
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			switch {
			case unicode.IsLetter(r), unicode.In(r, unicode.Nd, unicode.Nl):
			case unicode.Is(unicode.M, r) && !gap && len(out) > 0:
			default:
				gap = true
				i += n
				continue
			}
			out = appendGap(out, &gap)
			out = append(out, s[i:i+n]...)
			i += n
			continue
		}
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			if slash && (c == 'h' || gap || len(out) == 0) || c == 'w' {
				if end := link.End(s, i); end > i {
					gap = true
					i = end
					continue
				}
			}
			out = append(appendGap(out, &gap), c)
			i++
		case c == '@':
			gap = true
			i = max(mentionEnd(s, i), i+1)
		default:
			gap = true
			i++
		}
	}
	if len(out) > maxFold {
		out = out[:cut(string(out), maxFold)]
	}
	return strings.TrimRight(string(out), " ")
}

// cut returns the length of the longest start of s that has at most most bytes
// and does not end within a character.
func cut(s string, most int) int {
	if len(s) <= most {
		return len(s)
	}
	n := most
	for n > most-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// TextHash returns 16 hex digits that are equal for texts with equal folded
// forms. ok is false when the text is too short to be
// called a copy of another.
func TextHash(text string) (id string, ok bool) {
	folded := Text(text)
	words, letters, unspaced := 0, 0, 0
	inWord := false
	for _, r := range folded {
		if r == ' ' {
			inWord = false
			continue
		}
		if !inWord {
			inWord = true
			words++
		}
		switch {
		case 'a' <= r && r <= 'z':
			letters++
		case r >= utf8.RuneSelf && unicode.IsLetter(r):
			letters++
			if Unspaced(r) {
				unspaced++
			}
		}
	}
	if (words < minCopyWords || letters < minCopyLetters) && unspaced < minCopyLetters {
		return "", false
	}
	// Half of a cryptographic hash, so that nobody can make two texts collide
	// in order to drag a stranger into a group.
	sum := sha256.Sum256([]byte(folded))
	return hex.EncodeToString(sum[:8]), true
}

// Unspaced reports whether r belongs to a script that is written without blanks
// between words, so that a word can start and end anywhere.
func Unspaced(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan)
}

func appendGap(out []byte, gap *bool) []byte {
	if *gap && len(out) > 0 {
		out = append(out, ' ')
	}
	*gap = false
	return out
}

// trimRepostMark removes each leading "rt @name:" from a folded text.
func trimRepostMark(s string) string {
	for {
		rest := strings.TrimLeft(s, " \t\r\n")
		if !strings.HasPrefix(rest, "rt") {
			return s
		}
		rest = rest[2:]
		name := strings.TrimLeft(rest, " \t\r\n")
		end := mentionEnd(name, 0)
		if len(name) == len(rest) || end == 0 {
			return s
		}
		s = strings.TrimPrefix(strings.TrimLeft(name[end:], " "), ":")
	}
}

// mentionEnd returns the end of the mention that starts at i, or i if none
// does: "@name", "@name@host" or "@name.host", not behind a letter or digit,
// where it would be an e-mail address.
func mentionEnd(s string, i int) int {
	if i+1 >= len(s) || s[i] != '@' || !wordByte(s[i+1]) {
		return i
	}
	if i > 0 {
		if r, _ := utf8.DecodeLastRuneInString(s[:i]); r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return i
		}
	}
	end := i + 1
	for end < len(s) && (wordByte(s[end]) || strings.IndexByte(".-@", s[end]) >= 0) {
		end++
	}
	for strings.IndexByte("@.-", s[end-1]) >= 0 {
		end--
	}
	return end
}
