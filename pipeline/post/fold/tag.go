package fold

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"winnow/pipeline/post/link"
)

// Bounds on hashtags. X allows 280 characters a post, Bluesky 640 bytes a tag;
// what is longer than these is noise.
const (
	// MaxTagKey is the longest key, in bytes.
	MaxTagKey = 200
	// MaxTagSpelling is the longest spelling looked at, in bytes: marks and
	// invisible characters may make it longer than its key.
	MaxTagSpelling = 2048
)

// TagKey returns the identity of a hashtag, or "" if s is none. s may start
// with one of the marks #, ＃ and ﹟. Tags with equal keys are the same tag:
// #Baku2015, #baku2015 and ＃ＢＡＫＵ２０１５ are, and so are #İstanbul, #istanbul
// and #ISTANBUL. How letters are folded is told in casefold.go.
//
// The characters are those of an extended hashtag identifier (UAX #31, R8):
// letters, marks, digits, connectors such as "_", and, since Bluesky lets
// people tag with them, pictographs, "-" and "+". A few more come from
// twitter-text, such as the middle dot. At least one must be a letter or a
// pictograph: #2015 is a number. "_" counts, in the end as well: #baku_ is
// not #baku, on no platform.
//
// TagKey(TagKey(s)) == TagKey(s). Keys are at most 200 bytes long.
func TagKey(s string) string {
	s = TrimMark(s)
	if key, ok := asciiKey(s); ok {
		return key
	}
	if len(s) > MaxTagSpelling || !utf8.ValidString(s) {
		return ""
	}
	var room [MaxTagKey + utf8.UTFMax]byte
	key := appendFolded(room[:0], s)
	if len(key) > MaxTagKey {
		return ""
	}
	letter := false
	for i := 0; i < len(key); {
		r, n := utf8.DecodeRune(key[i:])
		i += n
		if !tagRune(r) && !extendedTagRune(r) {
			return ""
		}
		letter = letter || unicode.In(r, unicode.L, unicode.Nl, unicode.So)
	}
	if !letter {
		return ""
	}
	return string(key)
}

// asciiKey is TagKey for tags of ASCII letters, digits and "_", "-" and "+". It
// returns false if s has other characters.
func asciiKey(s string) (key string, ok bool) {
	letter, upper := false, false
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z':
			letter = true
		case 'A' <= c && c <= 'Z':
			letter, upper = true, true
		case '0' <= c && c <= '9', c == '_', c == '-', c == '+':
		default:
			return "", c < utf8.RuneSelf
		}
	}
	switch {
	case !letter || len(s) > MaxTagKey:
		return "", true
	case upper:
		return strings.ToLower(s), true
	}
	return s, true
}

// TrimMark removes the hashtag mark and what cannot be seen around it: copying
// Arabic or Hebrew tags often carries a direction mark along.
func TrimMark(s string) string {
	if s == "" {
		return s
	}
	first, last := s[0], s[len(s)-1]
	if first <= ' ' || first >= utf8.RuneSelf || last <= ' ' || last >= utf8.RuneSelf {
		s = strings.TrimRightFunc(strings.TrimLeftFunc(s, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
		}), unicode.IsSpace)
	}
	return s[markLen(s):]
}

// markLen returns the length of the hashtag mark that s starts with, or 0.
func markLen(s string) int {
	switch {
	case s == "":
		return 0
	case s[0] == '#':
		return 1
	case strings.HasPrefix(s, "＃"), strings.HasPrefix(s, "﹟"):
		return 3
	}
	return 0
}

// TagsIn goes over the hashtags that stand in a text: key and spelling of each,
// as often as they stand there. It finds what twitter-text finds: a mark that
// follows neither a letter, a digit nor "&", then letters, marks, digits, "_"
// and some more, not followed by another mark or "://", and not inside a link.
func TagsIn(text string) iter.Seq2[string, string] {
	return func(yield func(key, spelling string) bool) {
		for done := 0; done < len(text); { // all before is settled
			at, width := nextMark(text, done)
			if width == 0 {
				return
			}
			if end := link.Over(text, done, at); end > at {
				done = end
				continue
			}
			start := at + width
			end := tagEnd(text, start)
			if end > start && tagMayStart(text[:at]) && tagMayEnd(text[end:]) {
				if key := TagKey(text[start:end]); key != "" && !yield(key, TrimMark(text[start:end])) {
					return
				}
			}
			done = max(end, start)
		}
	}
}

// nextMark finds the next hashtag mark at or after from.
func nextMark(text string, from int) (at, width int) {
	for i := from; i < len(text); i++ {
		switch c := text[i]; {
		case c == '#':
			return i, 1
		case c == 0xEF:
			if n := markLen(text[i:]); n > 0 {
				return i, n
			}
		}
	}
	return len(text), 0
}

// tagEnd returns the end of the tag whose first character is at start. A
// variation selector or keycap there means that the mark is an emoji.
func tagEnd(text string, start int) int {
	if strings.HasPrefix(text[start:], "\uFE0F") || strings.HasPrefix(text[start:], "\u20E3") {
		return start
	}
	i := start
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !textTagRune(r) {
			break
		}
		i += n
	}
	return i
}

// tagMayStart reports whether a hashtag may follow before.
func tagMayStart(before string) bool {
	if before == "" {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(before)
	return r == '\uFE0E' || r == '\uFE0F' || r != '&' && !textTagRune(r)
}

// tagMayEnd reports whether a hashtag may stand before after.
func tagMayEnd(after string) bool {
	return markLen(after) == 0 && !strings.HasPrefix(after, "://")
}

// textTagRune reports whether r continues a hashtag in a text.
func textTagRune(r rune) bool {
	if r < utf8.RuneSelf {
		return wordByte(byte(r))
	}
	switch r {
	case '\u200C', '\u200D', '\uFF5E', '\u309B', '\u309C':
		return true
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.Nd) || platformTagRune(r)
}

func wordByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// tagRune reports whether r continues a hashtag identifier (XID_Continue, of
// folded text) or is taken by X.
func tagRune(r rune) bool {
	if r < utf8.RuneSelf {
		return textTagRune(r)
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Nl, unicode.Pc,
		unicode.Other_ID_Start, unicode.Other_ID_Continue) || platformTagRune(r)
}

// extendedTagRune reports whether r may stand in a tag that a platform hands
// over as one, though it ends a tag in a text.
func extendedTagRune(r rune) bool {
	return r == '-' || r == '+' || unicode.Is(unicode.So, r) || 0x1F3FB <= r && r <= 0x1F3FF
}

// platformTagRune reports whether r, no letter, mark or digit, is nevertheless
// taken by X inside of hashtags (twitter-text: hashtagSpecialChars).
func platformTagRune(r rune) bool {
	switch r {
	case '\uA67E', // Cyrillic kavyka
		'\u05BE', '\u05F3', '\u05F4', // Hebrew maqaf, geresh, gershayim
		'\u301C', '\u30A0', '\u30FB', '\u3003', // Japanese wave dash, double hyphen, dot, ditto
		'\u0F0B', '\u0F0C', // Tibetan tsheg
		'\u00B7': // Catalan middle dot
		return true
	}
	return false
}
