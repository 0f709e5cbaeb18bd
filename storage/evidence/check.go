package evidence

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"winnow/storage/evidence/chain"
	"winnow/storage/evidence/content"
)

// check is that of one campaign.
type check struct {
	Checked
	folder
	o VerifyOptions
	// at is the folder; alone is set if it is the only one.
	at    string
	alone bool
	// passed is set where the campaign is not asked for.
	passed bool
	chain  chain.Hash
	files  listing
	closed []chain.Closed
	// previous and last are the head and the last record before the segment that is
	// checked; known is false behind a segment that is not here.
	previous chain.Hash
	last     uint64
	known    bool
	// wanted are the earlier heads to look for, by the number of records, and found
	// those of the chain.
	wanted map[uint64]bool
	found  map[uint64]chain.Hash
	// confirmed are those of VerifyOptions.Heads that were found.
	confirmed []bool
	notices   []chain.Notice
}

func (c *check) run(ctx context.Context) error {
	c.Folder = c.at
	who, err := c.identity()
	if err != nil {
		c.say(identityFile, 0, "%v", err)
		return nil
	}
	c.Campaign, c.chain = who.Campaign, who.chain
	if c.o.Campaign != "" && who.Campaign != c.o.Campaign {
		c.passed = true
		return nil
	}
	if c.at != "." && Folder(who.Campaign) != c.at && !c.o.Partial {
		c.say(identityFile, 0, "changed: it is not that of this folder")
	}
	if err := c.heads(); err != nil {
		return err
	}
	if err := c.readNotices(); err != nil {
		return err
	}
	c.want()
	c.previous, c.known = c.chain, true
	c.found[0] = c.chain
	c.Of = max(len(c.closed), c.files.last)
	for k := 1; k <= c.Of; k++ {
		if c.o.Progress != nil {
			c.o.Progress(c.Campaign, k-1, c.Of)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := c.segment(k); err != nil {
			return err
		}
	}
	c.Head = chain.Head{Records: c.last, Hash: c.previous}
	if len(c.files.records) > 0 {
		c.leftRecords()
	}
	c.judgeHeads()
	for _, name := range c.files.strange {
		if c.o.Live && strings.HasSuffix(name, unfinished) {
			continue
		}
		c.say(name, 0, "added: it does not belong here, unless a crash left it, and then Winnow removes it when it starts")
	}
	return nil
}

// heads reads the heads and what files there are, both at one moment.
func (c *check) heads() error {
	for {
		text, err := c.text(headsFile)
		if err != nil {
			return err
		}
		if c.files, err = c.list(); err != nil {
			return err
		}
		again, err := c.text(headsFile)
		if err != nil {
			return err
		}
		if !bytes.Equal(text, again) {
			continue // a segment was closed meanwhile
		}
		heads, faults := chain.ReadHeads(c.chain, text)
		c.closed = heads.Closed
		c.faults(headsFile, faults)
		return nil
	}
}

func (c *check) segment(k int) error {
	name := chainFile(k)
	s, faults, ok, err := c.folder.segment(k)
	if err != nil {
		return err
	}
	var stated *chain.Closed
	if k <= len(c.closed) {
		stated = &c.closed[k-1]
	}
	if !ok {
		c.without(k, stated)
		return nil
	}
	if c.o.Live && k == c.Of && len(faults) == 1 && faults[0].What == chain.CutOff {
		faults = nil
	}
	c.faults(name, faults)
	if s.Bytes == 0 {
		c.known = false
		c.goOn(stated)
		return nil
	}
	c.Segments++
	c.Records += uint64(len(s.Lines))
	c.header(name, k, s.Header)
	before := c.previous
	if !c.known {
		before = s.Header.Previous
	}
	for _, l := range s.Lines {
		if c.wanted[l.Number] {
			c.found[l.Number] = chain.Close(before, k, l.Number, l.Link).Head
		}
	}
	last := s.Last()
	if err := c.content(k, s, last); err != nil {
		return err
	}
	c.known, c.last = true, last
	c.previous = before
	if len(s.Lines) > 0 {
		c.previous = chain.Close(before, k, last, s.Link()).Head
	}
	switch {
	case stated == nil && k < c.Of:
		c.say(headsFile, 0, "dropped: it has no line for segment %d, though there is one behind it", k)
	case stated != nil && (stated.Digest != s.Link() || stated.Last != last):
		c.say(name, 0, "rewritten, cut off or added to: it ends with record %d and the link %s; %s says record %d and %s", last, s.Link(), headsFile, stated.Last, stated.Digest)
		c.goOn(stated)
	}
	return nil
}

// goOn takes the head after a segment from the file of heads, so that a fault is named once.
func (c *check) goOn(stated *chain.Closed) {
	if stated != nil {
		c.previous, c.last, c.known = stated.Head, stated.Last, true
		if c.wanted[stated.Last] {
			c.found[stated.Last] = stated.Head
		}
	}
}

// without goes on over a segment that is not here.
func (c *check) without(k int, stated *chain.Closed) {
	if !c.o.Partial && stated != nil {
		c.say(chainFile(k), 0, "missing: records %d to %d are gone", c.last+1, stated.Last)
	} else if !c.o.Partial && c.files.chains[k+1] {
		c.say(chainFile(k), 0, "missing")
	}
	if stated == nil {
		if c.files.contents[k] {
			c.loose(k)
		}
		c.known = c.known && !c.files.chains[k+1]
		return
	}
	c.goOn(stated)
}

// loose names content without a chain. An empty file is what a crash leaves.
func (c *check) loose(k int) {
	if c.o.Live && k == c.Of {
		return // it may be begun just now
	}
	if info, err := fs.Stat(c, contentFile(k)); err != nil || info.Size() > 0 {
		c.say(contentFile(k), 0, "there is no %s, which should commit to it", chainFile(k))
	}
}

func (c *check) header(name string, k int, h chain.Header) {
	switch {
	case h.Chain != c.chain:
		c.say(name, 0, "changed, or of another chain: its header does not name this one, or %s was changed", identityFile)
	case h.Segment != k:
		c.say(name, 0, "out of order: its header says that it is segment %d", h.Segment)
	case c.known && h.First != c.last+1:
		c.say(name, 0, "changed, dropped or added: it begins with record %d, and %d should come", h.First, c.last+1)
	case c.known && h.Previous != c.previous:
		c.say(name, 0, "changed: it comes after another head than that of the chain before it")
	}
}

// content checks that of a segment.
func (c *check) content(k int, s chain.Segment, last uint64) error {
	name := contentFile(k)
	lines := make(map[uint64]chain.Line, len(s.Lines))
	for _, l := range s.Lines {
		lines[l.Number] = l
	}
	next := s.Header.First
	seen := uint64(0)
	_, err := c.blocks(k, func(b content.Block) error {
		for _, i := range b.Items {
			l, ok := lines[i.Number]
			delete(lines, i.Number)
			switch {
			case i.Number > last && k == c.Of:
				c.Pending++
				if !c.o.Live {
					c.say(name, i.Number, "the chain has no line for it: dropped there, added here, or left by a crash, and then Winnow mends it when it starts")
				}
			case !ok:
				c.say(name, i.Number, "added: the chain has no line for it, or it stands here twice")
			case i.Number < next:
				c.say(name, i.Number, "out of order")
			default:
				seen++
				c.item(name, l, i)
			}
			next = max(next, i.Number+1)
		}
		return nil
	})
	damaged := errors.Is(err, content.ErrDamaged)
	if err != nil && !damaged {
		return err
	}
	if damaged && !(c.o.Live && k == c.Of && len(lines) == 0) {
		c.say(name, 0, "changed: %v", err)
	}
	if len(lines) == 0 {
		return nil
	}
	c.singles(lines)
	c.Absent += uint64(len(lines))
	if c.o.Partial || damaged {
		return nil // the damage is named
	}
	for _, n := range slices.Sorted(maps.Keys(lines)) {
		c.say(name, n, "dropped: it is neither here nor marked as erased")
	}
	return nil
}

// item checks a record against its line.
func (c *check) item(name string, l chain.Line, i content.Item) {
	if !i.Present() {
		c.Erased++
		return
	}
	if i.Commitment() != l.Commitment {
		c.say(name, l.Number, "changed: it is not what the chain commits to")
		return
	}
	r, err := content.Parse(i.Line)
	switch {
	case err != nil:
		c.say(name, l.Number, "what the chain commits to is %v", err)
	case chain.FormatTime(r.ReceivedAt) != chain.FormatTime(l.Received):
		c.say(name, l.Number, "it says that it was received at %s, and the chain at %s", chain.FormatTime(r.ReceivedAt), chain.FormatTime(l.Received))
	default:
		c.Present++
	}
}

// singles checks records that lie in files of their own, as an excerpt has them, and
// takes them out of those that are absent.
func (c *check) singles(lines map[uint64]chain.Line) {
	left := c.files.records[:0]
	for _, n := range c.files.records {
		l, ok := lines[n]
		if !ok {
			left = append(left, n)
			continue
		}
		delete(lines, n)
		name := recordFile(n)
		text, err := c.text(name)
		if err != nil {
			c.say(name, n, "%v", err)
			continue
		}
		salt, line, err := content.ParseProof(text)
		if err != nil {
			c.say(name, n, "changed: %v", err)
			continue
		}
		c.item(name, l, content.Item{Number: n, Salt: salt, Line: line})
	}
	c.files.records = left
}

// leftRecords names the single records that no line stands for.
func (c *check) leftRecords() {
	for _, n := range c.files.records {
		c.say(recordFile(n), n, "added: no segment that is here has a line for it, or it is in the content as well")
	}
}
