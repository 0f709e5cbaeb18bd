package catalogue

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"github.com/leonelquinteros/gotext"
)

// Messages says things in one language.
type Messages struct {
	Language Language
	// po is nil for English, which needs none.
	po  *gotext.Po
	all map[string]*gotext.Translation
}

// Text returns a message with values in its places (as package fmt has them; %[2]s where
// a language wants another order), as plain text.
func (m *Messages) Text(message string, values ...any) string {
	return put(m.find(message), values)
}

// Plural returns the message for a count, as plain text. The count does not go into a
// place by itself.
func (m *Messages) Plural(n uint64, one, many string, values ...any) string {
	return put(m.form(n, one, many), values)
}

// HTML is Text with the markup of the message; what is put into it is escaped, unless it
// comes from here too or from a template.
func (m *Messages) HTML(message string, values ...any) template.HTML {
	return mark(m.find(message), values)
}

// PluralHTML is Plural as HTML is Text.
func (m *Messages) PluralHTML(n uint64, one, many string, values ...any) template.HTML {
	return mark(m.form(n, one, many), values)
}

// Mark marks a message that is said elsewhere, so that the catalogues have it.
func Mark(message string) string { return message }

// Say returns a message that was marked. It has no places for values.
func (m *Messages) Say(message string) string { return m.find(message) }

func (m *Messages) find(message string) string {
	if translation := m.all[message]; translation != nil {
		return translation.Get()
	}
	return message
}

func (m *Messages) form(n uint64, one, many string) string {
	switch {
	case m.po != nil:
		// The rules look at the last digits only, so a count beyond all int is as good as
		// one with the same last digits.
		const cut = 1_000_000_000
		if n > math.MaxInt32 {
			n = cut + n%cut
		}
		return m.po.GetN(one, many, int(n))
	case n == 1:
		return one
	}
	return many
}

// put puts values into their places. A form of a language may do without the number
// ("one post", "two posts"), which is no mistake.
func put(message string, values []any) string {
	if !strings.Contains(message, "%") {
		return message
	}
	return fmt.Sprintf(message, values...)
}

func mark(message string, values []any) template.HTML {
	escaped := make([]any, len(values))
	for i, v := range values {
		if safe, ok := v.(template.HTML); ok {
			escaped[i] = string(safe)
			continue
		}
		escaped[i] = template.HTMLEscapeString(fmt.Sprint(v))
	}
	return template.HTML(put(message, escaped)) //nolint:gosec // messages are ours, and what goes into them is escaped
}
