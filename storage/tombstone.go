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
	return s.readTombstones(ctx, func(k postKey) { s.buried.add(k.platform, k.id) }, tombstonesIDsSQL)
}

func (s *Store) readTombstones(ctx context.Context, each func(postKey), sql string, args ...any) error {
	rows, err := s.write.Query(ctx, sql, args...)
	if err != nil {
		return fmt.Errorf("reading what was deleted: %w", err)
	}
	type row struct{ Platform, ID string }
	err = query.Each(rows, func(r *row) []any { return []any{&r.Platform, &r.ID} }, func(r *row) error {
		each(postKey{post.Platform(r.Platform), r.ID})
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

// withoutDeleted takes the content out of the posts that were deleted before they came.
// It is never stored: else whoever looks right then, such as detection, would see it
// and hold it against somebody.
func (s *Store) withoutDeleted(ctx context.Context, rows []PostRow) ([]PostRow, error) {
	var platforms, ids []string
	asked := make(map[postKey]bool) // one post may be in several campaigns, under one name
	for _, r := range rows {
		for _, id := range []string{r.Post.LocalID(), r.Post.ID} {
			k := postKey{r.Post.Platform, id}
			if !asked[k] && s.buried.mayHave(k.platform, k.id) {
				asked[k] = true
				platforms, ids = append(platforms, string(k.platform)), append(ids, k.id)
			}
		}
	}
	gone := make(map[postKey]bool)
	for len(ids) > 0 {
		n := min(maxParam, len(ids))
		err := s.readTombstones(ctx, func(k postKey) { gone[k] = true }, tombstonesOfSQL, query.Named("platforms", platforms[:n]), query.Named("ids", ids[:n]))
		if err != nil {
			return nil, err
		}
		platforms, ids = platforms[n:], ids[n:]
	}
	if len(gone) == 0 {
		return rows, nil
	}
	out := slices.Clone(rows)
	for i := range out {
		if p := out[i].Post; gone[postKey{p.Platform, p.LocalID()}] || gone[postKey{p.Platform, p.ID}] {
			out[i].Post, out[i].gone = emptied(p), true
		}
	}
	return out, nil
}

// emptied is what is kept of a post that is deleted: queries/posts_bury.sql does the
// same to one that is stored.
func emptied(p *post.Post) *post.Post {
	e := *p
	e.Account.Handle, e.Text, e.URL, e.Shared = "", "", "", ""
	e.Tags = slices.Clone(p.Tags)
	for i := range e.Tags {
		e.Tags[i].Posted = e.Tags[i].Key
	}
	e.Links, e.Mentions, e.Images = nil, nil, nil
	e.Raw, e.Query = nil, ""
	e.ReplyTo.Handle, e.RepostOf.Handle, e.QuoteOf.Handle = "", "", ""
	return &e
}

// bury empties the posts that came before their deletion.
func (s *Store) bury(ctx context.Context, ds []post.Deletion) error {
	if len(ds) > 0 {
		s.log.Debug("emptying deleted posts")
	}
	for piece := range slices.Chunk(ds, maxParam) {
		platforms, ids := named(piece)
		if err := s.write.Exec(ctx, postsBurySQL, query.Named("platforms", platforms), query.Named("ids", ids)); err != nil {
			return fmt.Errorf("emptying deleted posts: %w", err)
		}
	}
	return nil
}

// DeletedPosts hands out the posts of a campaign that were deleted, in no order.
func (s *Store) DeletedPosts(ctx context.Context, campaign string, f func(platform post.Platform, id string)) error {
	rows, err := s.write.Query(ctx, postsDeletedSQL, query.Named("campaign", campaign))
	if err != nil {
		return fmt.Errorf("reading which posts were deleted: %w", err)
	}
	type row struct{ platform, id string }
	err = query.Each(rows, func(r *row) []any { return []any{&r.platform, &r.id} }, func(r *row) error {
		f(post.Platform(r.platform), r.id)
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading which posts were deleted: %w", err)
	}
	return nil
}

// named are the platforms and ids of what deletions name.
func named(ds []post.Deletion) (platforms, ids []string) {
	platforms, ids = make([]string, len(ds)), make([]string, len(ds))
	for i, d := range ds {
		platforms[i], ids[i] = string(d.Platform), d.NativeID
	}
	return platforms, ids
}

// markBuried writes down the hours of the posts that deletions emptied, now or
// in an attempt before: what was evidence may have changed.
func (s *Store) markBuried(ctx context.Context, ds []post.Deletion) error {
	for piece := range slices.Chunk(ds, maxParam) {
		platforms, ids := named(piece)
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
