package table

import (
	"strings"
	"testing"
)

func TestMentionsIn(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "",
		"@anna":                             "anna",
		"thanks @anna_1, and @Bea.":         "anna_1 Bea",
		"(@anna)@bea":                       "anna bea",
		"\u200b@anna \U0001f600@bea":        "anna bea",
		"mail anna@example.org":             "",
		"ə@anna":                            "",
		"@anna@social.example and @b@c":     "anna@social.example b",
		"@anna@social.example.":             "anna@social.example",
		"@anna.bsky.social, @bea.Then @c.x": "anna.bsky.social bea c",
		"@ @@anna @-":                       "anna",
		"@anna @anna":                       "anna anna",
	} {
		var got []string
		for _, m := range mentionsIn(text) {
			got = append(got, m.Handle)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q names %q, want %q", text, s, want)
		}
	}
	if n := len(mentionsIn(strings.Repeat("@a ", 2*maxMentions))); n != maxMentions {
		t.Errorf("%d mentions, want %d", n, maxMentions)
	}
}
