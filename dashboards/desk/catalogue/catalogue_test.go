package catalogue_test

import (
	"flag"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/leonelquinteros/gotext"

	"winnow/dashboards/desk/catalogue"
)

var update = flag.Bool("update", false, "write the messages that are said into the catalogues, and take out those that are not")

// TestCatalogues holds the catalogues to what the code and the templates say: each message
// has a translation in every language, with the same places for values and the same
// markup, and in every form for counts.
func TestCatalogues(t *testing.T) {
	all := said(t)
	if len(all) < 300 {
		t.Fatalf("only %d messages were found", len(all))
	}
	for m := range all {
		if m.many == "" {
			if err := fits(m.one, m.one, false); err != nil {
				t.Errorf("%q: %v", m.one, err)
			}
		} else if err := fits(m.many, m.one, true); err != nil {
			t.Errorf("%q: %v", m.one, err)
		}
	}
	for _, l := range catalogue.Languages()[1:] {
		t.Run(l.Code, func(t *testing.T) {
			path := filepath.Join("po", l.Code+".po")
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			po := gotext.NewPo()
			po.Parse(text)
			have := po.GetDomain().GetTranslations()
			forms := formsOf(t, string(text))
			if *update {
				write(t, path, string(text), all, have, forms)
				return
			}
			for m, files := range all {
				check(t, m, files, have[m.one], forms)
			}
			for id, tr := range have {
				if _, ok := all[message{id, tr.PluralID}]; id != "" && !ok {
					t.Errorf("%q is said nowhere: run this test with -update", id)
				}
			}
		})
	}
}

func check(t *testing.T, m message, files []string, tr *gotext.Translation, forms int) {
	t.Helper()
	if tr == nil || tr.PluralID != m.many {
		t.Errorf("%s: %q is not in the catalogue: run this test with -update, and translate it", strings.Join(files, ", "), m.one)
		return
	}
	want := 1
	if m.many != "" {
		want = forms
	}
	for i := range want {
		says := tr.Trs[i]
		if says == "" {
			t.Errorf("%s: %q has no translation (form %d)", strings.Join(files, ", "), m.one, i)
			continue
		}
		like := m.one
		if m.many != "" {
			like = m.many
		}
		if err := fits(like, says, m.many != ""); err != nil {
			t.Errorf("%q: %q (form %d): %v", m.one, says, i, err)
		}
	}
}

var (
	verb   = regexp.MustCompile(`%(?:%|(?:\[(\d+)\])?(s)|.?)`)
	markup = regexp.MustCompile(`<[^>]*>?`)
)

// fits says whether a translation takes the same values as a message, and has its markup.
// A form for a count may do without the count, which is the first value.
func fits(message, says string, counted bool) error {
	want, err := places(message)
	if err != nil {
		return err
	}
	got, err := places(says)
	if err != nil {
		return err
	}
	if counted && !slices.Contains(got, 1) {
		want = slices.DeleteFunc(want, func(i int) bool { return i == 1 })
	}
	if !slices.Equal(want, got) {
		return fmt.Errorf("has places for the values %v, not %v", got, want)
	}
	a, b := markup.FindAllString(message, -1), markup.FindAllString(says, -1)
	for _, tag := range b {
		if name := strings.Trim(tag, "</>"); !slices.Contains([]string{"strong", "em", "code", "bdi", "del", "ins"}, name) {
			return fmt.Errorf("has the markup %s", tag)
		}
	}
	sort.Strings(a)
	sort.Strings(b)
	if !slices.Equal(a, b) {
		return fmt.Errorf("has the markup %v, not %v", b, a)
	}
	return nil
}

// places are the values that a message wants, each once.
func places(s string) ([]int, error) {
	var all []int
	next := 1
	for _, v := range verb.FindAllStringSubmatch(s, -1) {
		switch {
		case v[0] == "%%":
			continue
		case v[2] != "s":
			return nil, fmt.Errorf("%q is no place for a value", v[0])
		case v[1] != "":
			next, _ = strconv.Atoi(v[1])
		}
		if !slices.Contains(all, next) {
			all = append(all, next)
		}
		next++
	}
	slices.Sort(all)
	return all, nil
}

// formsOf is how many forms for counts a language has.
func formsOf(t *testing.T, po string) int {
	t.Helper()
	found := regexp.MustCompile(`nplurals=(\d)`).FindStringSubmatch(po)
	if found == nil {
		t.Fatal("the catalogue does not say how many forms its language has")
	}
	n, _ := strconv.Atoi(found[1])
	return n
}

// write puts all messages into a catalogue, with the translations that it has.
func write(t *testing.T, path, before string, all map[message][]string, have map[string]*gotext.Translation, forms int) {
	t.Helper()
	head, _, _ := strings.Cut(before, "\n\n")
	var b strings.Builder
	b.WriteString(strings.TrimRight(head, "\n") + "\n")
	order := make([]message, 0, len(all))
	for m := range all {
		order = append(order, m)
	}
	slices.SortFunc(order, func(a, b message) int {
		if c := slices.Compare(all[a][:1], all[b][:1]); c != 0 {
			return c
		}
		return strings.Compare(a.one+a.many, b.one+b.many)
	})
	missing := 0
	for _, m := range order {
		says := func(i int) string {
			if tr := have[m.one]; tr != nil && tr.PluralID == m.many {
				return tr.Trs[i]
			}
			return ""
		}
		if says(0) == "" {
			missing++
		}
		fmt.Fprintf(&b, "\n#: %s\nmsgid %s\n", strings.Join(all[m], " "), quote(m.one))
		if m.many == "" {
			fmt.Fprintf(&b, "msgstr %s\n", quote(says(0)))
			continue
		}
		fmt.Fprintf(&b, "msgid_plural %s\n", quote(m.many))
		for i := range forms {
			fmt.Fprintf(&b, "msgstr[%d] %s\n", i, quote(says(i)))
		}
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d messages, %d of them without a translation", path, len(all), missing)
}

// quote is a string as the format has it.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

func TestFits(t *testing.T) {
	for _, test := range []struct {
		message, says string
		counted, fine bool
	}{
		{"%s of %s", "%s de %s", false, true},
		{"%s of %s", "%[2]s : %[1]s", false, true},
		{"%s of %s", "%s", false, false},
		{"%s of %s", "%s de %s %s", false, false},
		{"%s of %s", "%s de %d", false, false},
		{"<strong>%s</strong>", "<strong>%s</strong>", false, true},
		{"<strong>%s</strong>", "%s", false, false},
		{"<strong>%s</strong>", "<strong>%s<strong>", false, false},
		{"%s", `<a href="https://evil.example">%s</a>`, false, false},
		{"%s", "%s<img src=x", false, false},
		{"%s posts", "deux posts", true, true},
		{"%s posts", "deux posts", false, false},
		{"%s posts of %s", "un post", true, false},
		{"%s%%", "%s %%", false, true},
		{"%s%%", "%s %", false, false},
	} {
		if err := fits(test.message, test.says, test.counted); (err == nil) != test.fine {
			t.Errorf("%q for %q: %v", test.says, test.message, err)
		}
	}
}

// TestOnlyMessagesBringMarkup: what is put into a message is shown as it is.
func TestOnlyMessagesBringMarkup(t *testing.T) {
	for _, l := range catalogue.Languages() {
		m, err := catalogue.Load(l)
		if err != nil {
			t.Fatal(err)
		}
		const evil = `<script>alert("1")</script>`
		for _, got := range []template.HTML{m.HTML("<strong>%s</strong>", evil), m.PluralHTML(2, "<em>%s</em>", "<em>%s</em>", evil)} {
			if strings.Contains(string(got), "<script") || !strings.Contains(string(got), "&lt;script&gt;") {
				t.Errorf("%s: %s", l.Code, got)
			}
		}
		if got := m.HTML("<strong>%s</strong>", m.HTML("<em>%s</em>", "a < b")); got != "<strong><em>a &lt; b</em></strong>" {
			t.Errorf("%s: %s", l.Code, got)
		}
	}
}

func TestMatch(t *testing.T) {
	english := catalogue.English()
	french, _ := catalogue.Find("fr")
	for header, want := range map[string]string{
		"":                                   "en",
		"fr-CA,fr;q=0.9,en;q=0.8":            "fr",
		"es-419":                             "es",
		"ar-EG, en;q=0.5":                    "ar",
		"az, en-GB;q=0.7":                    "en",
		"az":                                 "en",
		"ru-RU,ru;q=0.9":                     "en",
		"*":                                  "en",
		"fr;q=0, es":                         "es",
		strings.Repeat("x", 5000):            "en",
		strings.Repeat("fr-CA;q=0.5,", 2000): "en",
	} {
		if got := catalogue.Match(header, english); got.Code != want {
			t.Errorf("%.40q: %s, want %s", header, got.Code, want)
		}
	}
	if got := catalogue.Match("az", french); got != french {
		t.Errorf("the usual language is not taken: %v", got)
	}
}

func FuzzMatch(f *testing.F) {
	for _, s := range []string{"fr-CA,fr;q=0.9", "*", "ar-u-nu-latn", "x-private", ";;,,=", "zh-Hant-TW"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if _, ok := catalogue.Find(catalogue.Match(header, catalogue.English()).Code); !ok {
			t.Fatalf("%q leads to a language that is none", header)
		}
	})
}
