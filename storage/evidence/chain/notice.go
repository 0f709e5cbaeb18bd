package chain

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Notice tells that a head was shown to a witness.
type Notice struct {
	Time time.Time
	Head Head
	// Means is how: "mail", "webhook", "timestamp".
	Means string
	// File is the hash of what the witness answered and is kept beside; zero for nothing.
	File Hash
	// Link stands for this notice and all before it. The first comes after the chain's
	// own hash.
	Link Hash
}

// NextNotice is the notice that comes after the link before it.
func NextNotice(before Hash, n Notice) Notice {
	n.Time = n.Time.UTC().Truncate(time.Millisecond)
	n.Link = n.link(before)
	return n
}

func (n Notice) link(before Hash) Hash { return OfLines(before.String(), n.unlinked()) }

func (n Notice) unlinked() string {
	file := "-"
	if !n.File.IsZero() {
		file = n.File.String()
	}
	return fmt.Sprintf("%s %s %s %s", FormatTime(n.Time), n.Head, n.Means, file)
}

// String is the line without its line feed.
func (n Notice) String() string { return n.unlinked() + " " + n.Link.String() }

var means = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// CheckMeans refuses what cannot stand as the means of a notice.
func CheckMeans(text string) error {
	if !means.MatchString(text) {
		return errors.New("a means is a short word in small letters")
	}
	return nil
}

// ParseNotice reads what [Notice.String] writes, and nothing else.
func ParseNotice(text string) (Notice, error) {
	f := strings.Split(text, " ")
	if len(f) != 5 {
		return Notice{}, errors.New("a notice is TIME HEAD MEANS FILE LINK")
	}
	n := Notice{Means: f[2]}
	var err error
	if n.Time, err = ParseTime(f[0]); err != nil {
		return Notice{}, err
	}
	if n.Head, err = ParseHead(f[1]); err != nil {
		return Notice{}, err
	}
	if err := CheckMeans(n.Means); err != nil {
		return Notice{}, err
	}
	if f[3] != "-" {
		if n.File, err = ParseHash(f[3]); err != nil {
			return Notice{}, err
		}
	}
	if n.Link, err = ParseHash(f[4]); err != nil {
		return Notice{}, err
	}
	if n.String() != text {
		return Notice{}, errors.New("no file is written as -")
	}
	return n, nil
}

// Notices is what a file of notices holds.
type Notices struct {
	List []Notice
	// Bytes is what the notices before the first fault take: all without a fault.
	Bytes int
}

// Link is the last one: the chain's own hash where there is none.
func (n Notices) Link(chain Hash) Hash {
	if len(n.List) == 0 {
		return chain
	}
	return n.List[len(n.List)-1].Link
}

// ReadNotices reads the notices of a chain and names each fault.
func ReadNotices(chain Hash, text []byte) (Notices, []Fault) {
	var list Notices
	var faults []Fault
	before, blind := chain, false
	for n := 1; len(text) > 0; n++ {
		line, after, whole := bytes.Cut(text, []byte("\n"))
		text = after
		if !whole {
			return list, append(faults, Fault{Line: n, What: CutOff})
		}
		notice, err := ParseNotice(string(line))
		switch {
		case err != nil:
			faults = append(faults, Fault{Line: n, What: "no notice: " + err.Error()})
			blind = true
			continue
		case !blind && notice.link(before) != notice.Link:
			faults = append(faults, Fault{Line: n, What: "changed, added, out of order, or after one that is missing: its link does not follow from what stands in it and the link before"})
		}
		list.List = append(list.List, notice)
		if len(faults) == 0 {
			list.Bytes += len(line) + 1
		}
		before, blind = notice.Link, false
	}
	return list, faults
}
