package storage

import (
	"context"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"winnow/pipeline/post"
)

// insertGaps writes what is said about gaps. Each row has a version of its own,
// so that within one message, too, the last word about a gap counts.
func (s *Store) insertGaps(ctx context.Context, gaps []post.Gap) error {
	return s.insert(ctx, "gaps", len(gaps), func(b driver.Batch) error {
		for i := range gaps {
			g := &gaps[i]
			if err := b.Append(g.Source, g.Campaign, string(g.Platform), g.From, nullTime(g.To), string(g.Cause),
				g.Share, string(g.Fill), g.Note, s.versions.next(s.now())); err != nil {
				return err
			}
		}
		return nil
	})
}

// insertWatches writes since when campaigns are watched.
func (s *Store) insertWatches(ctx context.Context, watches []post.Watch) error {
	return s.insert(ctx, "watches", len(watches), func(b driver.Batch) error {
		for i := range watches {
			w := &watches[i]
			if err := b.Append(w.Source, w.Campaign, string(w.Platform), w.Since); err != nil {
				return err
			}
		}
		return nil
	})
}
