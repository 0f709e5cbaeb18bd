package query

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var now = time.Date(2031, 6, 12, 18, 30, 0, 0, time.UTC)

// Every mistake is told at once, with its parameter.
func TestMistakes(t *testing.T) {
	for _, test := range []struct {
		name, raw string
		want      []string
	}{
		{"nothing", "", nil},
		{"all given", "from=2031-06-12T00:00:00Z&to=2031-06-12T12:00:00%2B02:00&limit=5&offset=9&contents=true&step=hour", nil},
		{"into the future", "to=2099-01-01T00:00:00Z", nil},
		{"all at once", "from=yesterday&to=2031-06-12&limit=0&offset=-1&contents=yes&step=week&form=1", []string{
			`contents: "yes" is none of: false, true`,
			"form: there is no such parameter here; leave it out; there are contents, from, limit, offset, step, to",
			`from: "yesterday" is no time`, `limit: "0" is no number from 1 to 100`, `offset: "-1" is no number`, `step: "week" is none of: hour, day`, `to: "2031-06-12" is no time`,
		}},
		{"twice", "limit=5&limit=5", []string{"limit: it is given 2 times"}},
		{"empty", "limit=&from=", []string{"from: it is empty", "limit: it is empty"}},
		{"plus as a number", "limit=%2B5", []string{`limit: "+5" is no number`}},
		{"leading zero", "limit=05", []string{`limit: "05" is no number`}},
		{"above the most", "limit=101", []string{`limit: "101" is no number from 1 to 100`}},
		{"enormous", "limit=99999999999999999999", []string{"limit: "}},
		{"turned round", "from=2031-06-12T12:00:00Z&to=2031-06-12T00:00:00Z", []string{"from: it has to lie before to"}},
		{"no span", "from=2031-06-12T12:00:00Z&to=2031-06-12T12:00:00Z", []string{"from: it has to lie before to"}},
		{"from the future", "from=2031-06-13T12:00:00Z", []string{"from: it has to lie before to, and before now"}},
		{"blank zone", "from=2031-06-12T12:00:00+02:00", []string{"from: ", "a + as %2B"}},
		{"broken", "limit=%zz", []string{": the query cannot be read"}},
		{"semicolon", "limit=5;offset=3", []string{": the query cannot be read"}},
		{"token", "access_token=winnow_abc", []string{"access_token: a token is never read from the address; send it in the header"}},
		{"long", "from=" + strings.Repeat("a", 9000), []string{`from: "` + strings.Repeat("a", 40) + `…" is`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			q := Parse(test.raw)
			q.Span(time.Hour, now)
			q.Page(100)
			q.Bool("contents")
			q.Choice("step", "", "hour", "day")
			var told []string
			var m *Mistakes
			if err := q.Err(); err != nil && !errors.As(err, &m) {
				t.Fatal(err)
			}
			if m != nil {
				for _, p := range m.Parameters {
					told = append(told, p.Name+": "+p.Detail)
				}
			}
			for _, want := range test.want {
				if !strings.Contains(strings.Join(told, "\n"), want) {
					t.Errorf("does not say %q", want)
				}
			}
			if (len(test.want) == 0) != (len(told) == 0) || t.Failed() {
				t.Errorf("says\n%s", strings.Join(told, "\n"))
			}
			if strings.Contains(strings.Join(told, "\n"), "winnow_abc") {
				t.Error("repeats the token")
			}
		})
	}
}

func TestValues(t *testing.T) {
	type got struct {
		From, To time.Time
		Page     Page
		Contents bool
		Step     string
	}
	for raw, want := range map[string]got{
		"":                               {From: now.Add(-time.Hour), To: now, Page: Page{0, 100}, Step: "auto"},
		"to=2031-06-12T12:00:00%2B02:00": {From: now.Add(-9*time.Hour - 30*time.Minute), To: now.Add(-8*time.Hour - 30*time.Minute), Page: Page{0, 100}, Step: "auto"},
		"from=2031-06-12T18:00:00.5Z&to=2040-01-01T00:00:00Z&limit=7&offset=30&contents=true&step=day": {From: now.Add(-30*time.Minute + 500*time.Millisecond), To: now, Page: Page{30, 7}, Contents: true, Step: "day"},
		"contents=false&step=auto": {From: now.Add(-time.Hour), To: now, Page: Page{0, 100}, Step: "auto"},
	} {
		q := Parse(raw)
		var g got
		g.From, g.To = q.Span(time.Hour, now)
		g.Page, g.Contents, g.Step = q.Page(100), q.Bool("contents"), q.Choice("step", "auto", "hour", "day")
		if diff := cmp.Diff(want, g); diff != "" || q.Err() != nil {
			t.Errorf("%q: %s %v", raw, diff, q.Err())
		}
	}
}

// Property: whatever the query says, it is either taken with values within their
// bounds or refused by at most maxMistakes short sentences.
func FuzzQuery(f *testing.F) {
	for _, s := range []string{"limit=5", "from=2031-06-12T00:00:00Z&x=%00", "limit=1&limit=2&;", "%", "from=9999-12-31T23:59:59%2B14:00", strings.Repeat("a=1&", 100) + strings.Repeat("b", 99)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		q := Parse(raw)
		from, to := q.Span(time.Hour, now)
		page := q.Page(100)
		err := q.Err()
		var m *Mistakes
		switch {
		case err == nil:
			if !from.Before(to) || to.After(now) || page.Limit < 1 || page.Limit > 100 || page.Offset < 0 {
				t.Fatalf("%q was taken as %v to %v, %+v", raw, from, to, page)
			}
		case !errors.As(err, &m) || len(m.Parameters) == 0 || len(m.Parameters) > maxMistakes:
			t.Fatalf("%q is refused by %v", raw, err)
		default:
			for _, p := range m.Parameters {
				if len(p.Name) > 4*(maxShown+1) || len(p.Detail) > 1000 {
					t.Fatalf("%q is refused at length: %+v", raw, p)
				}
			}
		}
	})
}
