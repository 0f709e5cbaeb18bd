package coordination

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"winnow/pipeline/post/fold"
)

// words counts the words of a text by which it could be known again: no links,
// mentions and tags. Where a script puts no blanks between words, two
// characters count as one word. It stops at 100.
func words(s string) int {
	n, unspaced := 0, 0
	inWord, skip := false, false
	for i, r := range s {
		switch {
		case unicode.IsSpace(r):
			inWord, skip = false, false
		case skip:
		case !inWord && (r == '@' || r == '#'):
			skip = true
		case r >= utf8.RuneSelf && fold.Unspaced(r):
			unspaced++
		case !inWord && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			inWord = true
			n++
		case r == ':' && inWord && strings.HasPrefix(s[i:], "://"): // the word was a link's scheme
			inWord, skip = false, true
			n--
		}
		if n+unspaced/2 >= 100 {
			return 100
		}
	}
	return n + unspaced/2
}
