package mastodon

import (
	"html"
	"net/url"
	"strings"
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
// and styles, whose text is no text. It is linear in the input, never fails,
// and its output is data: nobody must take it for safe HTML.
func parseHTML(s string) content {
	p := htmlReader{rest: s}
	p.out.Grow(len(s))
	for p.rest != "" {
		i := strings.IndexByte(p.rest, '<')
		if i < 0 {
			p.write(p.rest)
			break
		}
		p.write(p.rest[:i])
		p.rest = p.rest[i:]
		p.tag()
	}
	p.closeLink()
	p.c.text = strings.TrimSpace(p.out.String())
	return p.c
}

type htmlReader struct {
	rest string
	out  strings.Builder
	c    content
	// pending is the white space owed before the next text.
	pending string
	link    *anchor
}

// anchor is the link being read.
type anchor struct {
	href, class, rel string
	from             int // where its text begins in out
}

// write appends text: entities resolved, and white space, of which HTML knows
// only one kind, made single.
func (p *htmlReader) write(raw string) {
	text := html.UnescapeString(raw)
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

// tag reads one tag at the start of rest, which begins with "<".
func (p *htmlReader) tag() {
	if comment, ok := strings.CutPrefix(p.rest, "<!--"); ok {
		_, p.rest, _ = strings.Cut(comment, "-->")
		return
	}
	if len(p.rest) == 1 || !tagStart(p.rest[1]) {
		// No tag but a lone "<", which sloppy servers leave in.
		p.write("<")
		p.rest = p.rest[1:]
		return
	}
	end := tagEnd(p.rest)
	if end < 0 {
		p.write(p.rest)
		p.rest = ""
		return
	}
	body := p.rest[1:end]
	p.rest = p.rest[end+1:]
	closing := strings.HasPrefix(body, "/")
	name, attrs := tagName(strings.TrimPrefix(body, "/"))
	switch name {
	case "br":
		if p.pending == "\n" {
			p.owe("\n\n")
		}
		p.owe("\n")
	case "p", "blockquote", "ul", "ol", "pre", "h1", "h2", "h3", "h4", "h5", "h6":
		p.owe("\n\n")
	case "li", "div", "tr":
		p.owe("\n")
	case "script", "style":
		if !closing {
			p.skipPast("</" + name)
		}
	case "a":
		p.closeLink()
		if !closing {
			a := anchor{from: -1}
			for k, v := range attributes(attrs) {
				switch k {
				case "href":
					a.href = v
				case "class":
					a.class = v
				case "rel":
					a.rel = v
				}
			}
			p.link = &a
		}
	}
}

// skipPast goes on at the next mark (lower case), whatever its case in rest.
func (p *htmlReader) skipPast(mark string) {
	for {
		i := strings.IndexByte(p.rest, mark[0])
		if i < 0 || len(p.rest)-i < len(mark) {
			p.rest = ""
			return
		}
		p.rest = p.rest[i:]
		if strings.EqualFold(p.rest[:len(mark)], mark) {
			return
		}
		p.rest = p.rest[1:]
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

func tagStart(c byte) bool {
	return c == '/' || c == '!' || c == '?' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// tagEnd returns the index of the ">" that closes the tag at the start of s,
// -1 if there is none. A ">" within quotes does not close.
func tagEnd(s string) int {
	var quote byte
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i
		}
	}
	return -1
}

func tagName(s string) (name, attrs string) {
	i := 0
	for i < len(s) && !blank(rune(s[i])) && s[i] != '/' {
		i++
	}
	return strings.ToLower(s[:i]), s[i:]
}

// attributes yields the attributes of a tag, their values unescaped.
func attributes(s string) func(yield func(k, v string) bool) {
	return func(yield func(k, v string) bool) {
		for {
			s = strings.TrimLeft(s, " \t\r\n\f/")
			if s == "" {
				return
			}
			i := strings.IndexAny(s, "= \t\r\n\f")
			if i < 0 {
				i = len(s)
			}
			key, value := strings.ToLower(s[:i]), ""
			s = strings.TrimLeft(s[i:], " \t\r\n\f")
			if after, ok := strings.CutPrefix(s, "="); ok {
				value, s = attributeValue(strings.TrimLeft(after, " \t\r\n\f"))
			}
			if !yield(key, html.UnescapeString(value)) {
				return
			}
		}
	}
}

func attributeValue(s string) (value, rest string) {
	if s == "" {
		return "", ""
	}
	if q := s[0]; q == '"' || q == '\'' {
		value, rest, _ = strings.Cut(s[1:], string(q))
		return value, rest
	}
	i := strings.IndexAny(s, " \t\r\n\f")
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i:]
}
