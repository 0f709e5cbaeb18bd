package storage

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/bits-and-blooms/bloom/v3"

	"winnow/pipeline/post"
	"winnow/storage/query"
)

// buried knows which ids may have a tombstone, so that the store need not be
// asked about each post that comes: few were deleted before they came, or come
// again after that. What it says no to has none.
type buried struct {
	mu  sync.Mutex
	ids *bloom.BloomFilter
}

// At so many tombstones one post in a hundred is asked about for nothing (5 MB);
// with more of them more are.
const manyTombstones, askedForNothing = 4_000_000, 0.01

func newBuried() *buried {
	return &buried{ids: bloom.NewWithEstimates(manyTombstones, askedForNothing)}
}

func buriedKey(platform post.Platform, id string) string { return string(platform) + "/" + id }

func (b *buried) add(platform post.Platform, id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ids.AddString(buriedKey(platform, id))
}

func (b *buried) mayHave(platform post.Platform, id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ids.TestString(buriedKey(platform, id))
}

// exhume reads back which tombstones there are.
func (s *Store) exhume(ctx context.Context) error {
	rows, err := s.write.Query(ctx, tombstonesIDsSQL)
	if err != nil {
		return fmt.Errorf("reading what was deleted: %w", err)
	}
	type row struct{ Platform, ID string }
	err = query.Each(rows, func(r *row) []any { return []any{&r.Platform, &r.ID} }, func(r *row) error {
		s.buried.add(post.Platform(r.Platform), r.ID)
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading what was deleted: %w", err)
	}
	return nil
}

func (s *Store) insertTombstones(ctx context.Context, ds []post.Deletion) error {
	// Known before the insert: a crash between the two leaves an id that is asked
	// about for nothing, the other order would leave a deletion unseen.
	for _, d := range ds {
		s.buried.add(d.Platform, d.NativeID)
	}
	return s.insert(ctx, "tombstones", len(ds), func(b driver.Batch) error {
		for _, d := range ds {
			if err := b.Append(string(d.Platform), d.NativeID, d.At); err != nil {
				return err
			}
		}
		return nil
	})
}

// bury empties the stored posts that a tombstone names, whichever came first.
func (s *Store) bury(ctx context.Context, rows []PostRow, ds []post.Deletion) error {
	var platforms, ids []string
	name := func(platform post.Platform, id string) {
		platforms, ids = append(platforms, string(platform)), append(ids, id)
	}
	for _, d := range ds {
		name(d.Platform, d.NativeID)
	}
	for _, r := range rows {
		if id := r.Post.LocalID(); s.buried.mayHave(r.Post.Platform, id) {
			name(r.Post.Platform, id)
		} else if id != r.Post.ID && s.buried.mayHave(r.Post.Platform, r.Post.ID) {
			name(r.Post.Platform, r.Post.ID)
		}
	}
	if len(ids) > 0 {
		s.log.Debug("emptying deleted posts")
	}
	for len(ids) > 0 {
		n := min(maxParam, len(ids))
		if err := s.write.Exec(ctx, postsBurySQL, query.Named("platforms", platforms[:n]), query.Named("ids", ids[:n])); err != nil {
			return fmt.Errorf("emptying deleted posts: %w", err)
		}
		platforms, ids = platforms[n:], ids[n:]
	}
	return nil
}

// markBuried writes down the hours of the posts that deletions emptied, now or
// in an attempt before: what was evidence may have changed.
func (s *Store) markBuried(ctx context.Context, ds []post.Deletion) error {
	for piece := range slices.Chunk(ds, maxParam) {
		platforms, ids := make([]string, len(piece)), make([]string, len(piece))
		for i, d := range piece {
			platforms[i], ids[i] = string(d.Platform), d.NativeID
		}
		err := s.write.Exec(ctx, marksBuriedSQL, query.Named("platforms", platforms), query.Named("ids", ids),
			query.Named("version", s.versions.next(s.now())))
		if err != nil {
			return fmt.Errorf("marking the hours of deleted posts: %w", err)
		}
	}
	return nil
}

// insertAliases keeps the other names of posts, by which sources will announce
// their deletion.
func (s *Store) insertAliases(ctx context.Context, rows []PostRow) error {
	type alias struct {
		platform   post.Platform
		native, id string
	}
	named := make(map[alias]struct{})
	for _, r := range rows {
		if local := r.Post.LocalID(); local != r.Post.ID {
			named[alias{r.Post.Platform, local, r.Post.ID}] = struct{}{}
		}
	}
	return s.insert(ctx, "aliases", len(named), func(b driver.Batch) error {
		for a := range named {
			if err := b.Append(string(a.platform), a.native, a.id); err != nil {
				return err
			}
		}
		return nil
	})
}
