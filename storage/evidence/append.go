package evidence

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"winnow/storage/evidence/chain"
	"winnow/storage/evidence/content"
)

// Append keeps the records that a message of the log holds for a campaign, in their
// order. What it kept is on disk when it returns nil; after an error nothing of the message
// is, and it can be tried again. A message that is not after the last one was kept
// already and is passed over, as is a record whose bytes the same source sent before, as
// far as Options.Remember goes back.
func (s *Store) Append(ctx context.Context, campaign string, at content.Position, records []content.Record) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if at == (content.Position{}) {
		return errors.New("keep evidence: a message has a position in the log")
	}
	if len(records) == 0 {
		return nil
	}
	c, err := s.begin(campaign)
	if err == nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		err = s.append(c, at, records)
	}
	if err != nil {
		return fmt.Errorf("keep evidence of %.80q in %s: %w; nothing of this message was kept", campaign, filepath.Join(s.dir, Folder(campaign)), err)
	}
	return nil
}

func (s *Store) append(c *ledger, at content.Position, records []content.Record) error {
	if c.broken != nil {
		return c.broken
	}
	if !at.After(c.position) {
		return nil
	}
	batch, err := s.prepare(c, at, records)
	if err != nil {
		return err
	}
	if len(batch.lines) > 0 {
		if err := s.makeRoom(c); err != nil {
			return err
		}
		before := c.blocks.size + c.text.size
		if err := s.store(c, batch); err != nil {
			return err
		}
		s.metrics.bytes.Add(float64(c.blocks.size + c.text.size - before))
	}
	c.position = at
	for _, k := range batch.keys {
		s.seen.Add(k, struct{}{})
	}
	s.metrics.records.Add(float64(len(batch.block.Items)))
	s.metrics.known.Add(float64(len(records) - len(batch.block.Items)))
	s.metrics.last(c.at)
	return nil
}

// batch is what one message adds.
type batch struct {
	block content.Block
	lines []pending
	keys  []seenKey
}

// pending is a line before it is known what it comes after.
type pending struct {
	record     content.Record
	commitment chain.Hash
}

func (s *Store) prepare(c *ledger, at content.Position, records []content.Record) (batch, error) {
	b := batch{block: content.Block{Position: at}}
	now := map[seenKey]bool{}
	for _, r := range records {
		key := keyOf(c.name, r)
		if now[key] || s.seen.Contains(key) {
			continue
		}
		now[key] = true
		line, err := r.JSON()
		if err != nil {
			return b, fmt.Errorf("write a record: %w", err)
		}
		item := content.Item{Number: c.last + 1 + uint64(len(b.lines)), Line: line}
		if _, err := io.ReadFull(s.o.Rand, item.Salt[:]); err != nil {
			return b, fmt.Errorf("draw a random number: %w", err)
		}
		b.block.Items = append(b.block.Items, item)
		b.lines = append(b.lines, pending{r, item.Commitment()})
		b.keys = append(b.keys, key)
	}
	return b, nil
}

// store writes a batch: content first, then the lines that commit to it.
func (s *Store) store(c *ledger, b batch) error {
	blocks, err := s.codec.Append(nil, b.block)
	if err != nil {
		return err
	}
	lines := make([]chain.Line, 0, len(b.lines))
	link := c.link
	for n, p := range b.lines {
		l := chain.Next(link, b.block.Items[n].Number, p.record.ReceivedAt, p.commitment)
		lines, link = append(lines, l), l.Link
	}
	size := c.blocks.size
	if err := c.blocks.add(blocks); err != nil {
		return c.undo(err)
	}
	if err := c.write(lines); err != nil {
		c.blocks.size = size
		return c.undo(err)
	}
	return nil
}

// undo takes away what is not safe. Where that fails as well, what the files hold is not
// known, and nothing is written behind it.
func (c *ledger) undo(cause error) error {
	// The lines first: without content they would be damage.
	if err := errors.Join(c.text.undo(), c.blocks.undo()); err != nil {
		c.broken = fmt.Errorf("an earlier write failed and could not be taken back (%w); make room or see to the disk, and start Winnow again", err)
		return errors.Join(cause, c.broken)
	}
	return cause
}

// write appends lines, and goes on from the last.
func (c *ledger) write(lines []chain.Line) error {
	var text []byte
	for _, l := range lines {
		text = append(append(text, l.String()...), '\n')
	}
	if err := c.text.add(text); err != nil {
		return err
	}
	end := lines[len(lines)-1]
	c.lines, c.link, c.last, c.at = c.lines+len(lines), end.Link, end.Number, end.Received
	return nil
}

// makeRoom sees to it that there is an open segment that can take more.
func (s *Store) makeRoom(c *ledger) error {
	if c.text != nil && c.lines >= s.o.Segment {
		if err := s.closeSegment(c); err != nil {
			return fmt.Errorf("close a segment: %w", err)
		}
	}
	if c.text != nil {
		return nil
	}
	if c.segment > chain.MaxSegments {
		return fmt.Errorf("a chain has at most %d segments", chain.MaxSegments)
	}
	// The content first: where there is a chain, its content is never missing.
	b, err := s.open(c.path(contentFile(c.segment)))
	if err != nil {
		return err
	}
	if err := b.Close(); err != nil {
		return err
	}
	h := c.header()
	head := h.String() + "\n"
	err = replace(c.path(chainFile(c.segment)), func(w io.Writer) error {
		_, err := io.WriteString(w, head)
		return err
	})
	if err != nil {
		return err
	}
	c.link, c.lines = h.Link(), 0
	return c.openSegment(s, int64(len(head)), 0)
}

// closeSegment writes the head of the open segment down and begins another.
func (s *Store) closeSegment(c *ledger) error {
	closed := chain.Close(c.previous, c.segment, c.last, c.link)
	f, err := s.open(c.path(headsFile))
	if err != nil {
		return err
	}
	info, err := os.Stat(c.path(headsFile))
	if err != nil {
		return errors.Join(err, f.Close())
	}
	heads := &appended{file: f, size: info.Size()}
	if err := heads.add([]byte(closed.String() + "\n")); err != nil {
		if undone := heads.undo(); undone != nil {
			c.broken = fmt.Errorf("%s may hold half a line (%w); make room or see to the disk, and start Winnow again", headsFile, undone)
			err = errors.Join(err, c.broken)
		}
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Close(), c.text.Close(), c.blocks.Close(), syncDir(c.dir)); err != nil {
		c.broken = err
		return err
	}
	c.closed, c.previous = append(c.closed, closed), closed.Head
	c.segment, c.lines, c.link, c.text, c.blocks = c.segment+1, 0, chain.Hash{}, nil, nil
	return nil
}

// seenKey is the hash of what makes two records the same.
type seenKey [16]byte

func keyOf(campaign string, r content.Record) seenKey {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%d:%s%d:%s%d:%s%d:%s", len(campaign), campaign, len(r.Source), r.Source, // a hash takes everything
		len(r.Platform), r.Platform, len(r.PostID), r.PostID)
	_, _ = h.Write(r.Raw) // nor this
	return seenKey(h.Sum(nil)[:16])
}

// remember takes note of what is kept already.
func (s *Store) remember(campaign string, b content.Block) error {
	for _, i := range b.Items {
		if !i.Present() {
			continue
		}
		r, err := content.Parse(i.Line)
		if err != nil {
			return fmt.Errorf("record %d: %w", i.Number, err)
		}
		s.seen.Add(keyOf(campaign, r), struct{}{})
	}
	return nil
}
