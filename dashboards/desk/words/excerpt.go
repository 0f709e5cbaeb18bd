package words

import "unicode"

// Lengths of texts, in runes: how much is shown at once, and how much at all.
// A single post may hold 250,000 bytes, and a page shows hundreds.
const (
	shortText = 280
	longText  = 5000
)

// excerpt is a text as a page shows it.
type excerpt struct {
	// Short is the text or its beginning; Rest is the whole up to longText
	// runes where Short is not all of it.
	Short, Rest string
	// Runes is the length of the text as it was.
	Runes int
	// Cut is true where even Rest is not the whole.
	Cut bool
}

func newExcerpt(s string) excerpt {
	runes := []rune(s)
	e := excerpt{Short: s, Runes: len(runes)}
	if len(runes) <= shortText+shortText/4 {
		return e
	}
	end := shortText
	for i := end; i > end-40; i-- {
		if unicode.IsSpace(runes[i]) {
			end = i
			break
		}
	}
	e.Short, e.Rest = string(runes[:end])+" …", s
	if len(runes) > longText {
		e.Rest, e.Cut = string(runes[:longText]), true
	}
	return e
}

// briefText is the length of a text that only names a thing, in runes.
const briefText = 100

// brief is the beginning of a text, where it only names a thing.
func brief(s string) string {
	runes := []rune(s)
	if len(runes) <= briefText+briefText/4 {
		return s
	}
	return string(runes[:briefText]) + " …"
}

// Bound cuts a text to what is shown of one at most, and says whether anything was
// cut: a single post may hold 250,000 bytes.
func Bound(s string) (text string, cut bool) {
	if len(s) <= longText {
		return s, false
	}
	runes := []rune(s)
	if len(runes) <= longText {
		return s, false
	}
	return string(runes[:longText]), true
}

// Link returns an address from a post if it is one that a browser should open, and
// else "".
func Link(raw string) string {
	if to := external(raw); to != nil {
		return to.Href
	}
	return ""
}
