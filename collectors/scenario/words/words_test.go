package words

import "testing"

// Every section stands in every language, and every spelling is a hashtag.
func TestTextsAreComplete(t *testing.T) {
	for _, lang := range Codes {
		lx := loadLexicon(lang)
		for s, from := range lx.Bodies {
			if len(from) < 3 {
				t.Errorf("%s has %d texts for %q", lang, len(from), sections[s])
			}
		}
		if len(lx.openers) == 0 || len(lx.closers) == 0 || len(lx.Headline[0]) == 0 || len(lx.Headline[1]) == 0 {
			t.Errorf("%s lacks openers, closers or headlines", lang)
		}
	}
	for _, s := range newTagbook().All {
		if s.Tag.Key == "" || "#"+s.Tag.Posted != s.Text && "＃"+s.Tag.Posted != s.Text {
			t.Errorf("%q is tag %+v", s.Text, s.Tag)
		}
	}
}
