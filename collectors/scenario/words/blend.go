package words

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"winnow/collectors/scenario/dice"
)

// vocabulary gathers the words of three letters or more of the bodies.
func vocabulary(file map[string][]string) []string {
	var out []string
	for _, name := range sections {
		for _, line := range file[name] {
			for _, w := range strings.Fields(line) {
				w = strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
				if utf8.RuneCountInString(w) >= 3 && !strings.ContainsAny(w, "{}") {
					out = append(out, strings.ToLower(w))
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Random appends n random words.
func (lx *lexicon) Random(b []byte, d *dice.Dice, n int) []byte {
	for i := range n {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, lx.vocabulary[d.N(len(lx.vocabulary))]...)
	}
	return b
}

// Blend appends a text that nobody else comes upon: halves of three sentences
// of different styles, one behind the other.
func (lx *lexicon) Blend(b []byte, d *dice.Dice) []byte {
	styles := [...]Style{Pride, Sport, Rights, Daily, Critic, Hostile}
	at := d.N(len(styles))
	var whole []byte
	for i := range 3 {
		whole = WriteOne(whole[:0], d, lx.Bodies[styles[(at+i)%len(styles)]])
		half := strings.Fields(string(whole))
		if i%2 == 0 {
			half = half[:(len(half)+1)/2]
		} else {
			half = half[len(half)/2:]
		}
		for _, w := range half {
			b = append(append(b, w...), ' ')
		}
	}
	// A few words more, for short sentences.
	return lx.Random(b, d, 3+d.N(4))
}
