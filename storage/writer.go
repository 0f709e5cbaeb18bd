package storage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"golang.org/x/sync/errgroup"

	"winnow/pipeline/post"
)

// PostRow is a post as it is stored: in one campaign, from one source.
type PostRow struct {
	Campaign string
	Source   string
	Post     *post.Post

	at   time.Time // when it was posted, as first told
	gone bool      // deleted before it came: without its content
}

// Message is what one message of the log brings to the store. All of it may be
// empty.
type Message struct {
	Rows      []PostRow
	Deletions []post.Deletion
	// Gaps are written in order: the last word about a gap counts.
	Gaps    []post.Gap
	Watches []post.Watch
	// Storing, if there is one, is given the posts as they will be in the store, right
	// before they are: those that were deleted before they came have no content.
	Storing func([]PostRow)
}

// Empty reports whether there is nothing to store, so that Write would send
// nothing.
func (m *Message) Empty() bool {
	return len(m.Rows)+len(m.Deletions)+len(m.Gaps)+len(m.Watches) == 0
}

// Write stores one log message. When it returns nil all of it is in the store,
// the touched hours are marked, and the message may be acknowledged. Writing the
// same again changes nothing, and writing a run of messages again in order
// leaves what it left the first time.
func (s *Store) Write(ctx context.Context, m Message) error {
	if m.Empty() {
		return nil
	}
	if err := s.insertTombstones(ctx, m.Deletions); err != nil {
		return err
	}
	rows := slices.Clone(m.Rows)
	if err := s.datePosts(ctx, rows); err != nil {
		return err
	}
	stored, err := s.withoutDeleted(ctx, rows)
	if err != nil {
		return err
	}
	if m.Storing != nil {
		m.Storing(stored)
	}
	if err := s.insertRows(ctx, rows, stored); err != nil {
		return err
	}
	if err := s.bury(ctx, m.Deletions); err != nil {
		return err
	}
	if err := s.mark(ctx, rows); err != nil {
		return err
	}
	if err := s.markBuried(ctx, m.Deletions); err != nil {
		return err
	}
	// After the posts: nobody shall read that a gap is filled before they can
	// read what filled it.
	if err := s.insertWatches(ctx, m.Watches); err != nil {
		return err
	}
	return s.insertGaps(ctx, m.Gaps)
}

// insertRows inserts posts as they are to be stored and, beside them, what they told of
// accounts.
func (s *Store) insertRows(ctx context.Context, rows, stored []PostRow) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		// Before the posts: a deletion finds by them what it means.
		if err := s.insertAliases(ctx, rows); err != nil {
			return err
		}
		return s.insertPosts(ctx, stored)
	})
	g.Go(func() error { return s.insertAccounts(ctx, rows) })
	return g.Wait()
}

// insert sends one batch as one insert: appendTo fills it column by column.
//
// It asks for no deduplication, and no table keeps a window for it. All rows
// replace themselves, so that an insert that comes again is harmless. A window
// would be harmful: the engine writes down that it knows an insert before it has
// its rows, so one that was killed in between drops the same insert when it comes
// again, and one whose part was lost can not be given its rows back.
func (s *Store) insert(ctx context.Context, table string, n int, appendTo func(driver.Batch) error) (err error) {
	if n == 0 {
		return nil
	}
	defer func() {
		if err != nil && ctx.Err() == nil {
			s.metrics.failures.WithLabelValues(table).Inc()
		}
	}()
	s.log.Debug("inserting", "table", table, "rows", n)
	begin := time.Now()
	batch, err := s.write.PrepareBatch(ctx, "INSERT INTO "+table)
	if err != nil {
		return fmt.Errorf("preparing an insert into %s: %w", table, err)
	}
	defer batch.Close() //nolint:errcheck // after Send there is nothing to lose
	if err := appendTo(batch); err != nil {
		return fmt.Errorf("filling an insert into %s: %w", table, err)
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("inserting %d rows into %s: %w", n, table, err)
	}
	s.metrics.inserts.WithLabelValues(table).Observe(time.Since(begin).Seconds())
	s.metrics.rows.WithLabelValues(table).Add(float64(n))
	return nil
}

// column collects the values of one column over all rows.
func column[R, V any](b driver.Batch, i int, rows []R, value func(*R) V) error {
	vs := make([]V, len(rows))
	for k := range rows {
		vs[k] = value(&rows[k])
	}
	return b.Column(i).Append(vs)
}

func (s *Store) insertPosts(ctx context.Context, rows []PostRow) error {
	return s.insert(ctx, "posts", len(rows), func(b driver.Batch) error {
		return fillPosts(b, rows)
	})
}

// mark writes down which campaign hours must be recomputed.
func (s *Store) mark(ctx context.Context, rows []PostRow) error {
	type key struct {
		campaign string
		hour     int64
	}
	touched := make(map[key]struct{})
	for _, r := range rows {
		touched[key{r.Campaign, r.at.Unix() / 3600}] = struct{}{}
	}
	version := s.versions.next(s.now())
	return s.insert(ctx, "marks", len(touched), func(b driver.Batch) error {
		for k := range touched {
			if err := b.Append(k.campaign, time.Unix(k.hour*3600, 0).UTC(), "posts", uint8(0), version); err != nil {
				return err
			}
		}
		return nil
	})
}
