package edit_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/cmd/config"
	"winnow/cmd/config/edit"
	"winnow/cmd/config/strict"
)

var update = flag.Bool("update", false, "write the golden files anew")

var baku = time.FixedZone("", 4*3600)

// day is a declared action.
func day(name string, from, to int, tags, texts []string) config.Declared {
	return config.Declared{
		Name: name, From: time.Date(2031, 6, from, 9, 0, 0, 0, baku), To: time.Date(2031, 6, to, 0, 0, 0, 0, baku), Tags: tags, Texts: texts,
	}
}

// changes are what is done to the campaign of each golden file's name.
var changes = map[string]func(c *config.Campaign){
	"example": func(c *config.Campaign) {
		c.Tags = []string{"#RealGames2031", "#New"}
		c.Protected = append(c.Protected, config.Protected{Account: "did:plc:abc"}, config.Protected{Platform: "x", Account: "@b"})
		c.Declared[0].To = time.Date(2031, 6, 14, 0, 0, 0, 0, baku)
		c.Declared = append(c.Declared, day("Second day", 20, 21, nil, []string{`with "quotes" and \`}))
		c.KeepDays = 365
	},
	"example-new": func(c *config.Campaign) {
		*c = config.Campaign{Name: "Another: one", Tags: []string{"#a"}, Declared: []config.Declared{day("Day", 1, 2, []string{"b"}, nil)}}
	},
	"flow": func(c *config.Campaign) {
		c.Tags = append(c.Tags, "#c")
		c.Terms = nil
		c.Protected = []config.Protected{{Platform: "x", Account: "@anna"}}
		c.KeepDays, c.Evidence = 30, true
	},
	"flow-new": func(c *config.Campaign) {
		*c = config.Campaign{Name: "Third", Terms: []string{"words"}, Evidence: true}
	},
	"all-flow":   func(c *config.Campaign) { c.Tags = append(c.Tags, "d"); c.KeepDays = 9 },
	"compact":    func(c *config.Campaign) { c.Tags = []string{"b", "c"}; c.Terms = nil; c.KeepDays = 0 },
	"emptied":    func(c *config.Campaign) { c.Tags, c.Terms = nil, []string{"x", "y"} },
	"odd":        func(c *config.Campaign) { c.Terms = []string{"first line\n# second\n", "three"}; c.KeepDays = 1 },
	"no-list":    func(c *config.Campaign) { *c = config.Campaign{Name: "First", Tags: []string{"a"}} },
	"no-value":   func(c *config.Campaign) { *c = config.Campaign{Name: "First", Tags: []string{"a"}} },
	"empty-list": func(c *config.Campaign) { *c = config.Campaign{Name: "First", Tags: []string{"a"}} },
	"remarks":    func(c *config.Campaign) { *c = config.Campaign{Name: "First", Tags: []string{"a"}} },
	"crlf":       func(c *config.Campaign) { c.Tags = append(c.Tags, "b"); c.KeepDays = 3 },
	"commented":  func(c *config.Campaign) { c.Tags = []string{"#a", "#c"} },
}

// Each file of testdata has its campaign "A", or the first one, changed: the result is
// beside it.
func TestPut(t *testing.T) {
	inputs, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(inputs) != len(changes)-2 {
		t.Fatalf("found %d cases for %d changes: %v", len(inputs), len(changes), err)
	}
	inputs = append(inputs, "../../../winnow.example.yaml", "../../../winnow.example.yaml new")
	for _, in := range inputs {
		path, add := strings.CutSuffix(in, " new")
		name := strings.TrimSuffix(filepath.Base(path), ".yaml")
		if strings.HasPrefix(name, "winnow") {
			name = "example"
		}
		if add {
			name += "-new"
		}
		t.Run(name, func(t *testing.T) { runPut(t, path, name, changes[name]) })
	}
}

func runPut(t *testing.T, path, name string, modify func(*config.Campaign)) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, err := config.Parse("winnow.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	var c config.Campaign
	if len(before.Campaigns) > 0 {
		c = before.Campaigns[0]
		c.Tags, c.Protected, c.Declared = slices.Clone(c.Tags), slices.Clone(c.Protected), slices.Clone(c.Declared)
	}
	modify(&c)
	out, err := edit.Put("winnow.yaml", data, c)
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", name+".want")
	if *update {
		if err := os.WriteFile(golden, out, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(out)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// The same once more changes nothing.
	if again, err := edit.Put("winnow.yaml", out, c); err != nil || string(again) != string(out) {
		t.Errorf("once more: %v\n%s", err, cmp.Diff(string(out), string(again)))
	}
}

// What cannot be kept is refused, and so is what is no configuration.
func TestPutRefuses(t *testing.T) {
	c := config.Campaign{Name: "A", Tags: []string{"b"}}
	for name, text := range map[string]string{
		"a document's end":    "campaigns:\n  - {name: B, tags: [a]}\n...\n# more\n",
		"keys behind a mark":  "? campaigns\n: - name: A\n    ? tags\n    : [a]\n",
		"values with a type":  "campaigns:\n  - name: A\n    tags: !!seq\n      - !!str a\n",
		"tabs in front":       "campaigns:\n  - name: A\n    tags: \n     \t[a]\n",
		"two byte characters": "\xff\xfec\x00:\x00 \x001\x00\n\x00",
	} {
		out, err := edit.Put("winnow.yaml", []byte(text), c)
		if err == nil {
			// Whatever is not refused must be right.
			after, perr := config.Parse("winnow.yaml", out)
			if perr != nil || !slices.ContainsFunc(after.Campaigns, func(one config.Campaign) bool { return one.Name == "A" && slices.Equal(one.Tags, c.Tags) }) {
				t.Errorf("%s: %v\n%s", name, perr, out)
			}
		} else if !errors.Is(err, edit.ErrLayout) && !errors.As(err, new(strict.Problems)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var ps strict.Problems
	if _, err := edit.Put("winnow.yaml", []byte("campaigns:\n  - {name: A, tags: [a]}\n"), config.Campaign{Name: "A", Tags: []string{"!"}, KeepDays: 1e9}); !errors.As(err, &ps) || len(ps) != 2 {
		t.Errorf("mistakes: %v", err)
	}
}

func TestSnippet(t *testing.T) {
	c := config.Campaign{
		Name: "A #1", Tags: []string{"#a"}, Terms: []string{"x: y"}, Protected: []config.Protected{{Platform: "x", Account: "@a"}, {Account: "x:odd"}},
		Declared: []config.Declared{day("Day", 1, 2, []string{"b"}, nil)}, KeepDays: 7,
	}
	cfg, err := config.Parse("winnow.yaml", []byte(edit.Snippet(c)))
	if err != nil {
		t.Fatal(err)
	}
	c.Declared[0].From, c.Declared[0].To = c.Declared[0].From.UTC(), c.Declared[0].To.UTC()
	if diff := cmp.Diff([]config.Campaign{c}, cfg.Campaigns); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, edit.Snippet(c))
	}
}
