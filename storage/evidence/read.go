package evidence

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"winnow/storage/evidence/chain"
	"winnow/storage/evidence/content"
)

// Entry is one record with its line of the chain.
type Entry struct {
	chain.Line
	// Segment is the one that the line stands in.
	Segment int
	// Item is the record as it was committed to; not present if it was erased.
	Item content.Item
}

// Record reads the record, which must be present.
func (e Entry) Record() (content.Record, error) { return content.Parse(e.Item.Line) }

// Proof is the text whose SHA-256 is the commitment; the record must be present.
func (e Entry) Proof() []byte { return content.Proof(e.Item.Salt, e.Item.Line) }

// snapshot is a chain as far as it went at one time.
type snapshot struct {
	folder
	closed   []chain.Closed
	segments int
	last     uint64
}

func (s *Store) snapshot(campaign string) (snapshot, error) {
	c, err := s.find(campaign)
	if err != nil {
		return snapshot{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	n := snapshot{folder: c.folder, closed: slices.Clone(c.closed), segments: len(c.closed), last: c.last}
	if c.text != nil {
		n.segments = c.segment
	}
	return n, nil
}

// Each hands out all records of a campaign from a number on, erased ones included, as they
// are at this moment. It ends with the error of f, and where a record is not what the chain
// commits to. Its error is [ErrNone] if there is nothing.
func (s *Store) Each(ctx context.Context, campaign string, from uint64, f func(Entry) error) error {
	n, err := s.snapshot(campaign)
	if err != nil {
		return err
	}
	for k := 1; k <= n.segments; k++ {
		if k <= len(n.closed) && n.closed[k-1].Last < from {
			continue
		}
		err := n.each(ctx, k, func(e Entry) error {
			if e.Number < from {
				return nil
			}
			return f(e)
		}, nil)
		if err != nil {
			return fmt.Errorf("read the evidence of %.80q: %w", campaign, err)
		}
	}
	return nil
}

// Search is what to look for.
type Search struct {
	// Posts are ids of posts as [content.Record] has them.
	Posts map[string]bool
	// Since is before the first of these posts was written: what was received earlier
	// is not read. Zero for everything.
	Since time.Time
	// Progress is told how many segments were read, of how many; it may be nil.
	Progress func(done, of int)
}

// Find hands out the records of given posts, as [Store.Each] does. What is erased is not
// found. It reads the content of all segments since Search.Since, some ten thousand
// records a second.
func (s *Store) Find(ctx context.Context, campaign string, what Search, f func(Entry) error) error {
	n, err := s.snapshot(campaign)
	if err != nil {
		return err
	}
	for k := 1; k <= n.segments; k++ {
		if what.Progress != nil {
			what.Progress(k-1, n.segments)
		}
		err := n.each(ctx, k, func(e Entry) error {
			if !e.Item.Present() {
				return nil
			}
			if id, ok := content.PostID(e.Item.Line); !ok || !what.Posts[id] {
				return nil
			}
			return f(e)
		}, func(l chain.Line) bool { return !l.Received.Before(what.Since) })
		if err != nil {
			return fmt.Errorf("search the evidence of %.80q: %w", campaign, err)
		}
	}
	return nil
}

// each hands out the records of a segment, unless no line is wanted.
func (n snapshot) each(ctx context.Context, k int, f func(Entry) error, want func(chain.Line) bool) error {
	segment, faults, ok, err := n.segment(k)
	switch {
	case err != nil:
		return err
	case !ok:
		return fmt.Errorf("%s is missing", chainFile(k))
	}
	if segment.Header.First > n.last {
		return nil // begun since
	}
	lines := segment.Lines[:segment.Sound]
	if segment.Last() > n.last || len(faults) > 0 {
		// Written since, perhaps only in part as yet.
		if i := slices.IndexFunc(lines, func(l chain.Line) bool { return l.Number == n.last }); i >= 0 {
			lines, faults = lines[:i+1], nil
		}
	}
	if len(faults) > 0 {
		return fmt.Errorf("%s: %s", chainFile(k), faults[0])
	}
	if want != nil && !slices.ContainsFunc(lines, want) {
		return nil
	}
	next := 0
	_, err = n.blocks(k, func(b content.Block) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, i := range b.Items {
			if next == len(lines) {
				return errDone
			}
			l := lines[next]
			if i.Number != l.Number || i.Present() && i.Commitment() != l.Commitment {
				return fmt.Errorf("%s: record %d is not the one that the chain commits to", contentFile(k), l.Number)
			}
			next++
			if err := f(Entry{Line: l, Segment: k, Item: i}); err != nil {
				return err
			}
		}
		if next == len(lines) {
			return errDone
		}
		return nil
	})
	if errors.Is(err, errDone) {
		return nil
	}
	if err == nil && next < len(lines) {
		err = fmt.Errorf("%s: record %d is missing", contentFile(k), lines[next].Number)
	}
	return err
}

// errDone ends the reading of a segment.
var errDone = errors.New("done")
