package mastodon

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestParseHTML(t *testing.T) {
	for _, c := range []struct {
		in, text string
		links    []string
		tags     []hashtag
	}{
		{in: "", text: ""},
		{in: "plain", text: "plain"},
		{in: "<p>one</p><p>two</p>", text: "one\n\ntwo"},
		{in: "<p>one<br>two<br/>three<br /><br>four</p>", text: "one\ntwo\nthree\n\nfour"},
		{in: "<P>Case <B>bold</B></P>", text: "Case bold"},
		{in: "a &amp;&lt;&#x27;&nbsp;b &unknown; &", text: "a &<'\u00a0b &unknown; &"},
		{in: "1 < 2 and <3 and a<b", text: "1 < 2 and <3 and a<b"},
		{in: "<ul><li>one</li><li>two</li></ul>after", text: "one\ntwo\n\nafter"},
		{in: "  a \n b\t c  ", text: "a b c"},
		{in: "a<!-- no > comment -->b", text: "ab"},
		{in: "a<!-- no end", text: "a"},
		{in: "<script>x<y</script>a<STYLE>b</STYLE>c", text: "ac"},
		{in: "<script>never ends", text: ""},
		{in: `<a href="https://a.example/?x=1&amp;y=2">a</a>`, text: "a", links: []string{"https://a.example/?x=1&y=2"}},
		{in: `<a href='https://a.example'>un`, text: "un", links: []string{"https://a.example"}},
		{in: `<a href=https://a.example class=x>a</a>`, text: "a", links: []string{"https://a.example"}},
		{in: `<a title="a > b" href="https://a.example">a</a>`, text: "a", links: []string{"https://a.example"}},
		{in: `<a class="mention" href="https://a.example/@b">@<span>b</span></a>`, text: "@b"},
		{in: `<a href="https://a.example/tags/susa" class="mention hashtag">#<span>Şuşa</span></a>`, text: "#Şuşa", tags: []hashtag{{"Şuşa", "susa"}}},
		{in: `x <a rel="tag" href="https://a.example/tags/%C5%9Fu%C5%9Fa/">#Şuşa</a> y`, text: "x #Şuşa y", tags: []hashtag{{"Şuşa", "şuşa"}}},
		{in: `<a href="x"`, text: `<a href="x"`},
		{in: "<>", text: "<>"},
		{in: "<", text: "<"},
	} {
		got := parseHTML(c.in)
		want := content{text: c.text, links: c.links, tags: c.tags}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(content{}, hashtag{})); diff != "" {
			t.Errorf("parseHTML(%q) (-want +got):\n%s", c.in, diff)
		}
	}
}

// TestParseHTMLIsLinear: the worst inputs for a careless reader take no longer
// per byte than others; at a quadratic rate they would take minutes.
func TestParseHTMLIsLinear(t *testing.T) {
	const n = 200_000
	start := time.Now()
	for _, piece := range []string{"<", "<1", "<a ", "<a \"", "<!--", "<script>", "<script></", "<a href=x>", "&", "<p><br>", "</", "\"", "<a href='"} {
		parseHTML(strings.Repeat(piece, n/len(piece)))
		parseHTML(strings.Repeat(piece, n/len(piece)) + ">")
	}
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("took %v", d)
	}
}

// The text of any valid input is valid text without HTML's white space around
// it, no tag is longer than the input, and nothing panics.
func FuzzParseHTML(f *testing.F) {
	f.Add(`<p>Salam <a href="https://a.example/tags/x" class="mention hashtag">#<span>X</span></a> &amp; <br>more</p>`)
	f.Add("<!-- <a <b \" ' > &#x0; &#55555;")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		c := parseHTML(s)
		if !utf8.ValidString(c.text) {
			t.Fatalf("%q has invalid text %q", s, c.text)
		}
		if c.text != strings.TrimSpace(c.text) {
			t.Fatalf("%q has text with blanks around it: %q", s, c.text)
		}
		for _, tag := range c.tags {
			if tag.posted == "" || !strings.Contains(c.text, strings.TrimSpace(tag.posted)) {
				t.Fatalf("%q has tag %q that is not in its text %q", s, tag.posted, c.text)
			}
		}
	})
}
