package neardup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"winnow/pipeline/post/link"
)

// body returns text without the hashtags, links, mentions, emoji and marks that
// stand before its first word and behind its last one: rings vary these most.
// Tags between words are words of the sentence and stay. cutOff tells that the
// last word may be half a word, as it runs into an ellipsis.
func body(text string) (s string, cutOff bool) {
	text = text[head(text):]
	for {
		text = strings.TrimRightFunc(text, unicode.IsSpace)
		start := strings.LastIndexFunc(text, unicode.IsSpace)
		if start >= 0 {
			_, n := utf8.DecodeRuneInString(text[start:])
			start += n
		} else {
			start = 0
		}
		keep := tail(text[start:])
		if keep < 0 {
			break
		}
		if text = text[:start+keep]; text == "" {
			return "", false
		}
	}
	return text, strings.HasSuffix(text, "…") || strings.HasSuffix(text, "...")
}

// head returns where the first word of text starts.
func head(text string) int {
	i := 0
	if len(text) > 3 && text[0]|0x20 == 'r' && text[1]|0x20 == 't' && text[2] == ' ' && text[3] == '@' {
		i = 3
	}
	for i < len(text) {
		if n := markLen(text[i:]); n > 0 {
			i = tagEnd(text, i+n)
			continue
		}
		c := text[i]
		if c == '@' {
			i = mentionEnd(text, i+1)
			continue
		}
		if c|0x20 == 'h' || c|0x20 == 'w' {
			if end := link.End(text, i); end > i {
				i = end
				continue
			}
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if wordRune(r) {
			return i
		}
		i += n
	}
	return i
}

// tail returns how much of the last token of a text belongs to its body, -1 if
// all of it does.
func tail(token string) int {
	glued := strings.ContainsAny(token, "#@＃﹟") || strings.Contains(token, "://")
	for i := 0; i < len(token); {
		r, n := utf8.DecodeRuneInString(token[i:])
		switch {
		case r == '@':
			return cutIfBare(token, i, mentionEnd(token, i+1))
		case markLen(token[i:]) > 0:
			end := i
			for n := markLen(token[end:]); n > 0; n = markLen(token[end:]) {
				end = tagEnd(token, end+n)
			}
			return cutIfBare(token, i, end)
		case wordRune(r):
			if end := link.End(token, i); end > i {
				return cutIfBare(token, i, end)
			}
			if !glued {
				return -1
			}
			// A tag or link may still follow a mark without a blank.
			for i < len(token) && inWord(token[i:]) {
				_, n = utf8.DecodeRuneInString(token[i:])
				i += n
			}
			if i == len(token) || token[i] == '@' || markLen(token[i:]) > 0 {
				return -1 // the end, an address, or "C#"
			}
		default:
			i += n
		}
	}
	return 0 // no word in it
}

// inWord reports whether s starts with a character that continues a word.
func inWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r == '_' || wordRune(r) || unicode.In(r, unicode.M, unicode.Cf)
}

// cutIfBare returns start if no word follows end.
func cutIfBare(token string, start, end int) int {
	for _, r := range token[end:] {
		if wordRune(r) {
			return -1
		}
	}
	return start
}

func wordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z'
	}
	return unicode.IsLetter(r) || unicode.Is(unicode.Nd, r)
}

// markLen returns the length of the hashtag mark that s starts with, or 0.
func markLen(s string) int {
	switch {
	case s == "":
		return 0
	case s[0] == '#':
		return 1
	case s[0] == 0xEF && (strings.HasPrefix(s, "＃") || strings.HasPrefix(s, "﹟")):
		return 3
	}
	return 0
}

func tagEnd(s string, i int) int {
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !inWord(s[i:]) && r != '·' && r != '・' {
			break
		}
		i += n
	}
	return i
}

func mentionEnd(s string, i int) int {
	for i < len(s) && (wordRune(rune(s[i])) && s[i] < utf8.RuneSelf || strings.IndexByte("_.-@", s[i]) >= 0) {
		i++
	}
	return i
}
