package content

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"winnow/storage/evidence/chain"
)

// Position is that of a message in the log.
type Position struct {
	// Incarnation grows each time a log is opened, Sequence with each message.
	Incarnation, Sequence uint64
}

// After reports whether a message comes after another.
func (p Position) After(other Position) bool {
	if p.Incarnation != other.Incarnation {
		return p.Incarnation > other.Incarnation
	}
	return p.Sequence > other.Sequence
}

// Item is a record with its salt, or what is left of an erased one.
type Item struct {
	Number uint64
	Salt   Salt
	// Line is the record as it was committed to.
	Line []byte
	// Erased is when record and salt were erased; zero if they are here.
	Erased time.Time
}

// Present reports whether the record is here.
func (i Item) Present() bool { return i.Erased.IsZero() }

// Commitment is that to the record, which must be present.
func (i Item) Commitment() chain.Hash { return Commit(i.Salt, i.Line) }

const erased = "erased"

// append writes the item as a line.
func (i Item) append(to []byte) []byte {
	if !i.Present() {
		return fmt.Appendf(to, "%d %s %s\n", i.Number, erased, chain.FormatTime(i.Erased))
	}
	return fmt.Appendf(to, "%d %s %s\n", i.Number, i.Salt, i.Line)
}

var errItem = errors.New("no record: a line is NUMBER SALT RECORD")

func parseItem(line []byte) (Item, error) {
	number, rest, _ := bytes.Cut(line, []byte(" "))
	middle, last, ok := bytes.Cut(rest, []byte(" "))
	if !ok {
		return Item{}, errItem
	}
	var i Item
	var err error
	if i.Number, err = parseNumber(string(number)); err != nil {
		return Item{}, err
	}
	if string(middle) == erased {
		i.Erased, err = chain.ParseTime(string(last))
		if err == nil && i.Erased.IsZero() {
			err = errItem
		}
		return i, err
	}
	salt, err := chain.ParseHash(string(middle))
	i.Salt, i.Line = Salt(salt), last
	return i, err
}

func parseNumber(text string) (uint64, error) {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || strconv.FormatUint(n, 10) != text {
		return 0, errItem
	}
	return n, nil
}

// Block is what was appended at once. Its items have numbers without holes.
type Block struct {
	Position Position
	Items    []Item
}

// First and Last are the numbers of its first and last record. A block has at least one.
func (b Block) First() uint64 { return b.Items[0].Number }

// Last is the number of its last record.
func (b Block) Last() uint64 { return b.Items[len(b.Items)-1].Number }

// size is at least what the text takes, in bytes.
func (b Block) size() int {
	size := 0
	for _, i := range b.Items {
		size += len(i.Line) + 96
	}
	return size
}

// text is what the frame holds.
func (b Block) text() []byte {
	out := make([]byte, 0, b.size())
	for _, i := range b.Items {
		out = i.append(out)
	}
	return out
}

// Erase takes records and salts out of a block and reports how many. What is erased
// stays so.
func (b Block) Erase(at time.Time, match func(Item) (bool, error)) (int, error) {
	gone := 0
	for n, i := range b.Items {
		if !i.Present() {
			continue
		}
		if yes, err := match(i); err != nil {
			return 0, err
		} else if !yes {
			continue
		}
		b.Items[n] = Item{Number: i.Number, Erased: at.UTC().Truncate(time.Millisecond)}
		gone++
	}
	return gone, nil
}

// label is the line in a skippable frame.
type label struct {
	position     Position
	first, count uint64
	length       uint64
	hash         chain.Hash
}

func (l label) hashless() string {
	return fmt.Sprintf("winnow %d %d %d %d %d", l.position.Incarnation, l.position.Sequence, l.first, l.count, l.length)
}

func (l label) of(frame []byte) chain.Hash {
	return chain.Of(append([]byte(l.hashless()+"\n"), frame...))
}

func (l label) String() string { return l.hashless() + " " + l.hash.String() + "\n" }

var errLabel = errors.New("no label of a block")

func parseLabel(text string) (label, error) {
	f := strings.Split(strings.TrimSuffix(text, "\n"), " ")
	if len(f) != 7 {
		return label{}, errLabel
	}
	var l label
	for i, to := range []*uint64{&l.position.Incarnation, &l.position.Sequence, &l.first, &l.count, &l.length} {
		n, err := parseNumber(f[i+1])
		if err != nil {
			return label{}, errLabel
		}
		*to = n
	}
	var err error
	if l.hash, err = chain.ParseHash(f[6]); err != nil || l.String() != text {
		return label{}, errLabel
	}
	return l, nil
}
