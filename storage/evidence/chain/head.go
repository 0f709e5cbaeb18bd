package chain

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// Head stands for the first records of a chain, all of them.
type Head struct {
	Records uint64
	Hash    Hash
}

// String writes HASH@RECORDS.
func (h Head) String() string { return fmt.Sprintf("%s@%d", h.Hash, h.Records) }

// ParseHead reads what [Head.String] writes, and nothing else.
func ParseHead(text string) (Head, error) {
	hash, records, ok := strings.Cut(text, "@")
	if !ok {
		return Head{}, errors.New("a head is HASH@RECORDS")
	}
	var h Head
	var err error
	if h.Hash, err = ParseHash(hash); err != nil {
		return Head{}, err
	}
	if h.Records, err = parseNumber(records); err != nil {
		return Head{}, err
	}
	return h, nil
}

// Closed is a segment that gets no more lines.
type Closed struct {
	Segment int
	// Last is the number of its last record, Digest its last link.
	Last   uint64
	Digest Hash
	// Head stands for it and all segments before.
	Head Hash
}

// Close computes the head of a segment that comes after another head. An open one has a
// head in the same way.
func Close(before Hash, segment int, last uint64, digest Hash) Closed {
	c := Closed{Segment: segment, Last: last, Digest: digest}
	c.Head = c.head(before)
	return c
}

func (c Closed) head(before Hash) Hash { return OfLines(before.String(), c.headless()) }

func (c Closed) headless() string { return fmt.Sprintf("%d %d %s", c.Segment, c.Last, c.Digest) }

// String is the line without its line feed.
func (c Closed) String() string { return c.headless() + " " + c.Head.String() }

// ParseClosed reads what [Closed.String] writes, and nothing else.
func ParseClosed(text string) (Closed, error) {
	f := strings.Split(text, " ")
	if len(f) != 4 {
		return Closed{}, errors.New("a line is SEGMENT LAST DIGEST HEAD")
	}
	var c Closed
	var err error
	if c.Segment, err = parseSegment(f[0]); err != nil {
		return Closed{}, err
	}
	if c.Last, err = parseNumber(f[1]); err != nil {
		return Closed{}, err
	}
	if c.Digest, err = ParseHash(f[2]); err != nil {
		return Closed{}, err
	}
	if c.Head, err = ParseHash(f[3]); err != nil {
		return Closed{}, err
	}
	return c, nil
}

// Heads is what a file of heads holds.
type Heads struct {
	Closed []Closed
	// Bytes is what the lines before the first fault take: all without a fault.
	Bytes int
}

// ReadHeads reads the heads of a chain and names each fault.
func ReadHeads(chain Hash, text []byte) (Heads, []Fault) {
	var h Heads
	var faults []Fault
	before, last := chain, uint64(0)
	for n := 1; len(text) > 0; n++ {
		line, after, whole := bytes.Cut(text, []byte("\n"))
		text = after
		if !whole {
			return h, append(faults, Fault{Line: n, What: CutOff})
		}
		c, err := ParseClosed(string(line))
		if err != nil {
			// What comes after cannot be computed without it.
			return h, append(faults, Fault{Line: n, What: "no line of a head: " + err.Error()})
		}
		switch {
		case c.Segment != n:
			return h, append(faults, Fault{Line: n, What: fmt.Sprintf("missing, added or out of order: segment %d should stand here, not %d", n, c.Segment)})
		case c.Last <= last:
			faults = append(faults, Fault{Line: n, What: fmt.Sprintf("changed: segment %d ends with record %d, before it begins", n, c.Last)})
		case c.head(before) != c.Head:
			faults = append(faults, Fault{Line: n, What: "changed: its head does not follow from what stands in it and the head before"})
		}
		h.Closed = append(h.Closed, c)
		if len(faults) == 0 {
			h.Bytes += len(line) + 1
		}
		before, last = c.Head, c.Last
	}
	return h, faults
}
