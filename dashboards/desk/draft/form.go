package draft

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"winnow/pipeline/campaign"
)

const (
	// MaxForm is how much of a form is read, in bytes: some thousand lines.
	MaxForm = 128 << 10
	// maxActions is how many declared actions a form has.
	maxActions = 50
	// maxKeep is more days than a Duration is asked to hold; the book has a bound of
	// its own.
	maxKeep = 100_000
)

const (
	momentLayout = "2006-01-02T15:04"
	secondLayout = "2006-01-02T15:04:05"
)

// Form is a campaign as somebody writes it. Lists have an entry a line.
type Form struct {
	Name, Tags, Terms, Protected, KeepDays string
	// Actions are the declared ones, with an empty one at the end for the next.
	Actions []Action
	wrong   map[string][]Problem
}

// Action is a declared action as somebody writes it.
type Action struct {
	// Number is its place in the form.
	Number                      int
	Name, From, To, Tags, Texts string
	// Drop is to leave it out.
	Drop  bool
	wrong map[string][]Problem
}

// Problem is what is wrong with a field: one of the codes that the template has words
// for, or a sentence.
type Problem struct{ Code, Text string }

// Wrong is what is wrong with one field, under an id for the page.
type Wrong struct {
	ID  string
	All []Problem
}

// Wrong returns the problems of a field; "" is the campaign as a whole.
func (f Form) Wrong(field string) Wrong { return Wrong{"wrong-" + field, f.wrong[field]} }

// Wrong returns the problems of a field; "" is the action as a whole.
func (a Action) Wrong(field string) Wrong {
	return Wrong{fmt.Sprintf("wrong-declared-%d-%s", a.Number, field), a.wrong[field]}
}

// Empty says whether nothing is written in an action.
func (a Action) Empty() bool {
	return strings.TrimSpace(a.Name+a.From+a.To+a.Tags+a.Texts) == ""
}

// Fine says whether nothing is wrong anywhere.
func (f Form) Fine() bool {
	return len(f.wrong) == 0 && !slices.ContainsFunc(f.Actions, func(a Action) bool { return len(a.wrong) > 0 })
}

func (f *Form) add(field string, p Problem) {
	if f.wrong == nil {
		f.wrong = map[string][]Problem{}
	}
	if !slices.Contains(f.wrong[field], p) {
		f.wrong[field] = append(f.wrong[field], p)
	}
}

func (a *Action) add(field string, p Problem) {
	if a.wrong == nil {
		a.wrong = map[string][]Problem{}
	}
	if !slices.Contains(a.wrong[field], p) {
		a.wrong[field] = append(a.wrong[field], p)
	}
}

// Fill makes a form of a campaign, with times in a zone.
func Fill(c campaign.Campaign, zone *time.Location) Form {
	f := Form{Name: c.Name, Tags: inLines(c.Tags, asLine), Terms: inLines(c.Terms, asLine), Protected: inLines(c.Protected, protectedLine)}
	if days := c.Keep / (24 * time.Hour); days > 0 {
		f.KeepDays = strconv.FormatInt(int64(days), 10)
	}
	for i, d := range c.Declared {
		f.Actions = append(f.Actions, Action{
			Number: i, Name: asLine(d.Name), From: asMoment(d.From, zone), To: asMoment(d.To, zone),
			Tags: inLines(d.Tags, asLine), Texts: inLines(d.Texts, asLine),
		})
	}
	return f.roomy()
}

// roomy has an empty action at its end.
func (f Form) roomy() Form {
	if n := len(f.Actions); n < maxActions && (n == 0 || !f.Actions[n-1].Empty()) {
		f.Actions = append(slices.Clone(f.Actions), Action{Number: n})
	}
	return f
}

// asLine is a text in one line, as a field that has a line for each can show it.
func asLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func protectedLine(p campaign.Protected) string { return asLine(p.String()) }

func inLines[T any](all []T, line func(T) string) string {
	out := make([]string, 0, len(all))
	for _, one := range all {
		out = append(out, line(one))
	}
	return strings.Join(out, "\n")
}

func asMoment(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	if t = t.In(zone); t.Second() != 0 {
		return t.Format(secondLayout)
	}
	return t.Format(momentLayout)
}

// sent takes a form as it was sent.
func sent(v url.Values) Form {
	get := func(key string) string {
		return strings.ReplaceAll(strings.ToValidUTF8(v.Get(key), "\uFFFD"), "\r\n", "\n")
	}
	f := Form{Name: get("name"), Tags: get("tags"), Terms: get("terms"), Protected: get("protected"), KeepDays: get("keep_days")}
	for i := range maxActions {
		at := fmt.Sprintf("declared.%d.", i)
		if !v.Has(at + "name") {
			break
		}
		a := Action{
			Number: len(f.Actions), Name: get(at + "name"), From: get(at + "from"), To: get(at + "to"),
			Tags: get(at + "tags"), Texts: get(at + "texts"), Drop: v.Get(at+"drop") != "",
		}
		if !a.Empty() {
			f.Actions = append(f.Actions, a)
		}
	}
	return f
}

// read makes a campaign of what was written, and notes what cannot be one. What is still
// as the campaign before had it stays so to the letter: a form shows less than that, such
// as no line's end inside a term. Places says which action of the form each of the
// campaign's is.
func (f *Form) read(was campaign.Campaign, zone *time.Location) (c campaign.Campaign, places []int) {
	c.Evidence = was.Evidence // no field shows it
	c.Name = strings.TrimSpace(f.Name)
	if unshowable(c.Name) {
		f.add("name", Problem{Code: "control"})
	}
	list := func(field, text string, before []string) []string {
		return read(text, before, asLine, func(line string) (string, Problem) { return line, check(line) }, func(p Problem) { f.add(field, p) })
	}
	c.Tags, c.Terms = list("tags", f.Tags, was.Tags), list("terms", f.Terms, was.Terms)
	c.Protected = read(f.Protected, was.Protected, protectedLine, func(line string) (campaign.Protected, Problem) {
		p, ok := campaign.ParseProtected(line)
		if !ok {
			return p, Problem{Code: "platform", Text: clip(line)}
		}
		return p, check(line)
	}, func(p Problem) { f.add("protected", p) })
	if days := strings.TrimSpace(f.KeepDays); days != "" {
		n, err := strconv.ParseUint(days, 10, 64)
		if err != nil || n > maxKeep {
			f.add("keep_days", Problem{Code: "days"})
		} else {
			c.Keep = time.Duration(n) * 24 * time.Hour
		}
	}
	for i := range f.Actions {
		if a := &f.Actions[i]; !a.Drop {
			c.Declared = append(c.Declared, a.read(was.Declared, zone))
			places = append(places, i)
		}
	}
	return c, places
}

func (a *Action) read(all []campaign.Declared, zone *time.Location) campaign.Declared {
	d := campaign.Declared{Name: strings.TrimSpace(a.Name)}
	var was campaign.Declared
	if i := slices.IndexFunc(all, func(one campaign.Declared) bool { return asLine(one.Name) == d.Name }); i >= 0 {
		was = all[i]
		d.Name = was.Name
	} else if unshowable(d.Name) {
		a.add("name", Problem{Code: "control"})
	}
	moment := func(field, text string, before time.Time) time.Time {
		text = strings.TrimSpace(text)
		if !before.IsZero() && text == asMoment(before, zone) {
			return before
		}
		for _, layout := range []string{momentLayout, secondLayout, "2006-01-02 15:04", time.DateOnly} {
			if t, err := time.ParseInLocation(layout, text, zone); err == nil {
				return t
			}
		}
		if text != "" { // what is missing is told by whoever checks the campaign
			a.add(field, Problem{Code: "moment"})
		}
		return time.Time{}
	}
	d.From, d.To = moment("from", a.From, was.From), moment("to", a.To, was.To)
	list := func(field, text string, before []string) []string {
		return read(text, before, asLine, func(line string) (string, Problem) { return line, check(line) }, func(p Problem) { a.add(field, p) })
	}
	d.Tags, d.Texts = list("tags", a.Tags, was.Tags), list("texts", a.Texts, was.Texts)
	return d
}

// read takes lines apart, each of them once.
func read[T any](text string, was []T, show func(T) string, parse func(string) (T, Problem), bad func(Problem)) []T {
	known := map[string]T{}
	for _, one := range was {
		known[show(one)] = one
	}
	var out []T
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" || seen[line] {
			continue
		}
		seen[line] = true
		one, ok := known[line]
		if !ok {
			var p Problem
			if one, p = parse(line); p != (Problem{}) {
				bad(p)
				continue
			}
		}
		out = append(out, one)
	}
	return out
}

func check(line string) Problem {
	if unshowable(line) {
		return Problem{Code: "control"}
	}
	return Problem{}
}

func unshowable(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r == utf8.RuneError || unicode.IsControl(r) && r != '\t' })
}

// clip shortens what is shown of a line.
func clip(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// blame notes at their fields what a book found wrong. Where a field is known not to be
// right, what else is said of it only follows from that.
func (f *Form) blame(found []Mistake, places []int) {
	for _, m := range found {
		field, rest := m.Path, ""
		if m.Outside {
			f.add("", Problem{Text: m.Path + ": " + m.Text})
			continue
		}
		if i := strings.IndexAny(field, "[."); i >= 0 {
			field, rest = field[:i], field[i:]
		}
		p := Problem{Text: m.Text}
		if field != "declared" {
			if len(f.wrong[field]) == 0 || f.wrong[field][0].Code == "" {
				f.add(field, p)
			}
			continue
		}
		number, below, _ := strings.Cut(strings.TrimPrefix(rest, "["), "]")
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || n >= len(places) {
			f.add("", p)
			continue
		}
		a := &f.Actions[places[n]]
		below = strings.TrimPrefix(below, ".")
		if i := strings.IndexByte(below, '['); i >= 0 {
			below = below[:i]
		}
		if len(a.wrong[below]) == 0 || a.wrong[below][0].Code == "" {
			a.add(below, p)
		}
	}
}
