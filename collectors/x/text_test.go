package x_test

import (
	"testing"

	"winnow/collectors/x"
)

func TestCutRepostMark(t *testing.T) {
	for _, c := range []struct{ text, handle, rest string }{
		{"RT @anna_example: words: more", "anna_example", "words: more"},
		{"RT @anna_example:words", "anna_example", "words"},
		{"RT @anna_example words", "", "RT @anna_example words"},
		{"RT @anna example: words", "", "RT @anna example: words"},
		{"RT @: words", "", "RT @: words"},
		{"so RT @anna_example: words", "", "so RT @anna_example: words"},
		{"", "", ""},
	} {
		handle, rest := x.CutRepostMark(c.text)
		if handle != c.handle || rest != c.rest {
			t.Errorf("CutRepostMark(%q) = %q, %q; want %q, %q", c.text, handle, rest, c.handle, c.rest)
		}
	}
}
