package evidence

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"winnow/storage/evidence/chain"
	"winnow/storage/evidence/content"
)

// ledger is the chain of one campaign, and where it goes on.
type ledger struct {
	mu   sync.Mutex
	dir  string
	name string
	folder
	chain chain.Hash

	// closed are the segments that get no more lines, previous the head after them.
	closed   []chain.Closed
	previous chain.Hash
	// segment is the open one: how many lines it has, and its last link. Its files are
	// nil until it gets its first line.
	segment      int
	lines        int
	link         chain.Hash
	text, blocks *appended
	// last is the number of the last record of all, at when it was received, position
	// that of the last message.
	last     uint64
	at       time.Time
	position content.Position
	// notice is the last link of the notices, notices how many there are.
	notice      chain.Hash
	notices     int
	noticeBytes int64
	// broken is why nothing can be appended any more.
	broken error
}

func (c *ledger) path(name string) string { return filepath.Join(c.dir, filepath.FromSlash(name)) }

// head is the one after the last record.
func (c *ledger) head() chain.Head {
	h := chain.Head{Records: c.last, Hash: c.previous}
	if c.lines > 0 {
		h.Hash = chain.Close(c.previous, c.segment, c.last, c.link).Head
	}
	return h
}

func (c *ledger) close() error {
	var err error
	for _, f := range []*appended{c.text, c.blocks} {
		if f != nil {
			err = errors.Join(err, f.Close())
		}
	}
	c.text, c.blocks = nil, nil
	if c.broken == nil {
		c.broken = errors.New("the evidence is closed")
	}
	return err
}

// load reads where the chain in a folder ends, and mends what a crash left.
func (s *Store) load(dir string) (*ledger, error) {
	c := &ledger{dir: dir, folder: folder{FS: os.DirFS(dir), codec: s.codec}}
	who, err := c.identity()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", identityFile, err)
	}
	if Folder(who.Campaign) != filepath.Base(dir) {
		return nil, fmt.Errorf("%s: it is that of another folder", identityFile)
	}
	c.name, c.chain = who.Campaign, who.chain
	files, err := c.list()
	if err != nil {
		return nil, err
	}
	if err := c.loadHeads(s, files); err != nil {
		return nil, err
	}
	if err := c.loadNotices(s); err != nil {
		return nil, err
	}
	if files.chains[c.segment] {
		return c, c.loadSegment(s)
	}
	return c, c.loadEnd(s, files)
}

// loadHeads finds the open segment. A last line that a crash spoilt is cut off: the
// segment is then closed again, with the same line.
func (c *ledger) loadHeads(s *Store, files listing) error {
	text, err := c.folder.text(headsFile)
	if err != nil {
		return err
	}
	if text != nil {
		if err := syncFile(c.path(headsFile)); err != nil {
			return err
		}
	}
	heads, faults := chain.ReadHeads(c.chain, text)
	c.closed, c.previous = heads.Closed, c.chain
	if len(faults) > 0 {
		c.closed = c.closed[:min(len(c.closed), faults[0].Line-1)]
	}
	if n := len(c.closed); n > 0 {
		c.previous, c.last = c.closed[n-1].Head, c.closed[n-1].Last
	}
	c.segment = len(c.closed) + 1
	for n := 1; n < c.segment; n++ {
		if !files.chains[n] {
			return fmt.Errorf("%s is missing", chainFile(n))
		}
	}
	if files.last <= c.segment && len(faults) > 0 && files.chains[c.segment] {
		s.o.Log.Warn("evidence: cutting off a head that a crash left unfinished", "folder", c.dir)
		return cut(c.path(headsFile), int64(heads.Bytes))
	}
	if len(faults) > 0 {
		return fmt.Errorf("%s: %s", headsFile, faults[0])
	}
	if files.last > c.segment {
		return fmt.Errorf("%s: it ends with segment %d, and there is %s", headsFile, len(c.closed), chainFile(files.last))
	}
	return nil
}

// loadEnd finds where the last message ended if the open segment has no line yet.
func (c *ledger) loadEnd(s *Store, files listing) error {
	if files.contents[c.segment] {
		if info, err := os.Stat(c.path(contentFile(c.segment))); err != nil || info.Size() > 0 {
			return errors.Join(err, fmt.Errorf("%s is missing", chainFile(c.segment)))
		}
	}
	if len(c.closed) == 0 {
		return nil
	}
	n := len(c.closed)
	segment, faults, _, err := c.folder.segment(n)
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		return fmt.Errorf("%s: %s", chainFile(n), faults[0])
	}
	if segment.Link() != c.closed[n-1].Digest {
		return fmt.Errorf("%s: it is not what %s says", chainFile(n), headsFile)
	}
	c.at = segment.Lines[len(segment.Lines)-1].Received
	_, err = c.folder.blocks(n, func(b content.Block) error {
		c.position = b.Position
		return s.remember(c.name, b)
	})
	return err
}

// loadSegment reads the open segment and its content, and makes them agree.
func (c *ledger) loadSegment(s *Store) error {
	name := chainFile(c.segment)
	segment, faults, _, err := c.folder.segment(c.segment)
	if err != nil {
		return err
	}
	if want := c.header(); segment.Header != want {
		return fmt.Errorf("%s: it begins with another header than the chain before it asks for", name)
	}
	lines := segment.Lines[:segment.Sound]
	c.lines, c.link = len(lines), segment.Header.Link()
	first := c.last + 1
	if len(lines) > 0 {
		end := lines[len(lines)-1]
		c.link, c.last, c.at = end.Link, end.Number, end.Received
	}
	// What the chain lacks of the last block.
	var lacks []content.Item
	next, begins := first, first
	whole, err := c.folder.blocks(c.segment, func(b content.Block) error {
		if b.First() != next {
			return fmt.Errorf("%s: it goes on with record %d, and %d should come", contentFile(c.segment), b.First(), next)
		}
		begins, next = b.First(), b.Last()+1
		c.position = b.Position
		for _, i := range b.Items {
			if i.Number > c.last {
				lacks = append(lacks, i)
			} else if i.Present() && i.Commitment() != lines[i.Number-first].Commitment {
				return fmt.Errorf("%s: record %d is not the one that the chain commits to", contentFile(c.segment), i.Number)
			}
		}
		return s.remember(c.name, b)
	})
	switch {
	case err == nil:
	case errors.Is(err, content.ErrDamaged) && next > c.last && len(faults) == 0:
		s.o.Log.Warn("evidence: taking away records that a crash cut off before they were promised", "folder", c.dir)
		if err := cut(c.path(contentFile(c.segment)), whole); err != nil {
			return err
		}
	default:
		return err
	}
	if next <= c.last {
		return fmt.Errorf("%s: it ends with record %d, and the chain with %d", contentFile(c.segment), next-1, c.last)
	}
	// Lines of one block alone can be lacking: it is written after those before it are safe.
	if len(faults) > 0 && (len(lacks) == 0 || c.last+1 < begins) {
		return fmt.Errorf("%s: %s", name, faults[0])
	}
	if len(lacks) > 0 && lacks[0].Number < begins {
		return fmt.Errorf("%s: it ends with record %d, and the content with %d", name, c.last, next-1)
	}
	if err := c.openSegment(s, int64(segment.Bytes), whole); err != nil {
		return err
	}
	if len(lacks) == 0 {
		return nil
	}
	return c.redo(s, lacks)
}

// redo appends the lines that a crash left out.
func (c *ledger) redo(s *Store, lacks []content.Item) error {
	s.o.Log.Warn("evidence: adding the lines that a crash left out", "folder", c.dir, "records", len(lacks))
	if err := c.text.undo(); err != nil {
		return err
	}
	lines := make([]chain.Line, 0, len(lacks))
	link := c.link
	for _, i := range lacks {
		if !i.Present() {
			return fmt.Errorf("%s: record %d has no line, and is erased", chainFile(c.segment), i.Number)
		}
		r, err := content.Parse(i.Line)
		if err != nil {
			return fmt.Errorf("%s: record %d: %w", contentFile(c.segment), i.Number, err)
		}
		l := chain.Next(link, i.Number, r.ReceivedAt, i.Commitment())
		lines, link = append(lines, l), l.Link
	}
	return c.write(lines)
}

// header is that of the open segment.
func (c *ledger) header() chain.Header {
	first := uint64(1)
	if n := len(c.closed); n > 0 {
		first = c.closed[n-1].Last + 1
	}
	return chain.Header{Chain: c.chain, Segment: c.segment, First: first, Previous: c.previous}
}

// openSegment opens the files of the open segment, of which so many bytes are sound.
func (c *ledger) openSegment(s *Store, text, blocks int64) error {
	t, err := s.open(c.path(chainFile(c.segment)))
	if err != nil {
		return err
	}
	b, err := s.open(c.path(contentFile(c.segment)))
	if err != nil {
		return errors.Join(err, t.Close())
	}
	c.text, c.blocks = &appended{file: t, size: text}, &appended{file: b, size: blocks}
	// What a process wrote before it was killed need not have reached the disk.
	return errors.Join(b.Sync(), t.Sync())
}
