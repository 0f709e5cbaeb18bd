package storage

import (
	"context"
	"hash/maphash"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"winnow/pipeline/post"
)

// maxSightings bounds how many accounts the writer remembers. Beyond it some rows
// are written again and nothing else.
const maxSightings = 1 << 20

// accountKey names an account.
type accountKey struct {
	platform post.Platform
	id       string
}

// sighting is what was last told of an account, by a hash, and when. With it an
// account that posts a thousand times is not written a thousand times.
type sighting struct {
	what uint64
	at   int64 // Unix milliseconds
}

// sightEvery is how old what was told last may be for how many posts an account has
// written: that changes with each, and is no reason to write it again.
const sightEvery = 24 * time.Hour

func (s *Store) sighting(p *post.Post) sighting {
	what := p.Account
	what.Posts = 0
	return sighting{maphash.Comparable(s.accountSeed, what), observedAt(p).UnixMilli()}
}

// newSightings returns the posts, the newest of each account, that tell of their
// account what was not told last, and remember, to be called once that is stored.
func (s *Store) newSightings(rows []PostRow) (fresh []*post.Post, remember func()) {
	newest := make(map[accountKey]*post.Post, len(rows))
	for _, r := range rows {
		// A bare id tells nothing that the posts do not.
		a := r.Post.Account
		if (a == post.Account{ID: a.ID}) {
			continue
		}
		k := accountKey{r.Post.Platform, a.ID}
		if old, ok := newest[k]; !ok || observedAt(old).Before(observedAt(r.Post)) {
			newest[k] = r.Post
		}
	}
	told := make(map[accountKey]sighting, len(newest))
	for k, p := range newest {
		now := s.sighting(p)
		last, known := s.seen.get(k)
		if known && last.what == now.what && now.at-last.at < sightEvery.Milliseconds() {
			continue
		}
		fresh = append(fresh, p)
		// A sight that comes late is stored too, but is not what was told last.
		if !known || now.at >= last.at {
			told[k] = now
		}
	}
	return fresh, func() {
		for k, v := range told {
			s.seen.set(k, v)
		}
	}
}

func (s *Store) insertAccounts(ctx context.Context, rows []PostRow) error {
	fresh, remember := s.newSightings(rows)
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
