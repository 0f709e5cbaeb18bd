package texts_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"winnow/dashboards/desk/texts"
)

// marked writes parts as -gone- and +added+.
func marked(parts []texts.Part) string {
	var b strings.Builder
	for _, p := range parts {
		mark := map[texts.Op]string{texts.Same: "", texts.Gone: "-", texts.Added: "+"}[p.Op]
		b.WriteString(mark + p.Text + mark)
	}
	return b.String()
}

func TestDiff(t *testing.T) {
	for _, test := range []struct{ base, version, want string }{
		{"", "", ""},
		{"same", "same", "same"},
		{"", "new", "+new+"},
		{"old", "", "-old-"},
		{"our city shines!", "our town shines!!", "our -city-+town+ shines+!+!"},
		{"one two three", "one three", "one -two -three"},
		{"ما أجمل هذه الليلة", "ما أجمل هذا المساء", "ما أجمل -هذه-+هذا+ -الليلة-+المساء+"},
		// A word with its marks, and one with a joiner in it, are one word.
		{"şəhərimiz i\u0307nci", "şəhərimiz inci", "şəhərimiz -i\u0307nci-+inci+"},
		{"می\u200cخواهم بروم", "می\u200cخواهم بمانم", "می\u200cخواهم -بروم-+بمانم+"},
		{"free\u200bdom", "freedom", "-free\u200bdom-+freedom+"},
		{"<b>a</b>", "<i>a</i>", "<-b-+i+>a</-b-+i+>"},
		{"a\xffb", "a\xfeb", "a-\xff-+\xfe+b"},
	} {
		parts, cut := texts.Diff(test.base, test.version)
		if got := marked(parts); got != test.want || cut {
			t.Errorf("%q to %q: %q, want %q (cut: %v)", test.base, test.version, got, test.want, cut)
		}
	}
}

// Property: what is not added makes the one text, what is not gone the other, and no
// two parts in a row are alike.
func TestDiffLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.StringOfN(rapid.RuneFrom([]rune("ab c,ə\u0301ع\u200d🌟\n\ufffd")), 0, 60, -1)
		a, b := some.Draw(t, "a"), some.Draw(t, "b")
		parts, cut := texts.Diff(a, b)
		var base, version strings.Builder
		for i, p := range parts {
			if p.Op != texts.Added {
				base.WriteString(p.Text)
			}
			if p.Op != texts.Gone {
				version.WriteString(p.Text)
			}
			if p.Text == "" || i > 0 && parts[i-1].Op == p.Op {
				t.Fatalf("part %d of %+v", i, parts)
			}
		}
		if base.String() != a || version.String() != b || cut {
			t.Fatalf("%q and %q became %+v", a, b, parts)
		}
	})
}

func TestDiffIsBounded(t *testing.T) {
	long := strings.Repeat("word ", 100_000)
	parts, cut := texts.Diff(long, "other "+long)
	n := 0
	for _, p := range parts {
		n += len(p.Text)
	}
	if !cut || n > 2*500*5 {
		t.Errorf("cut: %v, %d bytes in %d parts", cut, n, len(parts))
	}
}

func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"plain, ضوء, 👩\u200d🚀": "plain, ضوء, 👩\u200d🚀",
		"free\u200bdom":        "free[U+200B]dom",
		"a\u202eb\u2066c":      "a[U+202E]b[U+2066]c",
		"a\nb\x00":             "a\nb[U+0000]",
	} {
		if got := texts.Visible(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func posts(lines ...string) (out []texts.Post) {
	for _, line := range lines {
		author, text, _ := strings.Cut(line, ": ")
		out = append(out, texts.Post{Author: author, Text: text})
	}
	return out
}

func TestCompare(t *testing.T) {
	c := texts.Compare(posts(
		"1: our city shines tonight", "2: our city shines tonight", "2: our city shines tonight ", "3: our town shines tonight",
		"4: our city\nshines  tonight", "5: something else that nobody says", "6: ضوء المدينة جميل", "7: ضوء المدينة جميل", "8: ", "9: our city",
	))
	var got []string
	for _, g := range c.Groups {
		line := fmt.Sprintf("%d accounts: %q by %d in %d", g.Accounts, g.Base.Text, g.Base.Accounts, g.Base.Posts)
		for _, v := range g.Versions {
			line += fmt.Sprintf("; %s by %d, blanks %v", marked(v.Parts), v.Accounts, v.Blanks)
		}
		got = append(got, line)
	}
	want := []string{
		`5 accounts: "our city shines tonight" by 2 in 3; our city- shines tonight- by 1, blanks false; our city- -` + "+\n+shines- -+  +tonight by 1, blanks true; our -city-+town+ shines tonight by 1, blanks false",
		`2 accounts: "ضوء المدينة جميل" by 2 in 2`,
	}
	if diff := cmp.Diff(want, got); diff != "" || c.Alone != 1 || c.More != 0 {
		t.Errorf("%d alone, %d more (-want +got):\n%s", c.Alone, c.More, diff)
	}
}

// Whatever comes, the page stays short.
func TestCompareIsBounded(t *testing.T) {
	var all []texts.Post
	for i := range 300 {
		all = append(all, texts.Post{Author: fmt.Sprint(i), Text: fmt.Sprintf("a text that is always the same but for %d", i)})
	}
	for i := range 100 {
		for range 2 {
			all = append(all, texts.Post{Author: fmt.Sprint(i), Text: strings.Repeat(string(rune('一'+i)), 3)})
		}
	}
	c := texts.Compare(all)
	shown := 0
	for _, g := range c.Groups {
		shown += 1 + len(g.Versions)
		if len(g.Versions) > 15 {
			t.Errorf("%d versions", len(g.Versions))
		}
	}
	if len(c.Groups) > 12 || shown > 12*16 || c.More < 200 {
		t.Errorf("%d groups with %d texts, %d more", len(c.Groups), shown, c.More)
	}
	if got := texts.Compare(nil); len(got.Groups) != 0 || got.Alone != 0 {
		t.Errorf("of nothing: %+v", got)
	}
}
