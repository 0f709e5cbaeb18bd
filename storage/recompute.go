package storage

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"golang.org/x/sync/errgroup"

	"winnow/storage/query"
)

// OpenMarks says which hours of a campaign wait for recomputation.
type OpenMarks struct {
	Campaign string
	// ByPosts and ByFindings count the hours by what touched them. Only posts
	// ask for detection to run again.
	ByPosts, ByFindings uint64
	// Days counts those whose hours are dealt with.
	Days uint64
	// Reading is 1 if detection is to read the campaign whole.
	Reading uint64
	// Upto is the version of the newest one: marks set later are newer.
	Upto uint64
}

// Marked lists the campaigns that have open marks.
func (s *Store) Marked(ctx context.Context) ([]OpenMarks, error) {
	rows, err := s.write.Query(ctx, marksOpenSQL)
	if err != nil {
		return nil, fmt.Errorf("listing marked hours: %w", err)
	}
	return query.Collect(rows, "listing marked hours", func(m *OpenMarks) []any {
		return []any{&m.Campaign, &m.ByPosts, &m.ByFindings, &m.Days, &m.Reading, &m.Upto}
	})
}

// recomputePosts is about how many posts one recomputation reads: at three
// steps and a few tags a post this keeps the engine well under its limit.
const recomputePosts = 150_000

// recomputeHours is how many hours travel in one statement.
const recomputeHours = 500

// Recompute replaces the buckets of a campaign's marked hours up to a version by
// what the posts and findings say now, marks the days that hold them, and takes the
// marks of the hours back: of those that posts set only up to detected, since
// detection has not seen the posts of the later ones.
func (s *Store) Recompute(ctx context.Context, campaign string, detected, upto uint64) error {
	begin := time.Now()
	hours, err := s.hours(ctx, marksLoadSQL, query.Named("campaign", campaign), query.Named("upto", upto))
	if err != nil {
		return err
	}
	if err := s.hourPieces(ctx, campaign, hours, storedBuckets, nil); err != nil {
		return err
	}
	if err := s.markDays(ctx, campaign, daysOf(hours)); err != nil {
		return err
	}
	s.log.Debug("taking back marks")
	if err := s.write.Exec(ctx, marksDoneSQL, query.Named("campaign", campaign), query.Named("detected", detected), query.Named("upto", upto)); err != nil {
		return fmt.Errorf("taking back the marks of recomputed hours: %w", err)
	}
	s.metrics.recompute.WithLabelValues(partHours).Observe(time.Since(begin).Seconds())
	return nil
}

// RecomputeDays replaces a campaign's marked days up to a version, what all days from
// the first of them on add to the audience of spans, and its totals: unique accounts do
// not add up over hours, so all posts of a day are read, which may be done less often
// than for an hour.
func (s *Store) RecomputeDays(ctx context.Context, campaign string, upto uint64) error {
	begin := time.Now()
	days, err := s.hours(ctx, daysMarkedSQL, query.Named("campaign", campaign), query.Named("upto", upto))
	if err != nil {
		return err
	}
	moved, err := s.moved(ctx, campaign, days)
	if err != nil {
		return err
	}
	// Before the rest: it takes little, and all that is asked of long spans waits for it.
	if len(moved) > 0 {
		if err := s.audience(ctx, campaign, moved[0].Day, storedBuckets); err != nil {
			return err
		}
		if err := s.noteDays(ctx, campaign, moved); err != nil {
			return err
		}
	}
	if err := s.dayPieces(ctx, campaign, days, storedBuckets); err != nil {
		return err
	}
	if err := s.write.Exec(ctx, daysDoneSQL, query.Named("campaign", campaign), query.Named("upto", upto)); err != nil {
		return fmt.Errorf("taking back the marks of recomputed days: %w", err)
	}
	s.metrics.recompute.WithLabelValues(partDays).Observe(time.Since(begin).Seconds())
	return nil
}

func (s *Store) markDays(ctx context.Context, campaign string, days []load) error {
	version := s.versions.next(s.now())
	return s.insert(ctx, "marks", len(days), func(b driver.Batch) error {
		for _, d := range days {
			if err := b.Append(campaign, d.Hour, "days", uint8(0), version); err != nil {
				return err
			}
		}
		return nil
	})
}

// MarkReading writes down that detection is to read a campaign whole, and has only
// gone on with what came so far.
func (s *Store) MarkReading(ctx context.Context, campaign string) error {
	version := s.versions.next(s.now())
	return s.insert(ctx, "marks", 1, func(b driver.Batch) error {
		return b.Append(campaign, time.Unix(0, 0).UTC(), "reading", uint8(0), version)
	})
}

// ReadWhole takes back the marks of MarkReading up to a version.
func (s *Store) ReadWhole(ctx context.Context, campaign string, upto uint64) error {
	if err := s.write.Exec(ctx, readingDoneSQL, query.Named("campaign", campaign), query.Named("upto", upto)); err != nil {
		return fmt.Errorf("noting that a campaign was read: %w", err)
	}
	return nil
}

// load is an hour and about how many posts it holds.
type load struct {
	Hour  time.Time
	Posts uint64
}

func (s *Store) hours(ctx context.Context, sql string, args ...any) ([]load, error) {
	const what = "reading which hours of a campaign to recompute"
	rows, err := s.write.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return query.Collect(rows, what, func(h *load) []any { return []any{&h.Hour, &h.Posts} })
}

// hourPieces recomputes hours, which are in order, a bounded number of posts at a
// time. progress is told how many are done; it may be nil.
func (s *Store) hourPieces(ctx context.Context, campaign string, hours []load, into target, progress func(done int)) error {
	var mu sync.Mutex
	done := 0
	return each(ctx, pieces(hours, recomputePosts, recomputeHours), func(ctx context.Context, piece []load) error {
		s.log.Debug("recomputing buckets", "hours", len(piece))
		if err := s.hourBuckets(ctx, campaign, piece, into); err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		if done += len(piece); progress != nil {
			progress(done)
		}
		return nil
	})
}

// recomputeSide is how many pieces are recomputed side by side: the engine works
// at most of one with one core.
const recomputeSide = 2

// each calls f for every piece, some side by side, and returns what failed first.
func each(ctx context.Context, of iter.Seq[[]load], f func(context.Context, []load) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(recomputeSide)
	for piece := range of {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error { return f(ctx, piece) })
	}
	return g.Wait()
}

// dayPieces recomputes days, which are in order, likewise, and then the totals.
func (s *Store) dayPieces(ctx context.Context, campaign string, days []load, into target) error {
	if len(days) == 0 {
		return nil
	}
	if err := s.loadDays(ctx, campaign, days, into); err != nil {
		return err
	}
	err := each(ctx, pieces(days, recomputePosts, recomputeHours/24), func(ctx context.Context, piece []load) error {
		return s.dayBuckets(ctx, campaign, piece, into)
	})
	if err != nil {
		return err
	}
	if err := s.exec(ctx, totalsRecomputeSQL, into, query.Named("campaign", campaign)); err != nil {
		return fmt.Errorf("recomputing the totals of a campaign: %w", err)
	}
	return nil
}

// pieces cuts a list into runs that hold a bounded number of posts, or one hour
// or day.
func pieces(of []load, most uint64, hours int) iter.Seq[[]load] {
	return func(yield func([]load) bool) {
		for len(of) > 0 {
			n, posts := 1, of[0].Posts
			for n < min(len(of), hours) && posts+of[n].Posts <= most {
				posts += of[n].Posts
				n++
			}
			if !yield(of[:n]) {
				return
			}
			of = of[n:]
		}
	}
}

// exec runs a computation of buckets. Its version is taken before it reads: of
// two that overlap, the one that read later wins.
func (s *Store) exec(ctx context.Context, sql string, into target, args ...any) error {
	args = append(args, query.Named("version", s.versions.next(s.now())))
	return s.write.Exec(ctx, sql, append(args, into.args()...)...)
}

func (s *Store) hourBuckets(ctx context.Context, campaign string, of []load, into target) error {
	hours := seconds(of)
	if err := s.exec(ctx, accountsRecomputeSQL, into, query.Named("campaign", campaign), query.Named("hours", hours)); err != nil {
		return fmt.Errorf("recomputing the accounts of hours from %s on: %w", hours[0], err)
	}
	return s.reach(ctx, campaign, into, hours, time.Hour, "[60,3600]")
}

func (s *Store) dayBuckets(ctx context.Context, campaign string, of []load, into target) error {
	return s.reach(ctx, campaign, into, hoursOf(of), 24*time.Hour, "[86400]")
}

func (s *Store) reach(ctx context.Context, campaign string, into target, hours []string, grain time.Duration, steps string) error {
	err := s.exec(ctx, reachRecomputeSQL, into, query.Named("campaign", campaign), query.Named("hours", hours),
		query.Named("grain", uint32(grain/time.Second)), query.Named("steps", steps))
	if err != nil {
		return fmt.Errorf("recomputing buckets from %s on: %w", hours[0], err)
	}
	return nil
}

// daysOf are the days that hold hours.
func daysOf(hours []load) []load {
	var out []load
	for _, h := range hours {
		day := h.Hour.UTC().Truncate(24 * time.Hour)
		if len(out) == 0 || !out[len(out)-1].Hour.Equal(day) {
			out = append(out, load{Hour: day})
		}
	}
	return out
}

// loadDays sets how many posts days hold.
func (s *Store) loadDays(ctx context.Context, campaign string, days []load, into target) error {
	for rest := range slices.Chunk(days, recomputeHours) {
		counted, err := s.hours(ctx, daysLoadSQL, append(into.args(), query.Named("campaign", campaign), query.Named("days", seconds(rest)))...)
		if err != nil {
			return err
		}
		posts := make(map[int64]uint64, len(counted))
		for _, d := range counted {
			posts[d.Hour.Unix()] = d.Posts
		}
		for i := range rest {
			rest[i].Posts = posts[rest[i].Hour.Unix()]
		}
	}
	return nil
}

// seconds lists hours or days as parameters.
func seconds(of []load) []string {
	out := make([]string, len(of))
	for i, l := range of {
		out[i] = query.Second(l.Hour)
	}
	return out
}

// hoursOf lists the hours of days.
func hoursOf(days []load) []string {
	out := make([]string, 0, 24*len(days))
	for _, d := range days {
		for h := range 24 {
			out = append(out, query.Second(d.Hour.Add(time.Duration(h)*time.Hour)))
		}
	}
	return out
}
