package mastodon

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// content is what the HTML of a status says.
type content struct {
	text  string
	links []string // of links that are neither mention nor hashtag
	tags  []hashtag
}

// hashtag is a link to a hashtag: as written, and the name its address ends in.
type hashtag struct{ posted, name string }

// plainText returns the text of an HTML fragment.
func plainText(s string) string { return parseHTML(s).text }

// parseHTML reads the small HTML of federated posts: paragraphs, line breaks,
// lists, links. Anything else is dropped with its text kept, except scripts
// and styles, whose text is no text. It never fails, and its output is data:
// nobody must take it for safe HTML.
func parseHTML(s string) content {
	var p htmlReader
	p.out.Grow(len(s))
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			// A tag that never ends is what sloppy servers leave of a "<".
			if !p.silent {
				p.write(string(z.Raw()))
			}
			p.closeLink()
			p.c.text = strings.TrimSpace(p.out.String())
			return p.c
		case html.TextToken:
			if !p.silent {
				p.write(string(z.Text()))
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			p.tag(z, kind == html.EndTagToken)
		}
	}
}

type htmlReader struct {
	out strings.Builder
	c   content
	// pending is the white space owed before the next text.
	pending string
	link    *anchor
	silent  bool // inside a script or style
}

// anchor is the link being read.
type anchor struct {
	href, class, rel string
	from             int // where its text begins in out
}

// write appends text, its white space, of which HTML knows only one kind, made
// single.
func (p *htmlReader) write(text string) {
	if text == "" {
		return
	}
	for i, word := range strings.FieldsFunc(text, blank) {
		if i > 0 || blank(rune(text[0])) {
			p.owe(" ")
		}
		p.flush()
		p.out.WriteString(word)
	}
	if blank(rune(text[len(text)-1])) {
		p.owe(" ")
	}
}

// blank is HTML's idea of white space; a no-break space is a character.
func blank(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' }

// owe remembers white space for the next text: a blank, a line break or a blank
// line, of which the strongest wins.
func (p *htmlReader) owe(s string) {
	if len(s) > len(p.pending) || s == "\n" && p.pending == " " {
		p.pending = s
	}
}

func (p *htmlReader) flush() {
	if p.out.Len() > 0 {
		p.out.WriteString(p.pending)
	}
	p.pending = ""
	if p.link != nil && p.link.from < 0 {
		p.link.from = p.out.Len()
	}
}

// tag reads the tag that z is at.
func (p *htmlReader) tag(z *html.Tokenizer, closing bool) {
	raw, more := z.TagName()
	name := atom.Lookup(raw)
	p.silent = !closing && (name == atom.Script || name == atom.Style)
	switch name {
	case atom.Br:
		if p.pending == "\n" {
			p.owe("\n\n")
		}
		p.owe("\n")
	case atom.P, atom.Blockquote, atom.Ul, atom.Ol, atom.Pre, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		p.owe("\n\n")
	case atom.Li, atom.Div, atom.Tr:
		p.owe("\n")
	case atom.A:
		p.closeLink()
		if closing {
			return
		}
		p.link = &anchor{from: -1}
		for more {
			var key, value []byte
			key, value, more = z.TagAttr()
			switch string(key) {
			case "href":
				p.link.href = string(value)
			case "class":
				p.link.class = string(value)
			case "rel":
				p.link.rel = string(value)
			}
		}
	}
}

func (p *htmlReader) closeLink() {
	a := p.link
	p.link = nil
	if a == nil || a.href == "" {
		return
	}
	text := ""
	if a.from >= 0 {
		text = p.out.String()[a.from:]
	}
	switch {
	case hasWord(a.class, "hashtag") || hasWord(a.rel, "tag"):
		if posted := strings.TrimLeft(text, "#＃"); posted != "" {
			p.c.tags = append(p.c.tags, hashtag{posted: posted, name: lastSegment(a.href)})
		}
	case hasWord(a.class, "mention") || hasWord(a.class, "u-url"):
	default:
		p.c.links = append(p.c.links, a.href)
	}
}

func hasWord(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if w == word {
			return true
		}
	}
	return false
}

func lastSegment(href string) string {
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	path := strings.TrimRight(u.Path, "/")
	return path[strings.LastIndexByte(path, '/')+1:]
}
