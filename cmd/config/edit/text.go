package edit

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// text is a file's text with what is to be changed in it. A place that is not as it
// should be makes it lost: then nothing is changed at all.
type text struct {
	data []byte // ends with a line's end
	// starts is where each line begins.
	starts []int
	edits  []splice
	lost   bool
}

// splice puts a text in the place of another.
type splice struct {
	from, to int
	put      string
}

var mark = []byte("\ufeff")

// newText takes lines apart as the YAML library does, whose places count by them
// (YAML 1.1, section 4.1.4).
func newText(data []byte) *text {
	t := &text{data: slices.Clone(data), starts: []int{0}}
	if len(data) > 0 && data[len(data)-1] != '\n' {
		t.data = append(t.data, t.newline()...)
	}
	for i := 0; i < len(t.data); i++ {
		width := 0
		switch rest := t.data[i:]; {
		case bytes.HasPrefix(rest, []byte("\r\n")):
			width = 2
		case rest[0] == '\n' || rest[0] == '\r':
			width = 1
		case bytes.HasPrefix(rest, []byte("\u0085")):
			width = 2
		case bytes.HasPrefix(rest, []byte("\u2028")), bytes.HasPrefix(rest, []byte("\u2029")):
			width = 3
		default:
			continue
		}
		t.starts = append(t.starts, i+width)
		i += width - 1
	}
	return t
}

// newline is how the file ends its lines.
func (t *text) newline() string {
	if bytes.Contains(t.data, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

// put notes a change. What is put in has its lines ended as the file does it.
func (t *text) put(from, to int, s string) {
	t.edits = append(t.edits, splice{from, to, strings.ReplaceAll(s, "\n", t.newline())})
}

// done makes the changes.
func (t *text) done() ([]byte, bool) {
	slices.SortStableFunc(t.edits, func(a, b splice) int { return cmp.Compare(a.from, b.from) })
	var out []byte
	at := 0
	for _, e := range t.edits {
		if t.lost || e.from < at || e.to < e.from || e.to > len(t.data) {
			return nil, false
		}
		out = append(append(out, t.data[at:e.from]...), e.put...)
		at = e.to
	}
	return append(out, t.data[at:]...), !t.lost
}

// lines is how many there are.
func (t *text) lines() int { return len(t.starts) - 1 }

// line is the text of a line, counted from 0, with its end.
func (t *text) line(n int) []byte { return t.data[t.starts[n]:t.start(n+1)] }

// start is where a line begins; past the last one, the end.
func (t *text) start(n int) int {
	if n < len(t.starts) {
		return t.starts[n]
	}
	return len(t.data)
}

// lineOf is the line that a place lies in.
func (t *text) lineOf(offset int) int {
	n, found := slices.BinarySearch(t.starts, offset)
	if !found {
		n--
	}
	return n
}

// indent is how many blanks a line begins with; remark says whether only a comment
// follows, blank whether nothing does.
func (t *text) indent(n int) (blanks int, remark, blank bool) {
	line := t.line(n)
	rest := bytes.TrimLeft(line, " ")
	rest2 := bytes.TrimSpace(rest)
	return len(line) - len(rest), len(rest2) > 0 && rest2[0] == '#', len(rest2) == 0
}

// offset is where a node begins. The library counts lines from 1, and columns in
// characters from 1.
func (t *text) offset(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(t.starts) {
		t.lost = true
		return 0
	}
	at := t.starts[n.Line-1]
	if at == 0 && bytes.HasPrefix(t.data, mark) {
		at = len(mark)
	}
	for range n.Column - 1 {
		if at >= len(t.data) {
			t.lost = true
			return 0
		}
		_, width := utf8.DecodeRune(t.data[at:])
		at += width
	}
	return at
}

// end is where a node ends, behind its last letter. Something else begins in the line
// limit, or the file ends there; inFlow says that brackets are around the node.
func (t *text) end(n *yaml.Node, limit int, inFlow bool) int {
	from := t.offset(n)
	switch {
	case t.lost || from >= len(t.data):
		t.lost = true
		return 0
	case n.Style&yaml.FlowStyle != 0:
		end, _ := t.flowEnd(from)
		return end
	case n.Kind == yaml.SequenceNode && len(n.Content) > 0:
		return t.end(n.Content[len(n.Content)-1], limit, false)
	case n.Kind == yaml.MappingNode && len(n.Content) > 1:
		key, last := n.Content[len(n.Content)-2], n.Content[len(n.Content)-1]
		if nothing(last) {
			return t.colon(key) + 1
		}
		return t.end(last, limit, false)
	case n.Kind != yaml.ScalarNode:
		t.lost = true
		return 0
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		return t.quoteEnd(from)
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return t.blockEnd(t.lineOf(from), limit)
	}
	return t.plainEnd(from, limit, inFlow)
}

// nothing says whether a key has nothing behind it.
func nothing(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
}

// plainEnd is the end of a value without quotes.
func (t *text) plainEnd(from, limit int, inFlow bool) int {
	if inFlow {
		end := from
		for end < len(t.data) && !bytes.ContainsRune([]byte(",]}\r\n"), rune(t.data[end])) && !bytes.HasPrefix(t.data[end:], []byte(" #")) {
			end++
		}
		return from + len(bytes.TrimRight(t.data[from:end], " \t"))
	}
	last := limit - 1
	for first := t.lineOf(from); last > first; last-- {
		if _, remark, blank := t.indent(last); !remark && !blank {
			break
		}
	}
	begin := max(from, t.start(last))
	rest := t.data[begin:t.start(last+1)]
	for i := 1; i < len(rest); i++ {
		if rest[i] == '#' && (rest[i-1] == ' ' || rest[i-1] == '\t') {
			rest = rest[:i]
			break
		}
	}
	return begin + len(bytes.TrimSpace(rest))
}

// blockEnd is the end of a text behind | or >, in which a # is no comment.
func (t *text) blockEnd(head, limit int) int {
	last, inside := head, -1
	for n := head + 1; n < limit; n++ {
		blanks, remark, blank := t.indent(n)
		switch {
		case blank:
			continue
		case inside < 0:
			inside = blanks
		case remark && blanks < inside:
			return t.contentEnd(last)
		}
		last = n
	}
	return t.contentEnd(last)
}

// contentEnd is where a line's text ends.
func (t *text) contentEnd(n int) int {
	return t.start(n) + len(bytes.TrimRight(t.line(n), " \t\r\n"))
}

// quoteEnd is the end of a text in quotes.
func (t *text) quoteEnd(from int) int {
	quote := t.data[from]
	if quote != '"' && quote != '\'' {
		t.lost = true
		return 0
	}
	for i := from + 1; i < len(t.data); i++ {
		switch c := t.data[i]; {
		case c == '\\' && quote == '"':
			i++
		case c == quote && quote == '\'' && i+1 < len(t.data) && t.data[i+1] == quote:
			i++
		case c == quote:
			return i + 1
		}
	}
	t.lost = true
	return 0
}

// flowEnd is the end of what stands in brackets, with the comments in it.
func (t *text) flowEnd(from int) (end int, comments []string) {
	depth, fresh := 0, true
	for i := from; i < len(t.data); i++ {
		switch c := t.data[i]; {
		case c == '[' || c == '{':
			depth++
			fresh = true
		case depth == 0:
			t.lost = true
			return 0, nil
		case c == ']' || c == '}':
			if depth--; depth == 0 {
				return i + 1, comments
			}
			fresh = false
		case fresh && (c == '"' || c == '\''):
			if i = t.quoteEnd(i) - 1; t.lost {
				return 0, nil
			}
			fresh = false
		case c == '#' && bytes.ContainsRune([]byte(" \t\r\n"), rune(t.data[i-1])):
			end := t.contentEnd(t.lineOf(i))
			comments = append(comments, string(t.data[i:end]))
			i = end - 1
		case c == ',' || c == ':':
			fresh = true
		case c != ' ' && c != '\t' && c != '\n' && c != '\r':
			fresh = false
		}
	}
	t.lost = true
	return 0, nil
}

// colon is where the colon behind a key stands.
func (t *text) colon(key *yaml.Node) int {
	from := t.offset(key)
	if t.lost {
		return 0
	}
	end := from + len(key.Value)
	if key.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		end = t.quoteEnd(from)
	}
	for end < len(t.data) && t.data[end] == ' ' {
		end++
	}
	if end >= len(t.data) || t.data[end] != ':' {
		t.lost = true
		return 0
	}
	return end
}

// dash is the line of the dash in front of an entry of a list, which need not be that
// in which the entry itself begins.
func (t *text) dash(list *yaml.Node, i int) int {
	blanks := strings.Repeat(" ", list.Column-1)
	for n := list.Content[i].Line - 1; n >= list.Line-1 && n >= 0 && n < t.lines(); n-- {
		rest, ok := bytes.CutPrefix(t.line(n), []byte(blanks+"-"))
		if ok && len(rest) > 0 && bytes.ContainsRune([]byte(" \t\r\n"), rune(rest[0])) {
			return n
		}
	}
	t.lost = true
	return 0
}

// tail is the last line of what ends in a line, with the comments below it that stand
// further in than what it belongs to.
func (t *text) tail(last, limit, outer int) int {
	for n := last + 1; n < min(limit, t.lines()); n++ {
		blanks, remark, blank := t.indent(n)
		if blank {
			continue
		}
		if !remark || blanks <= outer {
			break
		}
		last = n
	}
	return last
}
