package mastodon

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"winnow/pipeline/post/fold"
)

// TagName returns the name by which Mastodon's servers know a hashtag, or "" if
// it can be none there: compatibility forms undone, lower case, Latin letters
// without their marks, so that Bakı2015 and baki2015 are one. It is for asking
// servers; what is the same to Winnow decides fold.TagKey, which folds less.
func TagName(s string) string {
	s = fold.TrimMark(s)
	if s == "" || len(s) > fold.MaxTagSpelling || fold.TagKey(s) == "" {
		return ""
	}
	var b strings.Builder
	for _, r := range norm.NFKC.String(s) {
		r = unicode.ToLower(r)
		if plain, ok := plainLatin[r]; ok {
			r = plain
		}
		switch {
		case r == combiningDot: // what is left of İ
		case unicode.In(r, unicode.L, unicode.N, unicode.M), r == '_', r == '·', r == '\u200c':
			b.WriteRune(r)
		default: // servers would look for another tag, without this character
			return ""
		}
	}
	if b.Len() > fold.MaxTagKey {
		return ""
	}
	return b.String()
}

const combiningDot = '\u0307'

// plainLatin are the letters that servers take for ASCII ones, lower case.
// All others, such as ə, stay what they are.
var plainLatin = func() map[rune]rune {
	m := make(map[rune]rune)
	for plain, marked := range map[rune]string{
		'a': "àáâãäåāăą", 'c': "çćĉċč", 'd': "ðďđ", 'e': "èéêëēĕėęě", 'g': "ĝğġģ", 'h': "ĥħ",
		'i': "ìíîïĩīĭįı", 'j': "ĵ", 'k': "ķĸ", 'l': "ĺļľŀł", 'n': "ñńņňŉŋ", 'o': "òóôõöøōŏő",
		'r': "ŕŗř", 's': "śŝşšſ", 't': "ţťŧ", 'u': "ùúûüũūŭůűų", 'w': "ŵ", 'y': "ýÿŷ", 'z': "źżž",
	} {
		for _, r := range marked {
			m[r] = plain
		}
	}
	return m
}()

// CompareIDs orders the ids of one server by age: negative if a is older than
// b. Ids are opaque, but Mastodon's are numbers and GoToSocial's are ULIDs, so
// that length and then bytes order both.
func CompareIDs(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}
