package coordination

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"winnow/pipeline/post"
	"winnow/pipeline/post/fold"
)

// addSentences adds the sentences of a text as objects of their own: copies
// often differ only in what stands before or behind. What is too short to be a
// copy (see fold.TextHash) is left out.
func (r *record) addSentences(text string) {
	whole := text
	for n := 0; n < maxSentences && text != ""; n++ {
		var s string
		s, text = cutSentence(text)
		if len(s) == len(whole) {
			return // there is but one
		}
		id, ok := fold.TextHash(s)
		object := post.Object{Kind: post.ObjectText, ID: id}
		if !ok || slices.ContainsFunc(r.acts, func(a act) bool { return a.object == object }) {
			continue
		}
		r.acts = append(r.acts, act{object: object, kind: aText, words: words(s), label: clip(s)})
	}
}

// cutSentence cuts the first sentence off a text: up to a line's end or a mark
// that ends sentences and has a blank behind it.
func cutSentence(s string) (first, rest string) {
	for i, r := range s {
		switch r {
		case '\n':
			return s[:i], strings.TrimSpace(s[i:])
		case '.', '!', '?', '…', '؟', '।':
			end := i + utf8.RuneLen(r)
			if next, _ := utf8.DecodeRuneInString(s[end:]); unicode.IsSpace(next) {
				return s[:end], strings.TrimSpace(s[end:])
			}
		case '。', '！', '？': // written without a blank behind
			end := i + utf8.RuneLen(r)
			return s[:end], strings.TrimSpace(s[end:])
		}
	}
	return s, ""
}

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
