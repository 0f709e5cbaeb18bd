package words

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestWords(t *testing.T) {
	now := time.Date(2031, 6, 12, 18, 30, 0, 0, time.UTC)
	followers := uint64(0)
	for _, test := range []struct{ got, want string }{
		{Number(0), "0"},
		{Number(999), "999"},
		{Number(1000), "1,000"},
		{Number(uint64(math.MaxUint64)), "18,446,744,073,709,551,615"},
		{Count(1, "post", "posts"), "1 post"},
		{Count(0, "post", "posts"), "0 posts"},
		{Count(1204, "post", "posts"), "1,204 posts"},

		{Share(0, 0), "unknown"},
		{Share(0, 10), "0%"},
		{Share(1, 8), "12.5%"},
		{Share(1, 2), "50%"},
		{Share(10, 10), "100%"},
		{Share(1, 1_000_000), "under 0.1%"},
		{Share(999_999, 1_000_000), "over 99.9%"},

		{quantity(0), "0"},
		{quantity(0.2), "0.2"},
		{quantity(0.004), "under 0.01"},
		{quantity(1.4), "1.4"},
		{quantity(9), "9"},
		{quantity(287), "287"},
		{quantity(1204.4), "1,204"},
		{quantity(math.NaN()), "unknown"},
		{quantity(math.Inf(1)), "unknown"},
		{quantity(1e300), "over 1,000,000,000,000,000"},

		{odds(0), "no rarer than the toss of a coin"},
		{odds(-5), "no rarer than the toss of a coin"},
		{odds(math.NaN()), "no rarer than the toss of a coin"},
		{odds(1), "about once in 2"},
		{odds(10), "about once in 1,000"},
		{odds(20), "about once in a million"},
		{odds(24), "about once in 17 million"},
		{odds(30), "about once in a billion"},
		{odds(46), "about once in 70 trillion"},
		{odds(50), "less than once in a quadrillion (a million billion)"},
		{odds(math.Inf(1)), "less than once in a quadrillion (a million billion)"},

		{Clock(now), "12 Jun 2031, 18:30 UTC"},
		{Clock(now.In(time.FixedZone("", 4*3600))), "12 Jun 2031, 22:30 UTC+4"},
		{Clock(now.In(time.FixedZone("CEST", 2*3600))), "12 Jun 2031, 20:30 CEST"},
		{Clock(now.In(time.FixedZone("-0330", -3*3600-1800))), "12 Jun 2031, 15:00 UTC−3:30"},
		{clockSeconds(now), "12 Jun 2031, 18:30:00 UTC"},
		{Relative(now.Add(-10*time.Second), now), "just now"},
		{Recent(now.Add(-10*time.Second), now), "10 seconds ago"},
		{Recent(now.Add(-999*time.Millisecond), now), "just now"},
		{Recent(now.Add(-1999*time.Millisecond), now), "1 second ago"},
		{Recent(now.Add(-time.Minute), now), Relative(now.Add(-time.Minute), now)},
		{Recent(now.Add(10*time.Second), now), "just now"},
		{Relative(now.Add(-time.Minute), now), "1 minute ago"},
		{Relative(now.Add(-90*time.Minute), now), "90 minutes ago"},
		{Relative(now.Add(-24*time.Hour), now), "1 day ago"},
		{Relative(now.Add(-29*time.Hour), now), "29 hours ago"},
		{Relative(now.Add(-80*24*time.Hour), now), "2 months ago"},
		{Relative(now.AddDate(-16, 0, 0), now), "16 years ago"},
		{Relative(now.Add(2*time.Hour), now), "in 2 hours"},
		{Duration(50 * time.Second), "50 seconds"},
		{Duration(time.Second), "1 second"},
		{Duration(0), "0 seconds"},

		{known(nil), "unknown"},
		{known(&followers), "0"},
		{Naming(" "), "(no name)"},
		{Kind("swarm"), "swarm"},
		{Kind("flood"), "Flood"},
		{confidence("early"), "early sign, may be taken back"},
		{confidence(""), ""},
		{evidence("flood"), "Many came at once, with a text of their own each"},
		{evidence("swarm"), "swarm"},

		{figure(0), "0"},
		{figure(12), "12"},
		{figure(0.00012346), "0.0001235"},
		{figure(99.996), "100"},
		{figure(46.25), "46.25"},
		{figure(1204.4), "1,204"},
		{figure(-6.5), "−6.5"},
		{figure(0.000000049), "4.9 × 10^-8"},
		{figure(3e40), "3.0 × 10^40"},
		{figure(math.NaN()), "unknown"},
		{figure(math.Inf(-1)), "unknown"},
		{instant("2031-06-12T18:30:00Z", time.UTC), "12 Jun 2031, 18:30:00 UTC"},
		{instant("x", time.UTC), "x"},
		{brief("short"), "short"},
		{brief(strings.Repeat("ə", 126)), strings.Repeat("ə", 100) + " …"},
		{span(250 * time.Millisecond), "250 milliseconds"},
		{span(90 * time.Second), "90 seconds"},
		{object("reply"), "post replied to"},
		{object("moment"), "moment"},
		{Platform("bluesky"), "Bluesky"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

func TestExternal(t *testing.T) {
	for raw, want := range map[string]string{
		"https://social.example/a/1":       "social.example",
		"http://social.example:8080/?q=ə":  "social.example:8080",
		"HTTPS://social.example/":          "social.example",
		"javascript:alert(1)":              "",
		" javascript:alert(1)":             "",
		"//social.example/":                "",
		"/campaign":                        "",
		"https:///path":                    "",
		"https:social.example":             "",
		"https://good.example@evil.test/":  "",
		"ftp://social.example/":            "",
		"file:///etc/passwd":               "",
		"":                                 "",
		"https://social.example/\x00":      "",
		"https://[::1":                     "",
		"blob:https://social.example/1234": "",
	} {
		got := ""
		if link := external(raw); link != nil {
			got = link.Host
		}
		if got != want {
			t.Errorf("%q: host %q, want %q", raw, got, want)
		}
	}
}

// Property: an excerpt loses nothing without saying so: the whole text is in
// Short, or in Rest, or Cut is set; and neither part breaks a character.
func TestExcerpt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("ab ə\u0301ع🌟\n")), 0, 700, -1).Draw(t, "text")
		if rapid.Bool().Draw(t, "long") {
			text = strings.Repeat(text, 20)
		}
		e := newExcerpt(text)
		if e.Short != text && e.Rest != text && !e.Cut {
			t.Fatalf("text of %d runes is lost: %d short, %d rest", e.Runes, len(e.Short), len(e.Rest))
		}
		if !utf8.ValidString(e.Short) || !utf8.ValidString(e.Rest) || utf8.RuneCountInString(e.Rest) > longText {
			t.Fatalf("excerpt of %d runes is broken", e.Runes)
		}
	})
}
