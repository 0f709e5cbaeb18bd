package query

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"winnow/dashboards/desk/problem"
)

// Query is what stands behind the question mark. Each parameter is read by one call;
// [Query.Err] then tells all that is wrong.
type Query struct {
	values url.Values
	read   map[string]bool
	wrong  []problem.Parameter
}

// Parse splits a raw query.
func Parse(raw string) *Query {
	values, err := url.ParseQuery(raw)
	q := &Query{values: values, read: map[string]bool{}}
	if err != nil {
		q.Wrong("", "the query cannot be read; encode names and values as in a form, and part them by &")
	}
	return q
}

// Wrong adds a mistake about a parameter.
func (q *Query) Wrong(name, format string, args ...any) {
	q.wrong = append(q.wrong, problem.Parameter{Name: name, Detail: fmt.Sprintf(format, args...)})
}

// Text returns a parameter as it stands; false if it was not given, or wrongly.
func (q *Query) Text(name string) (string, bool) {
	q.read[name] = true
	all := q.values[name]
	switch {
	case len(all) == 0:
		return "", false
	case len(all) > 1:
		q.Wrong(name, "it is given %d times; give it once", len(all))
		return "", false
	case all[0] == "":
		q.Wrong(name, "it is empty; leave it out, or give it a value")
		return "", false
	}
	return all[0], true
}

// Time returns a time; zero if it was not given.
func (q *Query) Time(name string) time.Time {
	s, ok := q.Text(name)
	if !ok {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < 1 || t.Year() > 9998 {
		q.Wrong(name, "%s is no time; write it as RFC 3339 has it, like 2031-06-12T18:30:00Z, and a + as %%2B", clip(s))
		return time.Time{}
	}
	return t.UTC()
}

// Span returns from and to, which default to the span before now, and are cut to
// now: nobody can have seen more. From lies before to, unless there are mistakes.
func (q *Query) Span(span time.Duration, now time.Time) (from, to time.Time) {
	from, to = q.Time("from"), q.Time("to")
	if to.IsZero() || to.After(now) {
		to = now
	}
	if from.IsZero() {
		from = to.Add(-span)
	}
	if !from.Before(to) {
		q.Wrong("from", "it has to lie before to, and before now")
	}
	return from, to
}

// Number returns a whole number from least to most, or fallback if it was not given.
func (q *Query) Number(name string, fallback, least, most int) int {
	s, ok := q.Text(name)
	if !ok {
		return fallback
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most || strconv.Itoa(n) != s {
		q.Wrong(name, "%s is no number from %d to %d", clip(s), least, most)
		return fallback
	}
	return n
}

// Bool returns true or false, which it is if it was not given.
func (q *Query) Bool(name string) bool { return q.Choice(name, "false", "true") == "true" }

// Choice returns one of several, the fallback if it was not given.
func (q *Query) Choice(name, fallback string, others ...string) string {
	s, ok := q.Text(name)
	if !ok {
		return fallback
	}
	if s != fallback && !slices.Contains(others, s) {
		all := slices.DeleteFunc(append([]string{fallback}, others...), func(s string) bool { return s == "" })
		q.Wrong(name, "%s is none of: %s", clip(s), strings.Join(all, ", "))
		return fallback
	}
	return s
}

// Page is a part of a list.
type Page struct{ Offset, Limit int }

// maxOffset bounds how far a list is read: no list is as long.
const maxOffset = 1_000_000

// Page returns which part of a list is asked for: at most limit rows.
func (q *Query) Page(limit int) Page {
	return Page{Offset: q.Number("offset", 0, 0, maxOffset), Limit: q.Number("limit", limit, 1, limit)}
}

// secrets are names under which other services take a token in the address, where
// it ends up in logs and histories.
var secrets = []string{"token", "access_token", "api_key", "apikey", "key", "bearer", "authorization"}

// Err tells all that is wrong, or nil: parameters that nobody read too.
func (q *Query) Err() error {
	wrong := slices.Clone(q.wrong)
	for _, name := range slices.Sorted(maps.Keys(q.values)) {
		if q.read[name] {
			continue
		}
		detail := "there is no such parameter here; leave it out"
		if slices.Contains(secrets, strings.ToLower(name)) {
			detail = "a token is never read from the address; send it in the header, as Authorization: Bearer TOKEN, and make another in the place of this one"
		}
		if known := slices.Sorted(maps.Keys(q.read)); len(known) > 0 {
			detail += "; there are " + strings.Join(known, ", ")
		}
		wrong = append(wrong, problem.Parameter{Name: short(name), Detail: detail})
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.SortStableFunc(wrong, func(a, b problem.Parameter) int { return strings.Compare(a.Name, b.Name) })
	return &Mistakes{wrong[:min(len(wrong), maxMistakes)]}
}

// maxMistakes bounds the answer to a query made of mistakes.
const maxMistakes = 50

// Mistakes is all that is wrong with a query.
type Mistakes struct{ Parameters []problem.Parameter }

// Error names the first of them.
func (m *Mistakes) Error() string {
	return fmt.Sprintf("%d mistake(s) in the query, the first: %s: %s", len(m.Parameters), m.Parameters[0].Name, m.Parameters[0].Detail)
}

// maxShown is how many runes are repeated of what somebody sent.
const maxShown = 40

func short(s string) string {
	runes := []rune(s)
	if len(runes) > maxShown {
		return string(runes[:maxShown]) + "…"
	}
	return s
}

func clip(s string) string { return strconv.Quote(short(s)) }
