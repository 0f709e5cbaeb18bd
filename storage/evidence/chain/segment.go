package chain

import (
	"bytes"
	"fmt"
)

// Segment is what a text holds.
type Segment struct {
	Header Header
	// Lines are all that could be read.
	Lines []Line
	// Sound is how many lines stand before the first fault, and Bytes what they and the
	// header take. Without a fault both are all.
	Sound int
	Bytes int
}

// Link is the last one: that of the header where there is no line.
func (s Segment) Link() Hash {
	if len(s.Lines) == 0 {
		return s.Header.Link()
	}
	return s.Lines[len(s.Lines)-1].Link
}

// Last is the number of the last record; the one before the segment where it has none.
func (s Segment) Last() uint64 {
	last := s.Header.First - 1
	for _, l := range s.Lines {
		last = max(last, l.Number)
	}
	return last
}

// CutOff is the fault of a last line without its end.
const CutOff = "the last line is cut off, as a crash leaves it until Winnow starts again"

// ReadSegment reads a segment and names each fault. A line is checked against the one
// that stands before it, so that one change is one fault, or two where a link was changed.
func ReadSegment(text []byte) (Segment, []Fault) {
	var s Segment
	var faults []Fault
	head, rest, whole := bytes.Cut(text, []byte("\n"))
	h, err := ParseHeader(string(head))
	if err == nil && !whole {
		err = fmt.Errorf("%s", CutOff)
	}
	if err == nil && h.First == 0 {
		err = fmt.Errorf("records are numbered from 1")
	}
	if err != nil {
		return s, []Fault{{Line: 1, What: "no header of a segment: " + err.Error()}}
	}
	s.Header, s.Bytes = h, len(head)+1
	r := reader{want: h.First, link: h.Link()}
	for n := 2; len(rest) > 0; n++ {
		line, after, whole := bytes.Cut(rest, []byte("\n"))
		rest = after
		if !whole {
			faults = append(faults, Fault{Line: n, What: CutOff})
			break
		}
		l, err := ParseLine(string(line))
		if err != nil {
			faults = append(faults, Fault{Line: n, What: "no line of a chain: " + err.Error()})
			r.blind = true
			continue
		}
		if f := r.next(l); f != "" {
			faults = append(faults, Fault{Line: n, Record: l.Number, What: f})
		}
		s.Lines = append(s.Lines, l)
		if len(faults) == 0 {
			s.Sound, s.Bytes = s.Sound+1, s.Bytes+len(line)+1
		}
	}
	return s, faults
}

// reader goes from line to line.
type reader struct {
	want uint64 // the number that comes next
	link Hash   // as the line before says it
	// blind is set after a line that could not be read: neither its number nor its
	// link is known.
	blind bool
}

// next returns what is wrong with the next line.
func (r *reader) next(l Line) string {
	want, before, blind := r.want, r.link, r.blind
	r.link, r.blind = l.Link, false
	r.want = max(r.want, l.Number+1)
	follows := l.link(before) == l.Link
	switch {
	case blind && l.Number == want+1, blind && l.Number == want:
		return "" // the line that could not be read is named already
	case l.Number > want && l.Number-want == 1:
		return fmt.Sprintf("record %d, which should stand before it, is missing", want)
	case l.Number > want:
		return fmt.Sprintf("records %d to %d, which should stand before it, are missing", want, l.Number-1)
	case l.Number < want && follows:
		return fmt.Sprintf("added: a record with the number %d should stand here", want)
	case l.Number < want:
		return fmt.Sprintf("added, or out of order: a record with the number %d should stand here", want)
	case !follows:
		return "changed: its link does not follow from what stands in it and the link before"
	}
	return ""
}
