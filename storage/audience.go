package storage

import (
	"context"
	"fmt"
	"time"

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
