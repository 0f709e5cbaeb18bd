package words

import (
	"html/template"
	"time"

	"winnow/dashboards/desk/catalogue"
)

// Funcs are the words as templates call them.
//
// "t" says a message with values in its places, "n" one for a count, which goes into its
// first place. Both may hold markup, which what is put into them may not; "{{open HREF}}"
// and "{{close}}" are for a link within a message. "count" is "n" as plain text.
func (t *Teller) Funcs() template.FuncMap {
	return template.FuncMap{
		"t":         t.HTML,
		"n":         t.CountHTML,
		"open":      open,
		"close":     closing,
		"num":       t.Number,
		"count":     t.Count,
		"say":       t.Say,
		"sentence":  t.sentence,
		"english":   func() bool { return t.Language() == catalogue.English() },
		"mark":      mark,
		"hash":      func(tag string) string { return "#" + tag },
		"language":  t.languageName,
		"share":     t.Share,
		"quantity":  t.quantity,
		"odds":      t.odds,
		"known":     t.known,
		"clock":     t.Clock,
		"seconds":   t.Seconds,
		"day":       t.Day,
		"machine":   machineTime,
		"time":      t.time,
		"when":      t.when,
		"moment":    t.exact,
		"ago":       t.Ago,
		"span":      t.span,
		"between":   func(a, b time.Time) string { return t.Duration(b.Sub(a)) },
		"naming":    t.Naming,
		"comma":     func() string { return t.Text("%s, ", "") },
		"semicolon": func() string { return t.Text("; ") },
		"role":      t.role,
		"signal":    t.signal,
		"kind":      t.Kind,
		"object":    t.object,
		"thing":     t.thing,
		"platform":  t.Platform,
		"means":     t.confidenceMeans,
		"surely":    t.confidence,
		"piece":     t.evidence,
		"figure":    t.figure,
		"instant":   t.instant,
		"brief":     brief,
		"excerpt":   newExcerpt,
		"external":  external,
		"total":     total,
		"less":      less,
	}
}

// mark is a text as a value in a message, apart from its direction, in an element that a
// script finds by its name.
func mark(name, text string) template.HTML {
	return template.HTML(`<bdi data-` + template.HTMLEscapeString(name) + `>` + template.HTMLEscapeString(text) + `</bdi>`) //nolint:gosec // escaped
}

// time is a moment to the minute as an element that machines read.
func (t *Teller) time(at time.Time) template.HTML {
	return t.element(at, t.Clock(at))
}

// exact is time to the second; "unknown" for none.
func (t *Teller) exact(at time.Time) template.HTML {
	if at.IsZero() {
		return t.HTML("unknown")
	}
	return t.element(at, t.Seconds(at))
}

// when is time and how long ago it was; "unknown" for none.
func (t *Teller) when(at time.Time) template.HTML {
	if at.IsZero() {
		return t.HTML("unknown")
	}
	return t.time(at) + ` <span class="ago">(` + t.HTML("%s", t.Ago(at)) + `)</span>`
}

func (t *Teller) element(at time.Time, told string) template.HTML {
	return template.HTML(`<time datetime="` + machineTime(at) + `">` + template.HTMLEscapeString(told) + `</time>`) //nolint:gosec // escaped
}

// less is what is left of a whole without a part.
func less(whole, part uint64) uint64 { return whole - min(whole, part) }

// total adds lengths and counts up, since templates cannot.
func total(n int, more ...uint64) uint64 {
	sum := uint64(n)
	for _, m := range more {
		sum += m
	}
	return sum
}
