package strict_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/cmd/config/strict"
)

type file struct {
	Name  string    `yaml:"name"`
	Since time.Time `yaml:"since"`
	Level level     `yaml:"level"`
	Part  *part     `yaml:"part,omitempty"`
	Pairs []pair    `yaml:"pairs"`
}

// level is a Scalar that is no struct.
type level int

func (*level) Form() string { return "high or low" }

func (l *level) Scan(text string) error {
	switch text {
	case "low":
		*l = 1
	case "high":
		*l = 2
	default:
		return errors.New("this is no level")
	}
	return nil
}

// pair is a Scalar that may be written as keys with values as well.
type pair struct {
	A string `yaml:"a"`
	B string `yaml:"b"`
}

func (*pair) Form() string { return "a pair like a-b" }

func (p *pair) Scan(text string) error {
	var ok bool
	if p.A, p.B, ok = strings.Cut(text, "-"); !ok {
		return errors.New("this is no pair")
	}
	return nil
}

// part is a Defaulter.
type part struct {
	On    bool    `yaml:"on"`
	Count uint64  `yaml:"count"`
	Price float64 `yaml:"price"`
}

func (p *part) Defaults() { *p = part{Count: 3, Price: 0.5} }

func TestDocument(t *testing.T) {
	since := time.Date(2031, 6, 12, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, text string
		want       file
		problems   string
	}{
		{"nothing", "", file{Name: "default"}, ""},
		{
			"everything", "name: n\nsince: 2031-06-12\nlevel: high\npart: {on: true, price: 2}\npairs: [x-y, {a: p, b: q}]\n",
			file{Name: "n", Since: since, Level: 2, Part: &part{On: true, Count: 3, Price: 2}, Pairs: []pair{{"x", "y"}, {"p", "q"}}},
			"",
		},
		{"keys without values", "name:\npairs:\n", file{Name: "default"}, ""},
		{"a key mistyped", "naem: n\n", file{}, `f:1: naem: this key is unknown; did you mean "name"?`},
		{"a key unlike any", "colour: n\n", file{}, "f:1: colour: this key is unknown; known here: level, name, pairs, part, since"},
		{"a value for a key", "hunter2 is it: n\n", file{}, "f:1: what stands here is no key; known here: level, name, pairs, part, since"},
		{"a key twice", "name: a\nname: b\n", file{}, "f:2: name: this key is there twice, first in line 1; keep one of them"},
		{"the wrong kinds", "name: [n]\nlevel: [high]\npairs: x-y\n", file{}, "f:1: name: this must be a text, not a list\n" +
			"f:2: level: this must be high or low, not a list\n" +
			"f:3: pairs: this must be a list, not a single value; write [a, b], or each entry on a line of its own behind \"- \""},
		{"what a Scalar refuses", "level: middle\npairs:\n  - x\n  - [x]\n", file{}, "f:1: level: this is no level\n" +
			"f:3: pairs[0]: this is no pair\nf:4: pairs[1]: this must be keys with values, not a list"},
		{"defaults behind a pointer", "name:\npart: {}\n", file{Name: "default", Part: &part{Count: 3, Price: 0.5}}, ""},
		{"nothing behind a pointer", "part:\n", file{}, "f:1: part: nothing stands behind this key; write {} for the defaults, or leave the key out"},
		{"the wrong plain values", "part: {on: yes, count: -1, price: .nan}\n", file{}, "f:1: part.on: this must be true or false\n" +
			"f:1: part.count: this must be a whole number like 5000\nf:1: part.price: this must be a number like 0.005"},
		{"an empty entry", "pairs:\n  - x-y\n  -\n", file{}, "f:3: pairs[1]: this entry is empty; remove it, or put it in quotes if it begins with #"},
		{"two documents", "name: a\n---\nname: b\n", file{}, "f:2: a second document begins here; keep everything in one, without ---"},
	} {
		got := file{Name: "default"}
		d := strict.NewDecoder("f")
		d.Document([]byte(c.text), &got)
		err := d.Err()
		if c.problems == "" {
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%s: %v (-want +got):\n%s", c.name, err, diff)
			}
			continue
		}
		if !errors.As(err, new(strict.Problems)) {
			t.Errorf("%s: the error is %v", c.name, err)
		} else if diff := cmp.Diff(c.problems, err.Error()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// What a check finds comes with the place of the nearest thing around it, and
// not at all where it only follows from what is known.
func TestAdd(t *testing.T) {
	d := strict.NewDecoder("f")
	d.Document([]byte("level: middle\npairs:\n  - x-y\n"), &file{})
	d.Add("level", "follows")
	d.Add("pairs[0].b", "bad")
	d.Add("since", "missing")
	d.Distrust("name")
	d.Add("name", "follows")
	if diff := cmp.Diff("f: since: missing\nf:1: level: this is no level\nf:3: pairs[0].b: bad", d.Err().Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
