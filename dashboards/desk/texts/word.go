package texts

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is what is compared: a run of letters, marks and digits, or of blanks, or any
// other character by itself.
type word = string

// split cuts a text into words, which make the text when put together, and says
// whether there were more than so many.
func split(s string, most int) (words []word, cut bool) {
	for len(s) > 0 {
		if len(words) == most {
			return words, true
		}
		n := 0
		first := kindOf(rune(0))
		for i, r := range s {
			kind := kindOf(r)
			if i > 0 && (kind != first || kind == other) {
				break
			}
			first = kind
			n = i + utf8.RuneLen(r)
			if r == utf8.RuneError {
				// One byte that is no UTF-8, or the character that stands for it.
				_, size := utf8.DecodeRuneInString(s[i:])
				n = i + size
			}
		}
		words, s = append(words, s[:n]), s[n:]
	}
	return words, false
}

type kind int

const (
	other kind = iota
	letters
	blanks
)

// kindOf says to which run a character belongs. Joiners and other characters without
// a shape belong to the word that they stand in, or a word with one in its middle would
// be three.
func kindOf(r rune) kind {
	switch {
	case unicode.IsSpace(r):
		return blanks
	case unicode.IsLetter(r), unicode.IsMark(r), unicode.IsNumber(r), unicode.Is(unicode.Cf, r), r == '_', r == '\'', r == '’':
		return letters
	}
	return other
}

// Visible writes out the characters that change a text and cannot be seen: those
// without a shape, such as zero-width spaces, and those that turn its direction. The
// joiners within words stay, for Persian and for emoji.
func Visible(s string) string {
	if !strings.ContainsFunc(s, unseen) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if unseen(r) {
			fmt.Fprintf(&b, "[U+%04X]", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func unseen(r rune) bool {
	switch r {
	case '\u200c', '\u200d', '\n', '\r', '\t':
		return false
	}
	return unicode.Is(unicode.Cf, r) || unicode.IsControl(r)
}
