package evidence

import (
	"context"
	"fmt"
	"io/fs"
	"slices"

	"winnow/storage/evidence/chain"
	"winnow/storage/evidence/content"
)

// Excerpt says what of a chain is to be handed on.
type Excerpt struct {
	// Records are the numbers of those that are cited; their segments go along.
	Records []uint64
	// Content adds what these records hold, each as a file of two lines whose SHA-256
	// stands in the chain. Without it nothing of any post is handed on.
	Content bool
}

// Excerpt hands out the files of an excerpt, in the order of their paths, with slashes:
// whose chain it is, all heads, the segments of the cited records and the last one, to
// whom heads were shown, and the records if asked for. [Verify] with VerifyOptions.Partial
// checks them. The same records of the same chain give the same files. A cited record that
// was erased is left out.
func (s *Store) Excerpt(ctx context.Context, campaign string, x Excerpt, add func(path string, data []byte) error) error {
	n, size, err := s.still(campaign)
	if err == nil {
		err = n.excerpt(ctx, x, size, add)
	}
	if err != nil {
		return fmt.Errorf("take an excerpt of the evidence of %.80q: %w", campaign, err)
	}
	return nil
}

// still is a snapshot, and how many bytes the open segment has in it.
func (s *Store) still(campaign string) (snapshot, int64, error) {
	n, err := s.snapshot(campaign)
	if err != nil {
		return n, 0, err
	}
	c, err := s.find(campaign)
	if err != nil {
		return n, 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if n.segments > len(c.closed) && c.text != nil {
		return n, c.text.size, nil
	}
	return n, maxText, nil
}

func (n snapshot) excerpt(ctx context.Context, x Excerpt, size int64, add func(string, []byte) error) error {
	cited := map[int]bool{n.segments: true}
	for _, r := range x.Records {
		if r < 1 || r > n.last {
			return fmt.Errorf("there is no record %d: the last is %d", r, n.last)
		}
		cited[n.segmentOf(r)] = true
	}
	for k := 1; k <= n.segments; k++ {
		if !cited[k] {
			continue
		}
		text, err := n.text(chainFile(k))
		if err != nil {
			return err
		}
		if k == n.segments {
			text = text[:min(int64(len(text)), size)]
		}
		if err := add(chainFile(k), text); err != nil {
			return err
		}
	}
	if err := n.copies(add); err != nil {
		return err
	}
	if !x.Content {
		return nil
	}
	return n.records(ctx, x, add)
}

// copies hands out the small files.
func (n snapshot) copies(add func(string, []byte) error) error {
	text, err := n.text(identityFile)
	if err == nil {
		err = add(identityFile, text)
	}
	if err != nil {
		return err
	}
	var heads []byte
	for _, c := range n.closed {
		heads = append(append(heads, c.String()...), '\n')
	}
	if err := add(headsFile, heads); err != nil {
		return err
	}
	names, err := fs.Glob(n, witnessDir+"/*")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := n.text(name)
		if err == nil {
			err = add(name, text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (n snapshot) records(ctx context.Context, x Excerpt, add func(string, []byte) error) error {
	numbers := slices.Sorted(slices.Values(x.Records))
	numbers = slices.Compact(numbers)
	for len(numbers) > 0 {
		k := n.segmentOf(numbers[0])
		err := n.each(ctx, k, func(e Entry) error {
			if len(numbers) == 0 || e.Number != numbers[0] {
				return nil
			}
			numbers = numbers[1:]
			if !e.Item.Present() {
				return nil
			}
			return add(recordFile(e.Number), content.Proof(e.Item.Salt, e.Item.Line))
		}, nil)
		if err != nil {
			return err
		}
	}
	return nil
}

// segmentOf is where a record stands.
func (n snapshot) segmentOf(record uint64) int {
	i, _ := slices.BinarySearchFunc(n.closed, record, func(c chain.Closed, r uint64) int {
		if c.Last < r {
			return -1
		}
		return 1
	})
	return i + 1
}
