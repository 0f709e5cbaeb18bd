package words

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"winnow/dashboards/desk/catalogue"
)

// Teller tells things in one language, with times in one zone. It does not change, and
// may be used from several goroutines.
type Teller struct {
	messages *catalogue.Messages
	zone     *time.Location
	now      func() time.Time
	// group and point stand in numbers, as the Unicode CLDR has them for the language.
	group, point string
}

// NewTeller makes a teller; now is the clock that "ago" counts back from.
func NewTeller(m *catalogue.Messages, zone *time.Location, now func() time.Time) *Teller {
	t := &Teller{messages: m, zone: zone, now: now}
	// Digits are those that a browser's own fields have, in every language.
	tag := language.Make(m.Language.Code + "-u-nu-latn")
	sample := message.NewPrinter(tag).Sprint(number.Decimal(12_345.6))
	t.group, sample, _ = strings.Cut(strings.TrimPrefix(sample, "12"), "345")
	t.point = strings.TrimSuffix(sample, "6")
	return t
}

// english is for what programs and platforms are told: it tells no time in words.
var english = InEnglish(time.UTC, time.Now)

// English is a teller for what is the same for everybody, in English and UTC.
func English() *Teller { return english }

// InEnglish makes a teller for what is said in English to everybody.
func InEnglish(zone *time.Location, now func() time.Time) *Teller {
	return NewTeller(&catalogue.Messages{Language: catalogue.English()}, zone, now)
}

// Messages are those of the language.
func (t *Teller) Messages() *catalogue.Messages { return t.messages }

// Language is the one that is told in.
func (t *Teller) Language() catalogue.Language { return t.messages.Language }

// Zone is where times are told in.
func (t *Teller) Zone() *time.Location { return t.zone }

// Now is the clock, in the zone.
func (t *Teller) Now() time.Time { return t.now().In(t.zone) }

// Text says a message with values in its places, see [catalogue.Messages.Text].
func (t *Teller) Text(message string, values ...any) string {
	return t.messages.Text(message, values...)
}

// Say says a message that was marked, see [catalogue.Mark].
func (t *Teller) Say(message string) string { return t.messages.Say(message) }

// HTML is Text for a page: only the message brings markup.
func (t *Teller) HTML(message string, values ...any) template.HTML {
	return t.messages.HTML(message, values...)
}

// Count says a message for a count, which is written into its first place: "%s post",
// "%s posts".
func (t *Teller) Count(n uint64, one, many string, values ...any) string {
	return t.messages.Plural(n, one, many, append([]any{t.Number(n)}, values...)...)
}

// CountHTML is Count as HTML is Text.
func (t *Teller) CountHTML(n uint64, one, many string, values ...any) template.HTML {
	return t.messages.PluralHTML(n, one, many, append([]any{t.Number(n)}, values...)...)
}

// open begins a link to a place of the desk, for a message that speaks of it: [close]
// ends it. It fails on any other address.
func open(href string) (template.HTML, error) {
	if !strings.HasPrefix(href, "#") && (!strings.HasPrefix(href, "/") || strings.HasPrefix(href, "//")) {
		return "", fmt.Errorf("link to %q: not a place of the desk", href)
	}
	return template.HTML(`<a href="` + template.HTMLEscapeString(href) + `">`), nil //nolint:gosec // escaped
}

// closing ends what open began.
func closing() template.HTML { return "</a>" }
