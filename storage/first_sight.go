package storage

import (
	"context"
	"fmt"
	"hash/maphash"
	"sync"
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

// firsts remembers when the latest posts were posted.
type firsts struct {
	mu         sync.Mutex
	seed       maphash.Seed
	young, old map[uint64]int64
	limit      int
	metrics    *metrics
}

func newFirsts(limit int, m *metrics) *firsts {
	return &firsts{seed: maphash.MakeSeed(), young: make(map[uint64]int64), limit: limit, metrics: m}
}

type firstKey struct {
	platform post.Platform
	id       string
}

// at returns the time remembered of a post.
func (f *firsts) at(k firstKey) (time.Time, bool) {
	h := maphash.Comparable(f.seed, k)
	f.mu.Lock()
	defer f.mu.Unlock()
	ms, ok := f.young[h]
	if !ok {
		if ms, ok = f.old[h]; ok {
			f.put(h, ms)
		}
	}
	return time.UnixMilli(ms).UTC(), ok
}

func (f *firsts) remember(k firstKey, at time.Time) {
	h := maphash.Comparable(f.seed, k)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.put(h, at.UnixMilli())
}

func (f *firsts) put(h uint64, ms int64) {
	if len(f.young) >= f.limit/2 {
		f.young, f.old = make(map[uint64]int64), f.young
	}
	f.young[h] = ms
	f.metrics.firsts.Set(float64(len(f.young) + len(f.old)))
}

// datePosts gives rows the time at which their post was posted as first told.
func (s *Store) datePosts(ctx context.Context, rows []PostRow) error {
	var unknown []string
	for i := range rows {
		p := rows[i].Post
		if _, ok := s.firsts.at(firstKey{p.Platform, p.ID}); !ok && observedAt(p).Sub(p.PostedAt) > freshFor {
			unknown = append(unknown, p.ID)
		}
	}
	for len(unknown) > 0 {
		n := min(maxParam, len(unknown))
		if err := s.recallPosts(ctx, postsFirstSQL, query.Named("ids", unknown[:n])); err != nil {
			return err
		}
		unknown = unknown[n:]
	}
	for i := range rows {
		p := rows[i].Post
		k := firstKey{p.Platform, p.ID}
		at, ok := s.firsts.at(k)
		if !ok {
			at = p.PostedAt
			s.firsts.remember(k, at)
		}
		rows[i].at = at
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
		s.firsts.remember(firstKey{post.Platform(r.Platform), r.ID}, r.At)
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading when posts were posted: %w", err)
	}
	return nil
}
