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
	en := InEnglish(time.UTC, func() time.Time { return now })
	in := func(zone *time.Location) *Teller { return InEnglish(zone, func() time.Time { return now }) }
	for _, test := range []struct{ got, want string }{
		{en.Number(0), "0"},
		{en.Number(999), "999"},
		{en.Number(1000), "1,000"},
		{en.Number(math.MaxUint64), "18,446,744,073,709,551,615"},
		{en.Count(1, "%s post", "%s posts"), "1 post"},
		{en.Count(0, "%s post", "%s posts"), "0 posts"},
		{en.Count(1204, "%s post", "%s posts"), "1,204 posts"},

		{en.Share(0, 0), "unknown"},
		{en.Share(0, 10), "0%"},
		{en.Share(1, 8), "12.5%"},
		{en.Share(1, 2), "50%"},
		{en.Share(10, 10), "100%"},
		{en.Share(1, 1_000_000), "under 0.1%"},
		{en.Share(999_999, 1_000_000), "over 99.9%"},

		{en.quantity(0), "0"},
		{en.quantity(0.2), "0.2"},
		{en.quantity(0.004), "under 0.01"},
		{en.quantity(1.4), "1.4"},
		{en.quantity(9), "9"},
		{en.quantity(287), "287"},
		{en.quantity(1204.4), "1,204"},
		{en.quantity(math.NaN()), "unknown"},
		{en.quantity(math.Inf(1)), "unknown"},
		{en.quantity(1e300), "over 1,000,000,000,000,000"},

		{en.odds(0), "no rarer than the toss of a coin"},
		{en.odds(-5), "no rarer than the toss of a coin"},
		{en.odds(math.NaN()), "no rarer than the toss of a coin"},
		{en.odds(1), "about once in 2"},
		{en.odds(10), "about once in 1,000"},
		{en.odds(20), "about once in a million"},
		{en.odds(24), "about once in 17 million"},
		{en.odds(30), "about once in a billion"},
		{en.odds(46), "about once in 70 trillion"},
		{en.odds(50), "less than once in a quadrillion (a million billion)"},
		{en.odds(math.Inf(1)), "less than once in a quadrillion (a million billion)"},

		{en.Clock(now), "12 Jun 2031, 18:30 UTC"},
		{in(time.FixedZone("", 4*3600)).Clock(now), "12 Jun 2031, 22:30 UTC+4"},
		{in(time.FixedZone("CEST", 2*3600)).Clock(now), "12 Jun 2031, 20:30 CEST"},
		{in(time.FixedZone("-0330", -3*3600-1800)).Clock(now), "12 Jun 2031, 15:00 UTC−3:30"},
		{en.Seconds(now), "12 Jun 2031, 18:30:00 UTC"},
		{en.Ago(now.Add(-10 * time.Second)), "just now"},
		{en.Recent(now.Add(-10 * time.Second)), "10 seconds ago"},
		{en.Recent(now.Add(-999 * time.Millisecond)), "just now"},
		{en.Recent(now.Add(-1999 * time.Millisecond)), "1 second ago"},
		{en.Recent(now.Add(-time.Minute)), en.Ago(now.Add(-time.Minute))},
		{en.Recent(now.Add(10 * time.Second)), "just now"},
		{en.Ago(now.Add(-time.Minute)), "1 minute ago"},
		{en.Ago(now.Add(-90 * time.Minute)), "90 minutes ago"},
		{en.Ago(now.Add(-24 * time.Hour)), "1 day ago"},
		{en.Ago(now.Add(-29 * time.Hour)), "29 hours ago"},
		{en.Ago(now.Add(-80 * 24 * time.Hour)), "2 months ago"},
		{en.Ago(now.AddDate(-16, 0, 0)), "16 years ago"},
		{en.Ago(now.Add(2 * time.Hour)), "in 2 hours"},
		{en.Duration(50 * time.Second), "50 seconds"},
		{en.Duration(time.Second), "1 second"},
		{en.Duration(0), "0 seconds"},

		{en.known(nil), "unknown"},
		{en.known(&followers), "0"},
		{en.Naming(" "), "(no name)"},
		{en.Kind("swarm"), "swarm"},
		{en.Kind("flood"), "Flood"},
		{en.confidence("early"), "early sign, may be taken back"},
		{en.confidence(""), ""},
		{en.evidence("flood"), "Many came at once, with a text of their own each"},
		{en.evidence("swarm"), "swarm"},

		{en.figure(0), "0"},
		{en.figure(12), "12"},
		{en.figure(0.00012346), "0.0001235"},
		{en.figure(99.996), "100"},
		{en.figure(46.25), "46.25"},
		{en.figure(1204.4), "1,204"},
		{en.figure(-6.5), "−6.5"},
		{en.figure(0.000000049), "4.9 × 10^-8"},
		{en.figure(3e40), "3.0 × 10^40"},
		{en.figure(math.NaN()), "unknown"},
		{en.figure(math.Inf(-1)), "unknown"},
		{en.instant("2031-06-12T18:30:00Z"), "12 Jun 2031, 18:30:00 UTC"},
		{en.instant("x"), "x"},
		{brief("short"), "short"},
		{brief(strings.Repeat("ə", 126)), strings.Repeat("ə", 100) + " …"},
		{en.span(250 * time.Millisecond), "250 milliseconds"},
		{en.span(90 * time.Second), "90 seconds"},
		{en.object("reply"), "post replied to"},
		{en.object("moment"), "moment"},
		{en.Platform("bluesky"), "Bluesky"},
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

func TestLanguage(t *testing.T) {
	for code, want := range map[string]string{
		"en": "English", "az": "Azerbaijani", "ar": "Arabic", "pt-br": "Brazilian Portuguese", "und": "not told",
		"nonsense!": "nonsense!", "": "", "qqq": "qqq",
	} {
		if got := InEnglish(time.UTC, time.Now).languageName(code); got != want {
			t.Errorf("language %q: %q, want %q", code, got, want)
		}
	}
}
