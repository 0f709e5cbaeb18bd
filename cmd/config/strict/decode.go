package strict

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Scalar is a type that reads a single value itself. A struct that is one may
// be written as keys with values as well.
type Scalar interface {
	// Form says how a value is written: a size like "4GiB".
	Form() string
	// Scan reads the value. The error is shown as it is: what is wrong, and
	// what to write.
	Scan(text string) error
}

// Defaulter is a type whose values begin with defaults where the struct around
// them cannot hold any: behind a pointer, or in a list.
type Defaulter interface {
	Defaults()
}

// Decoder fills a struct from a YAML file and takes down every mistake with its
// place. A field is a struct or a pointer to one, a slice, a string, a bool, a
// uint64, a float64, a time.Time, or of a type that is a Scalar; its yaml tag
// is its key. A pointer is nil unless its key is there with something behind it.
type Decoder struct {
	file     string
	problems Problems
	// lines says where each path stands, failed which paths have no value
	// worth checking.
	lines  map[string]int
	failed []string
	// unread is true if the file could not be taken apart at all.
	unread bool
}

// NewDecoder returns a decoder for one file, whose name is for messages.
func NewDecoder(file string) *Decoder {
	return &Decoder{file: file, lines: map[string]int{}}
}

// bad takes down a mistake in what stands at a node. Values below the path are
// not checked any further.
func (d *Decoder) bad(n *yaml.Node, path, format string, args ...any) {
	d.problems = append(d.problems, Problem{File: d.file, Line: n.Line, Path: path, Text: fmt.Sprintf(format, args...)})
	d.failed = append(d.failed, path)
}

// Add takes down what a check found at a path, unless it only follows from a
// mistake that is known already.
func (d *Decoder) Add(path, text string) {
	if d.unread {
		return
	}
	for _, f := range d.failed {
		if f == path || within(f, path) || within(path, f) {
			return
		}
	}
	d.problems = append(d.problems, Problem{File: d.file, Line: d.line(path), Path: path, Text: text})
}

// Distrust keeps Add from saying anything about a path or what lies below it:
// its value is wrong in a way that was taken down elsewhere.
func (d *Decoder) Distrust(path string) { d.failed = append(d.failed, path) }

// within says whether path lies below the other one.
func within(path, other string) bool {
	rest, ok := strings.CutPrefix(path, other)
	return ok && rest != "" && (rest[0] == '.' || rest[0] == '[')
}

// line finds the line of a path, or of the nearest thing around it.
func (d *Decoder) line(path string) int {
	for path != "" {
		if line, ok := d.lines[path]; ok {
			return line
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return 0
}

// Err returns the Problems that were taken down, in the file's order, or nil.
func (d *Decoder) Err() error {
	if len(d.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(d.problems, func(a, b Problem) int { return a.Line - b.Line })
	return d.problems
}

// Document decodes the one document of a file into the struct that into points
// at, which holds the defaults. An empty file is fine.
func (d *Decoder) Document(data []byte, into any) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var root, more yaml.Node
	switch err := dec.Decode(&root); {
	case errors.Is(err, io.EOF):
		return
	case err != nil:
		d.syntax(data, err)
		return
	}
	if err := dec.Decode(&more); err == nil {
		d.bad(&more, "", "a second document begins here; keep everything in one, without ---")
	} else if !errors.Is(err, io.EOF) {
		d.syntax(data, err)
	}
	if len(root.Content) == 1 {
		d.value(root.Content[0], reflect.ValueOf(into).Elem(), "")
	}
}

var (
	yamlLine    = regexp.MustCompile(`line (\d+)`)
	yamlUnknown = regexp.MustCompile(`unknown anchor '(.*)' referenced`)
)

// syntax takes down why a file is no YAML. The library's message is not shown,
// since it may quote what stands there.
func (d *Decoder) syntax(data []byte, err error) {
	p := Problem{File: d.file, Text: "this is not YAML; look at the line before as well, put texts that begin with #, *, &, @ or ! in quotes, and indent with blanks, not tabs"}
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		p.Line, _ = strconv.Atoi(m[1]) // digits, and 0 is right if too many
	}
	if m := yamlUnknown.FindStringSubmatch(err.Error()); m != nil {
		p.Text = "a value that begins with * needs quotes; put it in quotes"
		if before, _, found := bytes.Cut(data, []byte("*"+m[1])); found {
			p.Line = 1 + bytes.Count(before, []byte("\n"))
		}
	}
	d.problems = append(d.problems, p)
	d.unread = true
}

// value decodes a node into v, which holds the default.
func (d *Decoder) value(n *yaml.Node, v reflect.Value, path string) {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		d.bad(n, path, "anchors and aliases are not supported; write the value out, or put it in quotes if it begins with & or *")
		return
	case n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null":
		// A key with nothing behind it keeps its default. Where that would
		// mean that there is nothing, the key says otherwise.
		if v.Kind() == reflect.Pointer {
			d.bad(n, path, "nothing stands behind this key; write {} for the defaults, or leave the key out")
		}
		return
	}
	switch into := v.Addr().Interface().(type) {
	case *time.Time:
		d.time(n, into, path)
		return
	case Scalar:
		if n.Kind == yaml.ScalarNode || v.Kind() != reflect.Struct {
			d.scan(n, into, path)
			return
		}
	}
	switch v.Kind() {
	case reflect.Struct:
		d.structure(n, v, path)
	case reflect.Slice:
		d.list(n, v, path)
	case reflect.Pointer:
		v.Set(fresh(v.Type().Elem()))
		d.value(n, v.Elem(), path)
	case reflect.String:
		if d.scalar(n, path, "a text") {
			v.SetString(n.Value)
		}
	case reflect.Bool, reflect.Uint64, reflect.Float64:
		d.plain(n, v, path)
	default:
		panic("strict: a field of type " + v.Type().String() + " has no decoder")
	}
}

// structure decodes a mapping, whose keys must all be known and there once.
func (d *Decoder) structure(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.MappingNode {
		d.bad(n, path, "this must be keys with values, not %s", kindOf(n))
		return
	}
	fields := map[string]int{}
	for i := range v.NumField() {
		key, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		fields[key] = i
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			d.bad(key, path, "a key must be a plain word, not %s", kindOf(key))
			continue
		}
		below := join(path, key.Value)
		field, known := fields[key.Value]
		if !known {
			d.unknown(key, path, fields)
			continue
		}
		if line, twice := seen[key.Value]; twice {
			d.bad(key, below, "this key is there twice, first in line %d; keep one of them", line)
			continue
		}
		seen[key.Value], d.lines[below] = key.Line, key.Line
		d.value(value, v.Field(field), below)
	}
}

// unknown takes down a key that is none. Only what looks like a key is shown:
// with a colon forgotten or an indent wrong it may be anything.
func (d *Decoder) unknown(key *yaml.Node, path string, fields map[string]int) {
	known := make([]string, 0, len(fields))
	for name := range fields {
		known = append(known, name)
	}
	slices.Sort(known)
	advice := "known here: " + strings.Join(known, ", ")
	if best := nearest(key.Value, known); best != "" {
		advice = fmt.Sprintf("did you mean %q?", best)
		// It would only be missed as well.
		d.failed = append(d.failed, join(path, best))
	}
	if !looksLikeKey.MatchString(key.Value) {
		d.bad(key, path, "what stands here is no key; %s", advice)
		return
	}
	d.bad(key, join(path, key.Value), "this key is unknown; %s", advice)
}

var looksLikeKey = regexp.MustCompile(`^[a-zA-Z][a-zA-Z_-]{0,23}$`)

func (d *Decoder) list(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.SequenceNode {
		d.bad(n, path, "this must be a list, not %s; write [a, b], or each entry on a line of its own behind \"- \"", kindOf(n))
		return
	}
	if len(n.Content) == 0 {
		return
	}
	list := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	for i, entry := range n.Content {
		below := fmt.Sprintf("%s[%d]", path, i)
		d.lines[below] = entry.Line
		if entry.Kind == yaml.ScalarNode && entry.ShortTag() == "!!null" {
			d.bad(entry, below, "this entry is empty; remove it, or put it in quotes if it begins with #")
			continue
		}
		list.Index(i).Set(fresh(v.Type().Elem()).Elem())
		d.value(entry, list.Index(i), below)
	}
	v.Set(list)
}

// fresh returns a pointer to a new value with its defaults.
func fresh(t reflect.Type) reflect.Value {
	p := reflect.New(t)
	if with, ok := p.Interface().(Defaulter); ok {
		with.Defaults()
	}
	return p
}

// plain decodes yes or no, a whole number, or a number.
func (d *Decoder) plain(n *yaml.Node, v reflect.Value, path string) {
	form := map[reflect.Kind]string{
		reflect.Bool:    "true or false",
		reflect.Uint64:  "a whole number like 5000",
		reflect.Float64: "a number like 0.005",
	}[v.Kind()]
	if !d.scalar(n, path, form) {
		return
	}
	var err error
	switch v.Kind() {
	case reflect.Bool:
		if n.Value != "true" && n.Value != "false" {
			err = strconv.ErrSyntax
		}
		v.SetBool(n.Value == "true")
	case reflect.Uint64:
		var u uint64
		u, err = strconv.ParseUint(n.Value, 10, 64)
		v.SetUint(u)
	default:
		var f float64
		f, err = strconv.ParseFloat(n.Value, 64)
		if err == nil && (math.IsNaN(f) || math.IsInf(f, 0)) {
			err = strconv.ErrRange
		}
		v.SetFloat(f)
	}
	if err != nil {
		d.bad(n, path, "this must be %s", form)
	}
}

// scalar says whether the node is a single value.
func (d *Decoder) scalar(n *yaml.Node, path, want string) bool {
	if n.Kind != yaml.ScalarNode {
		d.bad(n, path, "this must be %s, not %s", want, kindOf(n))
		return false
	}
	return true
}

func (d *Decoder) scan(n *yaml.Node, s Scalar, path string) {
	if !d.scalar(n, path, s.Form()) {
		return
	}
	if err := s.Scan(n.Value); err != nil {
		d.bad(n, path, "%v", err)
	}
}

// time reads a moment, or a day, which stands for its first moment in UTC.
func (d *Decoder) time(n *yaml.Node, t *time.Time, path string) {
	const want = `a day like 2015-06-12 (from 00:00 UTC) or a moment with its zone like 2015-06-12T20:00:00+04:00`
	if !d.scalar(n, path, want) {
		return
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04Z07:00", time.DateOnly} {
		if parsed, err := time.Parse(layout, n.Value); err == nil {
			*t = parsed.UTC()
			return
		}
	}
	d.bad(n, path, "%q is no time; write %s", Clip(n.Value), want)
}

func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys with values"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	return "a single value"
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// Clip shortens what is shown of a value in the text of a Problem.
func Clip(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
