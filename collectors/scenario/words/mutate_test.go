package words

import (
	"testing"
	"unicode/utf8"

	"winnow/collectors/scenario/dice"
)

// Copies of a text are changed, most of them differently, and stay text.
func TestMutate(t *testing.T) {
	s := NewStock()
	for l := range s.Lexicons {
		lx := &s.Lexicons[l]
		if len(lx.vocabulary) < 50 {
			t.Errorf("%s has %d words", Codes[l], len(lx.vocabulary))
		}
		d := dice.New(uint64(l), 1)
		text := string(lx.Blend(nil, &d))
		seen := map[string]bool{}
		for range 200 {
			b := Mutate(nil, &d, text, []string{"🔥"})
			if !utf8.Valid(b) || 2*len(b) < len(text) {
				t.Fatalf("%q becomes %q", text, b)
			}
			seen[string(b)] = true
		}
		if len(seen) < 100 {
			t.Errorf("%s: %d different copies of 200", Codes[l], len(seen))
		}
		if again := string(lx.Blend(nil, &d)); again == text {
			t.Errorf("%s: twice %q", Codes[l], text)
		}
	}
}
