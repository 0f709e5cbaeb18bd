package storage

import (
	"context"
	"fmt"
	"time"

	"winnow/pipeline/post"
	"winnow/storage/query"
)

// The time of posting is what the first source told. Others may tell another,
// since some platforms do not say and each host then uses its own clock; a post
// that moved to another hour by that would leave its first hour counted wrong.

const (
	// maxFirsts bounds how many posts are remembered; the older half goes first.
	maxFirsts = 1 << 20
	// freshFor is how soon after its posting a post is surely seen for the first
	// time, or remembered: beyond it the store is asked.
	freshFor = 30 * time.Minute
	// warmHours is of how many hours the posts are remembered at the start.
	warmHours = 2
	// maxParam is how many ids travel in one statement's parameter.
	maxParam = 500
)

// postKey names a post.
type postKey struct {
	platform post.Platform
	id       string
}

// vague is true of posts whose time differs by who tells it: Bluesky's is when an
// event was sequenced, and Mastodon's servers may date a boost that came without a
// date by their own clock.
func vague(p *post.Post) bool {
	return p.Platform == post.Bluesky || p.Platform == post.Mastodon && p.Kind == post.Repost
}

// datePosts gives rows the time at which their post was posted as first told.
func (s *Store) datePosts(ctx context.Context, rows []PostRow) error {
	var platforms, unknown []string
	for i := range rows {
		p := rows[i].Post
		if _, ok := s.firsts.get(postKey{p.Platform, p.ID}); !ok && vague(p) && observedAt(p).Sub(p.PostedAt) > freshFor {
			platforms, unknown = append(platforms, string(p.Platform)), append(unknown, p.ID)
		}
	}
	for len(unknown) > 0 {
		n := min(maxParam, len(unknown))
		if err := s.recallPosts(ctx, postsFirstSQL, query.Named("platforms", platforms[:n]), query.Named("ids", unknown[:n])); err != nil {
			return err
		}
		platforms, unknown = platforms[n:], unknown[n:]
	}
	for i := range rows {
		p := rows[i].Post
		k := postKey{p.Platform, p.ID}
		at, ok := s.firsts.get(k)
		if !ok {
			at = p.PostedAt.UnixMilli()
			s.firsts.set(k, at)
		}
		rows[i].at = time.UnixMilli(at).UTC()
	}
	return nil
}

// warm remembers the posts of the last hours, which may come again.
func (s *Store) warm(ctx context.Context) error {
	hours := make([]string, warmHours)
	for i := range hours {
		hours[i] = query.Second(s.now().UTC().Truncate(time.Hour).Add(-time.Duration(i) * time.Hour))
	}
	return s.recallPosts(ctx, postsSightsSQL, query.Named("hours", hours), query.Named("limit", uint64(maxFirsts/2)))
}

func (s *Store) recallPosts(ctx context.Context, sql string, args ...any) error {
	rows, err := s.write.Query(ctx, sql, args...)
	if err != nil {
		return fmt.Errorf("reading when posts were posted: %w", err)
	}
	type row struct {
		Platform, ID string
		At           time.Time
	}
	err = query.Each(rows, func(r *row) []any { return []any{&r.Platform, &r.ID, &r.At} }, func(r *row) error {
		s.firsts.set(postKey{post.Platform(r.Platform), r.ID}, r.At.UnixMilli())
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading when posts were posted: %w", err)
	}
	return nil
}
