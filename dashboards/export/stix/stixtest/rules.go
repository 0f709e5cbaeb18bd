package stixtest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

const specVersion = "2.1"

// rule says what is wrong with a value; the empty string is nothing.
type rule func(b *checked, v any) string

var (
	// Section 2.16: RFC 3339 in UTC. created and modified need milliseconds at least (3.2).
	timeForm   = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`)
	millisForm = regexp.MustCompile(`\.\d{3,}Z$`)
	// Section 2.9: RFC 4122, in lower case, of versions 1 to 5.
	idForm = regexp.MustCompile(`^([a-z][a-z0-9-]*[a-z0-9])--([0-9a-f]{8}-[0-9a-f]{4}-([1-5])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})$`)
	// Section 5.1: relationship_type.
	typeForm = regexp.MustCompile(`^[a-z0-9-]+$`)
	// Section 3.2: lang is RFC 5646; of its forms only these are used.
	langForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	// RFC 3986, its characters.
	uriForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+$`)
)

func text(_ *checked, v any) string {
	if s, ok := v.(string); !ok || s == "" {
		return "is no text"
	}
	return ""
}

func boolean(_ *checked, v any) string {
	if _, ok := v.(bool); !ok {
		return "is neither true nor false"
	}
	return ""
}

func exactly(want string) rule {
	return func(_ *checked, v any) string {
		if v != want {
			return fmt.Sprintf("is not %q", want)
		}
		return ""
	}
}

func between(least, most int64) rule {
	return func(_ *checked, v any) string {
		n, ok := v.(json.Number)
		if !ok {
			return "is no number"
		}
		i, err := n.Int64()
		if err != nil || i < least || i > most {
			return fmt.Sprintf("is no whole number from %d to %d", least, most)
		}
		return ""
	}
}

func matching(form *regexp.Regexp, wrong string) rule {
	return func(_ *checked, v any) string {
		if s, ok := v.(string); !ok || !form.MatchString(s) {
			return wrong
		}
		return ""
	}
}

func language(b *checked, v any) string { return matching(langForm, "is no language")(b, v) }
func typeName(b *checked, v any) string {
	return matching(typeForm, "has other letters than a to z, 0 to 9 and -")(b, v)
}

func timestamp(_ *checked, v any) string {
	s, ok := v.(string)
	if !ok || !timeForm.MatchString(s) {
		return "is no time in UTC"
	}
	if _, err := time.Parse(time.RFC3339, s); err != nil {
		return "is no time that there is"
	}
	return ""
}

func millis(b *checked, v any) string {
	if wrong := timestamp(b, v); wrong != "" {
		return wrong
	}
	return matching(millisForm, "has no milliseconds")(b, v)
}

func uri(_ *checked, v any) string {
	s, ok := v.(string)
	if !ok || !uriForm.MatchString(s) {
		return "is no URI"
	}
	if _, err := url.Parse(s); err != nil {
		return "is no URI"
	}
	return ""
}

// list is section 2.12: a list is never empty.
func list(each rule) rule {
	return func(b *checked, v any) string {
		l, ok := v.([]any)
		if !ok || len(l) == 0 {
			return "is no list of at least one"
		}
		for i, e := range l {
			if wrong := each(b, e); wrong != "" {
				return fmt.Sprintf("has an item %d that %s", i, wrong)
			}
		}
		return ""
	}
}

// refTo is an identifier (section 2.9) of an object of these types or classes, in the bundle.
func refTo(kinds ...string) rule {
	return func(b *checked, v any) string {
		s, _ := v.(string)
		form := idForm.FindStringSubmatch(s)
		if form == nil {
			return "is no identifier"
		}
		if !slices.Contains(kinds, form[1]) && !slices.Contains(kinds, classes[form[1]]) {
			return "refers to a " + form[1]
		}
		if _, ok := b.byID[s]; !ok {
			return "refers to what is not there"
		}
		return ""
	}
}

// external is an external reference (section 2.5).
func external(b *checked, v any) string {
	allowed := table{"source_name": must(text), "description": may(text), "url": may(uri), "external_id": may(text)}
	o, ok := v.(map[string]any)
	if !ok {
		return "is no reference"
	}
	if wrong := b.fields(o, allowed); len(wrong) > 0 {
		return strings.Join(wrong, ", ")
	}
	for _, one := range []string{"description", "url", "external_id"} {
		if _, ok := o[one]; ok {
			return ""
		}
	}
	return "has neither description nor url nor external_id"
}

// phase is a kill chain phase (section 2.11).
func phase(b *checked, v any) string {
	o, ok := v.(map[string]any)
	if !ok {
		return "is no phase"
	}
	return strings.Join(b.fields(o, table{"kill_chain_name": must(text), "phase_name": must(text)}), ", ")
}

// tlp is section 7.2.1.4.
func tlp(b *checked, v any) string {
	o, ok := v.(map[string]any)
	if !ok {
		return "is no definition"
	}
	if wrong := b.fields(o, table{"tlp": must(text)}); len(wrong) > 0 {
		return strings.Join(wrong, ", ")
	}
	if level, _ := o["tlp"].(string); levels[level] == "" {
		return "is no level of TLP"
	}
	return ""
}
