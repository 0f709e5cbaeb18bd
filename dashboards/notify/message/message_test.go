package message

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"winnow/dashboards/desk/words"
	"winnow/dashboards/notify/alert"
)

var en = words.InEnglish(time.UTC, time.Now)

var update = flag.Bool("update", false, "write the golden file anew")

func asIs(s string) string { return s }

var noon = time.Date(2031, 6, 12, 12, 0, 0, 0, time.UTC)

// examples are all that can be told, in every way in which it is told.
func examples() []struct {
	name   string
	alerts []alert.Alert
} {
	numbers := alert.Numbers{Findings: 2, Accounts: 41, Coordinated: 210, Posts: 618}
	activity := func(k alert.Kind, change ...func(*alert.Alert)) alert.Alert {
		a := alert.Alert{
			Kind: k, At: noon.Add(40 * time.Minute), Campaign: "Open Games", Since: noon, Last: noon.Add(6 * time.Minute), Numbers: numbers,
			New: 1, Says: "41 accounts posted the same 3 texts within 50 s of each other, 7 times; by chance we would expect 0.2.", IDs: []string{"a1"},
		}
		for _, c := range change {
			c(&a)
		}
		return a
	}
	source := func(k alert.Kind, cause string) alert.Alert {
		return alert.Alert{Kind: k, At: noon, Campaign: "Open Games", Since: noon, Last: noon.Add(time.Hour), Source: "mastodon/social.example", Platform: "mastodon", Cause: cause}
	}
	one := func(a alert.Alert) []alert.Alert { return []alert.Alert{a} }
	return []struct {
		name   string
		alerts []alert.Alert
	}{
		{"begins", one(activity(alert.Begins))},
		{"begins, and nothing is computed yet", one(activity(alert.Begins, func(a *alert.Alert) { a.Numbers.Coordinated, a.Numbers.Posts = 0, 0 }))},
		{"is over already", one(activity(alert.Begins, func(a *alert.Alert) { a.Over = true }))},
		{"grows by a finding", one(activity(alert.Grows, func(a *alert.Alert) { a.Told = 0.125 }))},
		{"grows by its share", one(activity(alert.Grows, func(a *alert.Alert) { a.Told, a.New, a.Says = 0.1, 0, "" }))},
		{"ends", one(activity(alert.Ends))},
		{"ends unseen", one(activity(alert.Ends, func(a *alert.Alert) { a.Unseen = true }))},
		{"withdrawn", one(activity(alert.Ends, func(a *alert.Alert) { a.Withdrawn = true }))},
		{"lost", one(source(alert.CoverageLost, "unauthorised"))},
		{"back", one(source(alert.CoverageBack, "network"))},
		{"budget of a day", one(alert.Alert{Kind: alert.BudgetNear, Source: "x/stream", Platform: "x", Spent: 8100, Limit: 10000})},
		{"budget of a month", one(alert.Alert{Kind: alert.BudgetNear, Source: "x/stream", Platform: "x", Spent: 48000, Limit: 50000, Month: true})},
		{"a night", []alert.Alert{
			source(alert.CoverageLost, "budget"), activity(alert.Begins), activity(alert.Grows), activity(alert.Grows, func(a *alert.Alert) { a.New, a.Told = 2, 0.3 }), activity(alert.Ends),
		}},
	}
}

func TestSentences(t *testing.T) {
	var out strings.Builder
	for _, e := range examples() {
		m := Write(e.alerts, Options{Tell: en, Desk: "https://desk.example.org/"})
		out.WriteString("== " + e.name + "\n" + m.Subject + "\n\n" + m.Text(asIs) + "\n\n")
	}
	golden := filepath.Join("testdata", "sentences.txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Nothing says who somebody is: coordinated is what is measured.
func TestNothingIsClaimed(t *testing.T) {
	for _, e := range examples() {
		m := Write(e.alerts, Options{Tell: en})
		text := strings.ToLower(m.Subject + " " + m.Text(asIs))
		for _, never := range []string{"bot", "fake", "attacker", "troll", "inauthentic", "http"} {
			if strings.Contains(text, never) {
				t.Errorf("%s: it says %q:\n%s", e.name, never, text)
			}
		}
	}
}

// Names and texts are one line each, whatever stands in them.
func TestHostileNames(t *testing.T) {
	evil := "a\r\nSubject: b\x00\u202e\u2028c\xff"
	a := alert.Alert{Kind: alert.Begins, Campaign: evil, Says: evil, Numbers: alert.Numbers{Findings: 1}}
	m := Write([]alert.Alert{a}, Options{Tell: en, Desk: "https://d.example/", Extra: func(alert.Alert) Extra {
		return Extra{Handles: []string{evil, "", "\n"}, Texts: []string{evil, strings.Repeat("я", 5000)}}
	}})
	for _, line := range append(m.Paragraphs[0].Quotes, m.Subject, m.Paragraphs[0].Text) {
		for _, r := range line {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == unicode.ReplacementChar && !strings.Contains(line, "c") {
				t.Errorf("%q holds %U", line, r)
			}
		}
	}
	if n := len(m.Paragraphs[0].Quotes); n != 3 {
		t.Errorf("%d quotes: %q", n, m.Paragraphs[0].Quotes)
	}
	if strings.ContainsAny(m.Paragraphs[0].Link, " \r\n") {
		t.Errorf("the link is %q", m.Paragraphs[0].Link)
	}
}

// A message fits, and says how much did not.
func TestManyAlerts(t *testing.T) {
	var alerts []alert.Alert
	for i := range 150 {
		alerts = append(alerts, alert.Alert{Kind: alert.Begins, Campaign: strings.Repeat("x", i%40+1) + string(rune('a'+i%26)), Since: noon, Numbers: alert.Numbers{Findings: 1, Accounts: 40}})
	}
	m := Write(alerts, Options{Tell: en, Crowded: 7, Desk: "https://desk.example.org/", Extra: func(alert.Alert) Extra { return Extra{Texts: []string{strings.Repeat("t", 250)}} }})
	text := m.Text(asIs)
	if len(text) > 3800 {
		t.Errorf("the text has %d bytes", len(text))
	}
	told := strings.Count(text, "accounts act together")
	left := 150 - told + 7
	if told == 0 || !strings.Contains(text, " further alerts had no room here") || !strings.Contains(text, string(rune('0'+left%10))+" further alerts") {
		t.Errorf("%d are told, %d left:\n%s", told, left, text)
	}
}
