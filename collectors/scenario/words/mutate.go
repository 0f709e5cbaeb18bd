package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"winnow/collectors/scenario/dice"
)

// lookalikes are letters and what passes for them, both ways.
var lookalikes = map[rune]rune{
	'a': 'а', 'c': 'с', 'e': 'е', 'i': 'і', 'o': 'о', 'p': 'р', 's': 'ѕ', 'x': 'х', 'y': 'у',
	'а': 'a', 'е': 'e', 'о': 'o', 'р': 'p', 'с': 'c', 'у': 'y', 'х': 'x', 'і': 'i',
}

var hidden = [...]string{"\u200b", "\u200c", "\u2060", "\u00ad"}

var marks = [...]string{"!", "!!!", "...", "?!", " …", " ;)", "."}

// Mutate appends a copy of text with changes that leave it readable: letters
// that only look alike, hidden characters, a cut end, other marks, emoji,
// capitals. Each kind of change happens to some copies, several to many.
func Mutate(b []byte, d *dice.Dice, text string, emojis []string) []byte {
	if d.Chance(200) {
		words := strings.Fields(text)
		keep := len(words) * (60 + d.N(35)) / 100
		text = strings.Join(words[:max(keep, 1)], " ") + "…"
	}
	if d.Chance(100) {
		r, n := utf8.DecodeRuneInString(text)
		text = string(unicode.ToUpper(r)) + text[n:]
	}
	looks, hides := 0, 0
	if d.Chance(350) {
		looks = 80 + d.N(250)
	}
	if d.Chance(300) {
		hides = 20 + d.N(100)
	}
	if d.Chance(150) {
		b = append(append(b, emojis[d.N(len(emojis))]...), ' ')
	}
	for _, r := range text {
		if like, ok := lookalikes[r]; ok && looks > 0 && d.Chance(looks) {
			r = like
		}
		b = utf8.AppendRune(b, r)
		if hides > 0 && d.Chance(hides) {
			b = append(b, hidden[d.N(len(hidden))]...)
		}
	}
	if d.Chance(350) {
		b = append(b, marks[d.N(len(marks))]...)
	}
	for d.Chance(300) {
		b = append(append(b, ' '), emojis[d.N(len(emojis))]...)
	}
	return b
}
