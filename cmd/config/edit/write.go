package edit

import (
	"strconv"
	"strings"
	"time"

	"winnow/cmd/config"
)

// value is a piece of YAML to be written: one of its three is set, or none for an empty
// list.
type value struct {
	// text is a single value as it stands in the file.
	text   string
	list   []value
	fields []field
}

// field is a key with its value.
type field struct {
	key   string
	value value
}

// quoted is a text in double quotes. Go's escapes are YAML's, for all text that is UTF-8
// (YAML 1.2.2, section 5.7).
func quoted(s string) value { return value{text: strconv.Quote(s)} }

func quotedList(all []string) value {
	var v value
	for _, s := range all {
		v.list = append(v.list, quoted(s))
	}
	return v
}

func number(n uint64) value { return value{text: strconv.FormatUint(n, 10)} }

func truth(b bool) value { return value{text: strconv.FormatBool(b)} }

// moment is written with its zone: who reads the file later is not in ours.
func moment(t time.Time) value { return value{text: t.Format(time.RFC3339Nano)} }

// protectedValue is the short form where that says the same.
func protectedValue(p config.Protected) value {
	short := p.Account
	if p.Platform != "" {
		short = p.Platform + ":" + p.Account
	}
	var again config.Protected
	if err := again.Scan(short); err == nil && again == p {
		return quoted(short)
	}
	return value{fields: []field{{"platform", quoted(p.Platform)}, {"account", quoted(p.Account)}}}
}

func protectedList(all []config.Protected) value {
	var v value
	for _, p := range all {
		v.list = append(v.list, protectedValue(p))
	}
	return v
}

func declaredValue(d config.Declared) value {
	return value{fields: slim(
		field{"name", quoted(d.Name)}, field{"from", moment(d.From)}, field{"to", moment(d.To)},
		field{"tags", quotedList(d.Tags)}, field{"texts", quotedList(d.Texts)},
	)}
}

func declaredList(all []config.Declared) value {
	var v value
	for _, d := range all {
		v.list = append(v.list, declaredValue(d))
	}
	return v
}

func campaignValue(c config.Campaign) value {
	fields := slim(
		field{"name", quoted(c.Name)}, field{"tags", quotedList(c.Tags)}, field{"terms", quotedList(c.Terms)},
		field{"protected", protectedList(c.Protected)}, field{"declared", declaredList(c.Declared)},
	)
	if c.KeepDays > 0 {
		fields = append(fields, field{"keep_days", number(c.KeepDays)})
	}
	if c.Evidence {
		fields = append(fields, field{"evidence", truth(true)})
	}
	return value{fields: fields}
}

// slim leaves out empty lists.
func slim(fields ...field) []field {
	kept := fields[:0]
	for _, f := range fields {
		if !f.value.empty() {
			kept = append(kept, f)
		}
	}
	return kept
}

func (v value) empty() bool { return v.text == "" && len(v.list)+len(v.fields) == 0 }

// flow is the value in one line.
func (v value) flow() string {
	var parts []string
	switch {
	case v.text != "":
		return v.text
	case len(v.fields) > 0:
		for _, f := range v.fields {
			parts = append(parts, f.key+": "+f.value.flow())
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	for _, one := range v.list {
		parts = append(parts, one.flow())
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// item is the value as an entry of a list, in lines of their own, so many blanks in.
func (v value) item(indent int) string {
	margin := strings.Repeat(" ", indent)
	if len(v.fields) == 0 {
		return margin + "- " + v.flow() + "\n"
	}
	var b strings.Builder
	for _, f := range v.fields {
		b.WriteString(f.lines(indent + 2))
	}
	return margin + "- " + b.String()[indent+2:]
}

// lines is the field in lines of its own.
func (f field) lines(indent int) string {
	head := strings.Repeat(" ", indent) + f.key + ":"
	if len(f.value.list) == 0 {
		return head + " " + f.value.flow() + "\n"
	}
	var b strings.Builder
	b.WriteString(head + "\n")
	for _, one := range f.value.list {
		b.WriteString(one.item(indent + 2))
	}
	return b.String()
}

// Snippet is a campaign as it would stand in a file that has no other, to be copied by
// hand.
func Snippet(c config.Campaign) string {
	return field{"campaigns", value{list: []value{campaignValue(c)}}}.lines(0)
}
