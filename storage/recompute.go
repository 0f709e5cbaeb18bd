package storage

import (
	"context"
	"fmt"
	"time"

	"winnow/storage/query"
)

// OpenMarks says which hours of a campaign wait for recomputation.
type OpenMarks struct {
	Campaign string
	// ByPosts and ByFindings count the hours by what touched them. Only posts
	// ask for detection to run again.
	ByPosts, ByFindings uint64
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
		return []any{&m.Campaign, &m.ByPosts, &m.ByFindings, &m.Upto}
	})
}

// recomputePosts is about how many posts one recomputation reads: at three
// steps and a few tags a post this keeps the engine well under its limit.
const recomputePosts = 150_000

// Recompute replaces the buckets of a campaign's open marks up to a version by
// what the posts and findings say now, then takes those marks back. Of the
// marks that posts set only those up to detected are taken back: detection has
// not seen the posts of the later ones.
func (s *Store) Recompute(ctx context.Context, campaign string, detected, upto uint64) error {
	begin := time.Now()
	type day struct {
		Day   time.Time
		Posts uint64
	}
	rows, err := s.write.Query(ctx, marksLoadSQL, query.Named("campaign", campaign), query.Named("upto", upto))
	if err != nil {
		return fmt.Errorf("reading the marked days of a campaign: %w", err)
	}
	days, err := query.Collect(rows, "reading the marked days of a campaign", func(d *day) []any {
		return []any{&d.Day, &d.Posts}
	})
	if err != nil {
		return err
	}
	for len(days) > 0 {
		n, posts := 1, days[0].Posts
		for n < len(days) && posts+days[n].Posts <= recomputePosts {
			posts += days[n].Posts
			n++
		}
		from, to := days[0].Day, days[n-1].Day.AddDate(0, 0, 1)
		s.log.Debug("recomputing buckets", "days", n, "posts", posts)
		for _, grain := range []struct {
			seconds uint32
			steps   string
		}{{3600, "[60,3600]"}, {86400, "[86400]"}} {
			err := s.write.Exec(ctx, reachRecomputeSQL,
				query.Named("campaign", campaign), query.Named("grain", grain.seconds), query.Named("steps", grain.steps),
				query.Named("from", query.Second(from)), query.Named("to", query.Second(to)),
				query.Named("upto", upto), query.Named("version", s.versions.next(s.now())))
			if err != nil {
				return fmt.Errorf("recomputing buckets from %s to %s: %w", query.Second(from), query.Second(to), err)
			}
		}
		days = days[n:]
	}
	s.log.Debug("taking back marks")
	if err := s.write.Exec(ctx, marksDoneSQL, query.Named("campaign", campaign), query.Named("detected", detected), query.Named("upto", upto)); err != nil {
		return fmt.Errorf("taking back the marks of recomputed hours: %w", err)
	}
	s.metrics.recompute.Observe(time.Since(begin).Seconds())
	return nil
}
