package message

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"winnow/dashboards/desk/words"
	"winnow/dashboards/notify/alert"
)

// Message is what a receiver gets.
type Message struct {
	// ID is the same when the same is sent again.
	ID string
	// Subject is one line.
	Subject string
	// Paragraphs are the parts of the text, in order.
	Paragraphs []Paragraph
	// Kinds and Campaigns are what it is about, each once.
	Kinds, Campaigns []string
}

// Paragraph is one alert, or a remark.
type Paragraph struct {
	// Text is one line of sentences.
	Text string
	// Quotes are lines of handles and texts, where they were asked for.
	Quotes []string
	// Link is where to read more; empty if no address is known.
	Link string
}

// Extra is what is told of an alert only where it was asked for.
type Extra struct{ Handles, Texts []string }

// Options are what messages need besides alerts.
type Options struct {
	// Tell tells the sentences, numbers and times. It is needed.
	Tell *words.Teller
	// Desk is the address of the desk, ending with a slash; empty for no links.
	Desk string
	// Extra returns what may be added to an alert; nil for nothing.
	Extra func(alert.Alert) Extra
	// Crowded counts alerts that are not there any more.
	Crowded int
}

// maxText bounds the text, in bytes: Telegram takes 4096 characters, ntfy 4096 bytes.
const maxText = 3000

// Write writes one message about some alerts, which must not be none.
func Write(alerts []alert.Alert, o Options) Message {
	alerts = condense(alerts)
	t := teller{o.Tell}
	m := Message{Subject: t.subject(alerts)}
	size, left := 0, 0
	for _, a := range alerts {
		m.Kinds = add(m.Kinds, string(a.Kind))
		m.Campaigns = add(m.Campaigns, a.Campaign)
		p := Paragraph{Text: t.sentence(a), Link: link(o.Desk, a)}
		if size += len(p.Text) + len(p.Link) + 2; left > 0 || size > maxText && len(m.Paragraphs) > 0 {
			left++
			continue
		}
		m.Paragraphs = append(m.Paragraphs, p)
	}
	if n := left + o.Crowded; n > 0 {
		m.Paragraphs = append(m.Paragraphs, Paragraph{
			Text: t.Count(uint64(n), "%s further alert had no room here; the desk shows everything.", "%s further alerts had no room here; the desk shows everything."), Link: o.Desk,
		})
	}
	if o.Extra != nil {
		m.quote(t, alerts, o.Extra, maxText-size)
	}
	return m
}

// quote adds what was asked for as long as there is room.
func (m *Message) quote(t teller, alerts []alert.Alert, extra func(alert.Alert) Extra, room int) {
	for i := range min(len(alerts), len(m.Paragraphs)) {
		e := extra(alerts[i])
		var lines []string
		if len(e.Handles) > 0 {
			lines = append(lines, t.Text("Accounts: %s", strings.Join(clean(e.Handles), ", ")))
		}
		for _, text := range clean(e.Texts) {
			lines = append(lines, "“"+clip(text)+"”")
		}
		for _, line := range lines {
			if room -= len(line) + 1; room < 0 {
				return
			}
			m.Paragraphs[i].Quotes = append(m.Paragraphs[i].Quotes, line)
		}
	}
}

// Text is the whole text, each part of it as quote returns it. Links are left as
// they are.
func (m Message) Text(quote func(string) string) string {
	parts := make([]string, 0, len(m.Paragraphs))
	for _, p := range m.Paragraphs {
		lines := []string{quote(p.Text)}
		for _, q := range p.Quotes {
			lines = append(lines, quote(q))
		}
		if p.Link != "" {
			lines = append(lines, p.Link)
		}
		parts = append(parts, strings.Join(lines, "\n"))
	}
	return strings.Join(parts, "\n\n")
}

// Test is what a person sends to see whether it arrives.
func Test(tell *words.Teller, receiver, desk string) Message {
	return Message{
		Subject:    tell.Text("Winnow: a test"),
		Kinds:      []string{"test"},
		Paragraphs: []Paragraph{{Text: tell.Text("This is a test of Winnow’s alerts for “%s”. Nothing has happened. Alerts about attacks will arrive like this.", Line(receiver)), Link: desk}},
	}
}

// condense leaves out of several growths of the same activity all but the last,
// which has their numbers.
func condense(alerts []alert.Alert) []alert.Alert {
	out := make([]alert.Alert, 0, len(alerts))
	place := map[string]int{} // of the last growth of a campaign
	for _, a := range alerts {
		i, again := place[a.Campaign]
		switch {
		case a.Kind == alert.Grows && again:
			a.New += out[i].New
			a.Told = out[i].Told
			out[i] = a
			continue
		case a.Kind == alert.Grows:
			place[a.Campaign] = len(out)
		case a.Kind == alert.Begins || a.Kind == alert.Ends:
			delete(place, a.Campaign)
		}
		out = append(out, a)
	}
	return out
}

// link leads to the page about an alert.
func link(desk string, a alert.Alert) string {
	switch {
	case desk == "":
		return ""
	case a.Kind == alert.BudgetNear || a.Kind == alert.CoverageLost || a.Kind == alert.CoverageBack:
		return desk + "coverage"
	case a.Kind != alert.Ends && len(a.IDs) == 1:
		return desk + "campaign/finding?" + url.Values{"name": {a.Campaign}, "id": a.IDs}.Encode()
	}
	return desk + "campaign?" + url.Values{"name": {a.Campaign}}.Encode()
}

func add(to []string, what string) []string {
	if what == "" || slices.Contains(to, what) {
		return to
	}
	return append(to, what)
}

// Line makes one line of a text: nothing in it can begin another, hide, or
// turn the direction of what follows.
func Line(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
	return strings.Join(strings.Fields(s), " ")
}

func clean(all []string) []string {
	out := make([]string, 0, len(all))
	for _, s := range all {
		if s = Line(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// clip shortens a quoted text.
func clip(s string) string {
	const most = 280
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
