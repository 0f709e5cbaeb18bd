package fold

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// The folding below decides which characters are the same in hashtags and in
// texts. It is NFKC case folding with these additions:
//
//   - Dotted and dotless i are one letter. İ, I, ı, i and i with a combining
//     dot above all become i. Azerbaijani and Turkish tell them apart, but
//     phones set to other languages do not write them, and the capital of
//     "istanbul" is "ISTANBUL" to most software and "İSTANBUL" to a Turkish
//     reader. The price is that the few pairs of words that differ only in
//     the dot ("ılık", "ilik") become one. That is the safe side: a tag that
//     is split by keyboards is lost to the watch, while a merged pair shows up
//     in the posted spellings.
//   - Characters that cannot be seen go: zero-width joiners and spaces,
//     direction marks, variation selectors, soft hyphens, fillers. So do
//     enclosing marks, which only draw a circle or a keycap around a letter.
//   - Arabic tatweel, which stretches a word, and the optional vowel signs
//     (fathatan to sukun, superscript alef) go. Letters are kept apart: hamza
//     and madda are part of theirs, ي and ی, ك and ک, ة and ه differ, and so do
//     Arabic and European digits. Presentation forms are undone by NFKC.
//   - All other combining marks are kept, composed, up to maxMarks a letter.
const (
	// maxMarks is how many combining marks a letter may carry. Biblical
	// Hebrew gets to five; what stacks more wants to be unreadable.
	maxMarks = 8
	// maxRawMarks bounds them before decomposition. One mark can decompose
	// into two and a letter can bring up to four of its own, and beyond 30 the
	// normaliser would insert characters by itself.
	maxRawMarks = 12
)

const combiningDotAbove = '\u0307'

// appendFolded appends the folded form of s to dst. Bytes that are not UTF-8
// are dropped.
func appendFolded(dst []byte, s string) []byte {
	// Folding is done letter by letter where a letter can neither change its
	// neighbour nor be changed by it. Only where that is not sure, the stretch
	// in question and the letter before it, which it may compose with, take
	// the slow way.
	baseSrc, baseDst := 0, len(dst)
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			baseSrc, baseDst = i, len(dst)
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if f, ok := foldAlone(r); ok {
			baseSrc, baseDst = i, len(dst)
			dst = utf8.AppendRune(dst, f)
			i += n
			continue
		}
		unseen := droppedRune(r)
		for i += n; i < len(s) && s[i] >= utf8.RuneSelf; i += n {
			r, n = utf8.DecodeRuneInString(s[i:])
			if _, ok := foldAlone(r); ok {
				break
			}
			unseen = unseen && droppedRune(r)
		}
		if unseen {
			continue
		}
		dst = appendFoldedSlow(dst[:baseDst], s[baseSrc:i])
		baseSrc, baseDst = i, len(dst)
	}
	return dst
}

// foldAlone folds the letters that make up nearly all texts and of which it is
// known that NFKC case folding maps each to one letter, whatever follows
// unless that is a combining mark.
func foldAlone(r rune) (rune, bool) {
	switch {
	case r < 0xC0:
		return r, r == '«' || r == '»' || r == '·' || r == '°' || r == '¿' || r == '¡'
	case r <= 0x17F:
		switch r {
		case 0x130, 0x131: // İ, ı
			return 'i', true
		case 0xD7, 0xF7: // ×, ÷
			return r, true
		case 0xDF, 0x132, 0x133, 0x13F, 0x140, 0x149, 0x17F: // ß, ligatures, ſ
			return 0, false
		}
		return unicode.ToLower(r), true
	case r == 0x18F || r == 0x259: // Ə, ə
		return 0x259, true
	case 0x391 <= r && r <= 0x3CE && r != 0x3C2 && r != 0x3A2: // Greek, but ς
		return unicode.ToLower(r), true
	case 0x400 <= r && r <= 0x481, 0x48A <= r && r <= 0x52F: // Cyrillic
		return unicode.ToLower(r), true
	case 0x5D0 <= r && r <= 0x5EA, // Hebrew
		r == 0x60C, r == 0x61B, r == 0x61F, 0x621 <= r && r <= 0x63A, 0x641 <= r && r <= 0x64A, // Arabic
		0x660 <= r && r <= 0x669, 0x671 <= r && r <= 0x674, 0x679 <= r && r <= 0x6D3,
		0x6F0 <= r && r <= 0x6F9,
		0x10D0 <= r && r <= 0x10FA, // Georgian
		0x2018 <= r && r <= 0x201F, // quotation marks
		r == 0x2013, r == 0x2014,   // dashes
		0x3001 <= r && r <= 0x3003,   // CJK punctuation
		0x3041 <= r && r <= 0x3094,   // Hiragana
		0x30A1 <= r && r <= 0x30FC,   // Katakana
		0x4E00 <= r && r <= 0x9FFF,   // Han
		0xAC00 <= r && r <= 0xD7A3,   // Hangul
		0x1F300 <= r && r <= 0x1FAFF: // pictographs
		return r, true
	}
	return 0, false
}

// appendFoldedSlow is appendFolded by the book.
func appendFoldedSlow(dst []byte, s string) []byte {
	var room [256]byte
	raw := room[:0]
	marks := 0
	for i, r := range s {
		switch {
		case r == utf8.RuneError, droppedRune(r):
			continue
		case r == '\uFF5E': // twitter-text takes ～ as it takes 〜; NFKC makes it ~
			r = '\u301C'
		case r == '\u309B', r == '\u309C': // free-standing Kana voicing marks
			r -= 2
		}
		if norm.NFKD.PropertiesString(s[i:]).LeadCCC() == 0 {
			marks = 0
		} else if marks++; marks > maxRawMarks {
			continue
		}
		raw = utf8.AppendRune(raw, r)
	}
	apart := norm.NFKD.Bytes(raw)
	lower := cases.Fold().Bytes(apart)

	kept := raw[:0]
	base, above := rune(0), false
	marks = 0
	for i := 0; i < len(lower); {
		r, n := utf8.DecodeRune(lower[i:])
		ccc := norm.NFKD.Properties(lower[i:]).CCC()
		i += n
		switch {
		case droppedRune(r):
			continue
		case ccc == 0:
			switch {
			case r == 'ı':
				r = 'i'
			case unicode.Is(unicode.Cherokee, r):
				// Folds to upper case, but x/text swaps the two cases.
				r = unicode.ToUpper(r)
			}
			base, above, marks = r, false, 0
		case r == combiningDotAbove && base == 'i' && !above:
			continue
		default:
			// A mark above between i and the dot makes the dot a mark of its
			// own, by the rule that Unicode has for soft dots.
			above = above || ccc == 230
			if marks++; marks > maxMarks {
				continue
			}
		}
		kept = utf8.AppendRune(kept, r)
	}
	return norm.NFKC.Append(dst, kept...)
}

// droppedRune reports whether folding removes r without a trace.
func droppedRune(r rune) bool {
	switch {
	case r < 0xAD:
		return false
	case r == 0x640, 0x64B <= r && r <= 0x652, r == 0x670:
		return true
	}
	if _, ok := foldAlone(r); ok { // saves most searches
		return false
	}
	return unicode.In(r, unicode.Cf, unicode.Me, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}
