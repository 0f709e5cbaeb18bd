package stixtest

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // UUIDs of version 5 are made of it
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// checked is a bundle that is being checked.
type checked struct {
	byID  map[string]map[string]any
	wrong []error
}

func (b *checked) say(format string, args ...any) {
	b.wrong = append(b.wrong, fmt.Errorf(format, args...))
}

// Check returns all that is wrong with a bundle, each named by the object's id and the
// property, and nil if it is valid.
func Check(raw []byte) error {
	if !utf8.Valid(raw) {
		return errors.New("the bundle is no UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var top map[string]any
	if err := dec.Decode(&top); err != nil {
		return fmt.Errorf("the bundle is no JSON object: %w", err)
	}
	if dec.More() {
		return errors.New("there is more than one bundle")
	}
	b := &checked{byID: make(map[string]map[string]any)}
	b.bundle(top)
	return errors.Join(b.wrong...)
}

// bundle is section 8. A bundle has no spec_version of its own.
func (b *checked) bundle(top map[string]any) {
	objects, _ := top["objects"].([]any)
	for _, wrong := range b.fields(top, table{"type": must(exactly("bundle")), "id": must(text), "objects": must(list(anything))}) {
		b.say("bundle: %s", wrong)
	}
	b.id("bundle", top)
	uuids := make(map[string]string)
	for i, o := range objects {
		m, ok := o.(map[string]any)
		if !ok {
			b.say("object %d is none", i)
			continue
		}
		id, _ := m["id"].(string)
		if _, twice := b.byID[id]; twice {
			b.say("%s: is there twice", id)
		}
		b.byID[id] = m
		if _, uuid, ok := strings.Cut(id, "--"); ok {
			// Section 2.9: one producer uses a UUID for one object only.
			if other := uuids[uuid]; other != "" && other != id {
				b.say("%s: has the UUID of %s", id, other)
			}
			uuids[uuid] = id
		}
	}
	all := tables()
	for _, o := range objects {
		if m, ok := o.(map[string]any); ok {
			b.object(m, all)
		}
	}
}

func anything(*checked, any) string { return "" }

func (b *checked) object(m map[string]any, all map[string]table) {
	kind, _ := m["type"].(string)
	id, _ := m["id"].(string)
	t, ok := all[kind]
	if !ok {
		b.say("%s: type %q is none of those known", id, kind)
		return
	}
	for _, wrong := range b.fields(m, t) {
		b.say("%s: %s", id, wrong)
	}
	b.id(kind, m)
	b.order(m, "created", "modified", false)
	switch kind {
	case "observed-data":
		b.order(m, "first_observed", "last_observed", false)
	case "relationship":
		b.order(m, "start_time", "stop_time", true)
		b.related(m)
	case "user-account":
		if len(m) == len(observedOnly(m)) {
			b.say("%s: has no property of its own", id)
		}
	case markingType:
		d, _ := m["definition"].(map[string]any)
		level, _ := d["tlp"].(string)
		if levels[level] != id || m["created"] != levelsCreated {
			b.say("%s: is not the marking that the standard fixes for its level", id)
		}
	}
	if classes[kind] == observable {
		b.deterministic(kind, m)
	}
}

// observedOnly returns those properties that all observables have.
func observedOnly(m map[string]any) []string {
	all := observed(table{})
	var out []string
	for name := range m {
		if _, ok := all[name]; ok {
			out = append(out, name)
		}
	}
	return out
}

// fields compares what an object holds with its table. Properties of one's own need an
// extension (section 11.1), and there is none.
func (b *checked) fields(m map[string]any, t table) []string {
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(t)) {
		if _, ok := m[name]; !ok && t[name].required {
			wrong = append(wrong, name+" is missing")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		p, ok := t[name]
		if !ok {
			wrong = append(wrong, name+" is not allowed")
			continue
		}
		if w := p.check(b, m[name]); w != "" {
			wrong = append(wrong, name+" "+w)
		}
	}
	return wrong
}

// id is section 2.9.
func (b *checked) id(kind string, m map[string]any) {
	id, _ := m["id"].(string)
	form := idForm.FindStringSubmatch(id)
	switch {
	case form == nil:
		b.say("%s: id is no identifier", id)
	case form[1] != kind:
		b.say("%s: id is not that of a %s", id, kind)
	}
}

// order demands that one time is not after another, or is before it.
func (b *checked) order(m map[string]any, first, second string, strictly bool) {
	a, aok := timeOf(m[first])
	z, zok := timeOf(m[second])
	if aok && zok && (z.Before(a) || strictly && z.Equal(a)) {
		b.say("%s: %s is too early for %s", m["id"], second, first)
	}
}

func timeOf(v any) (time.Time, bool) {
	s, _ := v.(string)
	t, err := time.Parse(time.RFC3339, s)
	return t, err == nil
}

// related holds a relationship against the tables of what may relate to what.
func (b *checked) related(m map[string]any) {
	kind, _ := m["relationship_type"].(string)
	from, to := typeOf(m["source_ref"]), typeOf(m["target_ref"])
	switch {
	case kind == anyType:
	case slices.Contains(sameType, kind) && from == to:
	case slices.Contains(targets[from][kind], to):
	default:
		b.say("%s: relationship_type: a %s is not %q to a %s", m["id"], from, kind, to)
	}
}

func typeOf(ref any) string {
	s, _ := ref.(string)
	kind, _, _ := strings.Cut(s, "--")
	return kind
}

// deterministic computes an observable's id again (section 2.9). One without any contributing
// property would have a random id.
func (b *checked) deterministic(kind string, m map[string]any) {
	parts := make(map[string]any)
	for _, name := range contributing[kind] {
		if v, ok := m[name]; ok {
			parts[name] = v
		}
	}
	id, _ := m["id"].(string)
	if len(parts) == 0 {
		if form := idForm.FindStringSubmatch(id); len(form) > 3 && form[3] != "4" {
			b.say("%s: id has nothing to be made of, and is not random", id)
		}
		return
	}
	if want := kind + "--" + uuid5(jcs(parts)); id != want {
		b.say("%s: id is not made of its properties, %s would be", id, want)
	}
}

// jcs is RFC 8785 for an object of texts: names sorted, and nothing escaped but what must be.
// encoding/json does both, but for the two line separators.
func jcs(m map[string]any) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(m); err != nil {
		return nil
	}
	raw := bytes.TrimSuffix(out.Bytes(), []byte("\n"))
	return bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte(`\u2028`), []byte("\u2028")), []byte(`\u2029`), []byte("\u2029"))
}

// uuid5 is RFC 4122, section 4.3, in the namespace of section 2.9.
func uuid5(name []byte) string {
	space, err := hex.DecodeString("00abedb4aa42466c9c01fed23315a9b7")
	if err != nil {
		return ""
	}
	sum := sha1.Sum(append(space, name...)) //nolint:gosec // UUIDs of version 5 are made of it
	u := sum[:16]
	u[6], u[8] = u[6]&0x0f|0x50, u[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}
