package post

import (
	"bytes"
	"strings"
	"time"
)

// Bounds on what a post carries of how it came, in bytes.
const (
	// MaxRaw is the longest Raw: more than any platform's post has with all
	// that it refers to.
	MaxRaw = 1 << 20
	// MaxQuery is the longest Query.
	MaxQuery = 4096
)

// Received notes how the post came: raw are its bytes as they were sent, which
// are copied, query is what had been asked for.
//
// Bytes beyond MaxRaw are left out altogether, as a part of them proves nothing:
// a Query without a Raw says that this is so. A longer query is cut, and ends
// with "…".
func (p *Post) Received(raw []byte, query string) {
	p.Raw = nil
	if len(raw) > 0 && len(raw) <= MaxRaw {
		p.Raw = bytes.Clone(raw)
	}
	const more = "…"
	if len(query) > MaxQuery {
		query = query[:MaxQuery-len(more)] + more
	}
	p.Query = strings.ToValidUTF8(query, "")
}

// Receipt says of a batch by whom and by which clock it was taken in. It is
// zero for a batch in which no post has a Raw.
type Receipt struct {
	// Version is that of the program.
	Version string
	Clock   Clock
}

// Clock is how well the machine's clock kept the time, as its kernel told.
type Clock struct {
	// Known is false where the kernel tells nothing; then nothing else is set.
	Known bool
	// Synchronised says that something keeps the clock, such as NTP.
	Synchronised bool
	// MaxError bounds how wrong the clock may be, EstError is how wrong it is
	// thought to be. The kernel's are whole microseconds.
	MaxError, EstError time.Duration
}
