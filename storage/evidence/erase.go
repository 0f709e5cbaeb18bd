package evidence

import (
	"context"
	"fmt"
	"io"

	"winnow/storage/evidence/content"
)

// Erase takes content and salt of the records that match out of the evidence of all
// campaigns, and returns how many. The chain stays as it is and valid; that there was a
// record, and when it came, can still be seen there, and nothing else. What it returned
// without an error is gone from the files. A disk may keep old blocks of a file:
// that is what an encrypted volume is for.
func (s *Store) Erase(ctx context.Context, match func(campaign string, r content.Record) bool) (int, error) {
	gone := 0
	for _, name := range s.Campaigns() {
		c, err := s.find(name)
		if err != nil {
			continue // removed meanwhile
		}
		n, err := s.erase(ctx, c, match)
		gone += n
		s.metrics.erased.Add(float64(n))
		if n > 0 {
			// What was erased may come again, and is to be kept then if it may be.
			s.seen.Purge()
		}
		if err != nil {
			return gone, fmt.Errorf("erase evidence of %.80q: %w; what was erased before stays so, run it again", name, err)
		}
	}
	return gone, nil
}

func (s *Store) erase(ctx context.Context, c *ledger, match func(string, content.Record) bool) (int, error) {
	gone := 0
	// A segment at a time: posts that come meanwhile wait for one only. A segment that
	// is begun meanwhile is looked at as well.
	for k := 1; ; k++ {
		n, more, err := s.eraseSegment(ctx, c, k, match)
		gone += n
		if err != nil || !more {
			return gone, err
		}
	}
}

func (s *Store) eraseSegment(ctx context.Context, c *ledger, k int, match func(string, content.Record) bool) (gone int, more bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case k > c.segment || k == c.segment && c.text == nil:
		return 0, false, nil
	case c.broken != nil:
		return 0, false, c.broken
	}
	item := func(i content.Item) (bool, error) {
		r, err := content.Parse(i.Line)
		if err != nil {
			return false, fmt.Errorf("%s: record %d: %w", contentFile(k), i.Number, err)
		}
		return match(c.name, r), nil
	}
	now := s.o.Now()
	if _, err := c.folder.blocks(k, func(b content.Block) error {
		n, err := b.Erase(now, item)
		gone += n
		if err == nil {
			err = ctx.Err()
		}
		return err
	}); err != nil || gone == 0 {
		return 0, true, err
	}
	size := int64(0)
	err = replace(c.path(contentFile(k)), func(w io.Writer) error {
		_, err := c.folder.blocks(k, func(b content.Block) error {
			if _, err := b.Erase(now, item); err != nil {
				return err
			}
			data, err := s.codec.Append(nil, b)
			if err != nil {
				return err
			}
			size += int64(len(data))
			_, err = w.Write(data)
			return err
		})
		return err
	})
	if err == nil && k == c.segment {
		err = c.reopen(s, size)
	}
	if err != nil {
		return 0, false, err
	}
	return gone, true, nil
}

// reopen appends to the content that took the place of the one before.
func (c *ledger) reopen(s *Store, size int64) error {
	f, err := s.open(c.path(contentFile(c.segment)))
	if err != nil {
		c.broken = fmt.Errorf("%s could not be opened after an erasing (%w); start Winnow again", contentFile(c.segment), err)
		return c.broken
	}
	err = c.blocks.Close()
	c.blocks = &appended{file: f, size: size}
	return err
}
