package texts

import "strings"

// Op is what became of a part of a text.
type Op int

// The operations, from the wording that stands for the group to the version.
const (
	Same Op = iota
	// Gone is in the usual wording only, Added in the version only.
	Gone
	Added
)

// Part is a stretch of text with what became of it.
type Part struct {
	Op   Op
	Text string
}

// IsGone and IsAdded are for templates.
func (p Part) IsGone() bool { return p.Op == Gone }

// IsAdded is explained at IsGone.
func (p Part) IsAdded() bool { return p.Op == Added }

// maxWords bounds how much of a text is compared: the table of a comparison has its
// square, a quarter of a million numbers.
const maxWords = 500

// Diff compares two texts word by word, by a longest common subsequence. The parts that
// are not Added make base, those that are not Gone make version, up to the first 500
// words of each; cut says that one of them goes on.
func Diff(base, version string) (parts []Part, cut bool) {
	a, cutA := split(base, maxWords)
	b, cutB := split(version, maxWords)
	begin := 0
	for begin < len(a) && begin < len(b) && a[begin] == b[begin] {
		begin++
	}
	end := 0
	for end < len(a)-begin && end < len(b)-begin && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	c := collector{}
	c.add(Same, a[:begin]...)
	c.middle(a[begin:len(a)-end], b[begin:len(b)-end])
	c.add(Same, a[len(a)-end:]...)
	return c.parts(), cutA || cutB
}

// collector gathers words into parts. Between two stretches that are the same, what is
// gone comes before what was added.
type collector struct {
	out         []Part
	gone, added strings.Builder
	same        strings.Builder
}

func (c *collector) add(op Op, words ...word) {
	for _, w := range words {
		switch op {
		case Gone:
			c.flushSame()
			c.gone.WriteString(w)
		case Added:
			c.flushSame()
			c.added.WriteString(w)
		default:
			c.flushChanged()
			c.same.WriteString(w)
		}
	}
}

func (c *collector) flushSame() { c.flush(Same, &c.same) }

func (c *collector) flushChanged() {
	c.flush(Gone, &c.gone)
	c.flush(Added, &c.added)
}

func (c *collector) flush(op Op, b *strings.Builder) {
	if b.Len() > 0 {
		c.out = append(c.out, Part{op, b.String()})
		b.Reset()
	}
}

func (c *collector) parts() []Part {
	c.flushSame()
	c.flushChanged()
	return c.out
}

// middle compares what lies between the common begin and end.
func (c *collector) middle(a, b []word) {
	// longest[i][j] is the length of the longest common subsequence of a[i:] and b[j:].
	width := len(b) + 1
	longest := make([]uint16, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				longest[i*width+j] = longest[(i+1)*width+j+1] + 1
			} else {
				longest[i*width+j] = max(longest[(i+1)*width+j], longest[i*width+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			c.add(Same, a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && longest[(i+1)*width+j] >= longest[i*width+j+1]:
			c.add(Gone, a[i])
			i++
		default:
			c.add(Added, b[j])
			j++
		}
	}
}
