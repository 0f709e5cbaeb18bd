package storage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"winnow/storage/query"
)

// audienceRows is about how many rows of accounts one recomputation of the audience
// numbers: what is known of their earlier hours comes to it, and of the engine's memory
// a query gets half.
const audienceRows = 1_500_000

// audienceDays is how many days are recomputed at once at most.
const audienceDays = 20

// audience replaces what all days of a campaign from one on add to the audience of
// spans: an account that came or went on a day is counted otherwise on the next day
// that it is there, whenever that is. No day needs what was computed of another, so a
// crash in between leaves nothing but days of which the marks stay open.
func (s *Store) audience(ctx context.Context, campaign string, from time.Time, into target) error {
	days, err := s.hours(ctx, audienceDaysSQL, append(into.args(), query.Named("campaign", campaign), query.Named("from", query.Second(from)))...)
	if err != nil {
		return err
	}
	for piece := range pieces(days, audienceRows, audienceDays) {
		begin, end := piece[0].Hour, piece[len(piece)-1].Hour.AddDate(0, 0, 1)
		err := s.exec(ctx, audienceRecomputeSQL, into, query.Named("campaign", campaign), query.Named("from", query.Second(begin)), query.Named("to", query.Second(end)))
		if err != nil {
			return fmt.Errorf("recomputing the audience from %s on: %w", begin.Format(time.DateOnly), err)
		}
	}
	return nil
}

// dayDigest is what the accounts of a day come to.
type dayDigest struct {
	Day     time.Time
	Digest  uint64
	changed bool
}

// moved returns those of some days of which the accounts are other than when the
// audience was computed of them, in order.
func (s *Store) moved(ctx context.Context, campaign string, days []load) ([]dayDigest, error) {
	const what = "reading of which days the accounts changed"
	if len(days) == 0 {
		return nil, nil
	}
	names := make([]string, 0, len(days))
	for _, d := range days {
		names = append(names, query.Second(d.Hour))
	}
	rows, err := s.write.Query(ctx, audienceChangedSQL, query.Named("campaign", campaign), query.Named("days", names),
		query.Named("from", names[0]), query.Named("to", query.Second(days[len(days)-1].Hour.AddDate(0, 0, 1))))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	all, err := query.Collect(rows, what, func(d *dayDigest) []any { return []any{&d.Day, &d.Digest, &d.changed} })
	return slices.DeleteFunc(all, func(d dayDigest) bool { return !d.changed }), err
}

// noteDays writes down what days came to before the audience was computed of them. If
// they came to something else meanwhile, a mark says so, and they are computed again.
func (s *Store) noteDays(ctx context.Context, campaign string, days []dayDigest) error {
	version := s.versions.next(s.now())
	return s.insert(ctx, "audience_days", len(days), func(b driver.Batch) error {
		for _, d := range days {
			if err := b.Append(campaign, d.Day, d.Digest, version); err != nil {
				return err
			}
		}
		return nil
	})
}
