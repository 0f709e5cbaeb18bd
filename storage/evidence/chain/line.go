package chain

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Line stands for one record.
type Line struct {
	// Number counts the records of a chain from 1.
	Number uint64
	// Received is when the record came, in UTC, to the millisecond.
	Received time.Time
	// Commitment is the hash of the record and its salt.
	Commitment Hash
	// Link stands for this line and all before it in its segment.
	Link Hash
}

// Next is the line that comes after the link before it.
func Next(before Hash, number uint64, received time.Time, commitment Hash) Line {
	l := Line{Number: number, Received: received.UTC().Truncate(time.Millisecond), Commitment: commitment}
	l.Link = l.link(before)
	return l
}

func (l Line) link(before Hash) Hash { return OfLines(before.String(), l.unlinked()) }

func (l Line) unlinked() string {
	return fmt.Sprintf("%d %s %s", l.Number, FormatTime(l.Received), l.Commitment)
}

// String is the line without its line feed.
func (l Line) String() string { return l.unlinked() + " " + l.Link.String() }

// ParseLine reads what [Line.String] writes, and nothing else.
func ParseLine(text string) (Line, error) {
	f := strings.Split(text, " ")
	if len(f) != 4 {
		return Line{}, errors.New("a line is NUMBER TIME COMMITMENT LINK")
	}
	var l Line
	var err error
	if l.Number, err = parseNumber(f[0]); err != nil {
		return Line{}, err
	}
	if l.Received, err = ParseTime(f[1]); err != nil {
		return Line{}, err
	}
	if l.Commitment, err = ParseHash(f[2]); err != nil {
		return Line{}, err
	}
	if l.Link, err = ParseHash(f[3]); err != nil {
		return Line{}, err
	}
	return l, nil
}

// Header is the first line of a segment.
type Header struct {
	// Chain is the hash of the file that says whose chain it is.
	Chain Hash
	// Segment counts from 1; First is the number of its first record.
	Segment int
	First   uint64
	// Previous is the head before this segment.
	Previous Hash
}

// form is the first word of a header. The text of other versions would have another.
const form = "winnow-evidence-1"

// String is the header without its line feed.
func (h Header) String() string {
	return fmt.Sprintf("%s %s %d %d %s", form, h.Chain, h.Segment, h.First, h.Previous)
}

// Link is what the first line's link comes after.
func (h Header) Link() Hash { return OfLines(h.String()) }

// ParseHeader reads what [Header.String] writes, and nothing else.
func ParseHeader(text string) (Header, error) {
	f := strings.Split(text, " ")
	if len(f) != 5 || f[0] != form {
		return Header{}, errors.New("a header is " + form + " CHAIN SEGMENT FIRST PREVIOUS")
	}
	var h Header
	var err error
	if h.Chain, err = ParseHash(f[1]); err != nil {
		return Header{}, err
	}
	if h.Segment, err = parseSegment(f[2]); err != nil {
		return Header{}, err
	}
	if h.First, err = parseNumber(f[3]); err != nil {
		return Header{}, err
	}
	if h.Previous, err = ParseHash(f[4]); err != nil {
		return Header{}, err
	}
	return h, nil
}

// MaxSegments bounds what is believed of a chain: with 4096 records each, four thousand
// million.
const MaxSegments = 999_999

func parseSegment(text string) (int, error) {
	n, err := parseNumber(text)
	if err != nil {
		return 0, err
	}
	if n < 1 || n > MaxSegments {
		return 0, fmt.Errorf("segments are numbered from 1 to %d", MaxSegments)
	}
	return int(n), nil
}
