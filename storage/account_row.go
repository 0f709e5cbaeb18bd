package storage

import (
	"context"
	"hash/maphash"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"winnow/pipeline/post"
)

// maxSightings bounds how many accounts the writer remembers. Beyond it the
// memory is emptied, which costs some rows written again and nothing else.
const maxSightings = 1 << 20

// sightings remembers what was last written about an account, as a hash, so
// that an account that posts a thousand times is not written a thousand times.
type sightings struct {
	mu      sync.Mutex
	seed    maphash.Seed
	last    map[uint64]uint64
	limit   int
	metrics *metrics
}

func newSightings(limit int, m *metrics) *sightings {
	return &sightings{seed: maphash.MakeSeed(), last: make(map[uint64]uint64), limit: limit, metrics: m}
}

type sightingKey struct {
	platform post.Platform
	id       string
}

// changed returns the rows, the last of each account, whose account differs
// from what was remembered, and remember, to be called once they are stored.
func (s *sightings) changed(rows []PostRow) (fresh []*post.Post, remember func()) {
	newest := make(map[sightingKey]*post.Post, len(rows))
	for _, r := range rows {
		// A bare id tells nothing that the posts do not.
		a := r.Post.Account
		if (a == post.Account{ID: a.ID}) {
			continue
		}
		k := sightingKey{r.Post.Platform, a.ID}
		if old, ok := newest[k]; !ok || observedAt(old).Before(observedAt(r.Post)) {
			newest[k] = r.Post
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	marks := make(map[uint64]uint64, len(newest))
	for k, p := range newest {
		key, value := maphash.Comparable(s.seed, k), maphash.Comparable(s.seed, p.Account)
		if s.last[key] != value {
			marks[key] = value
			fresh = append(fresh, p)
		}
	}
	return fresh, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.last)+len(marks) > s.limit {
			clear(s.last)
		}
		for k, v := range marks {
			s.last[k] = v
		}
		s.metrics.sightings.Set(float64(len(s.last)))
	}
}

func (s *Store) insertAccounts(ctx context.Context, rows []PostRow) error {
	fresh, remember := s.seen.changed(rows)
	err := s.insert(ctx, "account_sights", len(fresh), func(b driver.Batch) error {
		for _, p := range fresh {
			a := p.Account
			if err := b.Append(string(p.Platform), a.ID, observedAt(p), a.Handle, a.Name, nullTime(a.CreatedAt),
				nullable(a.Followers), nullable(a.Following), nullable(a.Posts), bit(a.DefaultProfile), bit(a.Bot)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = s.insert(ctx, "accounts", len(fresh), func(b driver.Batch) error {
		for _, p := range fresh {
			a := p.Account
			if err := b.Append(string(p.Platform), a.ID, a.Handle, a.Name, nullTime(a.CreatedAt),
				nullable(a.Followers), nullable(a.Following), nullable(a.Posts),
				bit(a.DefaultProfile), bit(a.Bot), observedAt(p)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	remember()
	return nil
}

func bit(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}
