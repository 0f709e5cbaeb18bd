package view

import (
	"context"
	"fmt"
	"math"
	"time"

	"winnow/storage/query"
)

// maxGaps is how many gaps a list holds; queries reach the rest.
const maxGaps = 1000

// Gaps returns what was said last about each gap that touches the time from
// (included) to (excluded), newest first, at most 1000: those of a campaign and
// those of all that a source of it watches. With no campaign it returns every
// gap. Times before the campaign was watched (cause post.Before) are among them,
// though they are no holes in what is watched and no part of Coverage.
func (r *Reader) Gaps(ctx context.Context, campaign string, from, to time.Time) ([]Gap, error) {
	return r.gaps(ctx, campaign, from, to, maxGaps)
}

// AllGaps returns the same as Gaps, however many there are.
func (r *Reader) AllGaps(ctx context.Context, campaign string, from, to time.Time) ([]Gap, error) {
	return r.gaps(ctx, campaign, from, to, math.MaxUint64)
}

func (r *Reader) gaps(ctx context.Context, campaign string, from, to time.Time, limit uint64) ([]Gap, error) {
	rows, err := r.conn.Query(ctx, gapsSQL, query.Named("campaign", campaign), query.Named("limit", limit),
		query.Named("from", query.Milli(query.Bound(from))), query.Named("to", query.Milli(query.Bound(to))))
	if err != nil {
		return nil, fmt.Errorf("reading gaps: %w", err)
	}
	return query.Collect(rows, "reading gaps", func(g *Gap) []any {
		return []any{&g.Source, &g.Platform, &g.Campaign, &g.From, &g.To, &g.Cause, &g.Share, &g.Fill, &g.Note}
	})
}

// Coverage returns how much of the time from (included) to (excluded) each
// source saw of a campaign, or of each campaign if none is given, by campaign
// and source. A stretch begins when the source began to watch the campaign; a
// source that watched it only after to has no row. Gaps that are open count
// until to, which should not lie in the future: what is to come is no gap yet.
func (r *Reader) Coverage(ctx context.Context, campaign string, from, to time.Time) ([]Coverage, error) {
	from, to = query.Bound(from).UTC(), query.Bound(to).UTC()
	rows, err := r.conn.Query(ctx, watchesSQL, query.Named("campaign", campaign))
	if err != nil {
		return nil, fmt.Errorf("reading what is watched: %w", err)
	}
	watched, err := query.Collect(rows, "reading what is watched", func(c *Coverage) []any {
		return []any{&c.Campaign, &c.Source, &c.Platform, &c.From}
	})
	if err != nil || len(watched) == 0 {
		return nil, err
	}
	holes, err := r.holes(ctx, campaign, from, to)
	if err != nil {
		return nil, err
	}
	out := make([]Coverage, 0, len(watched))
	for _, c := range watched {
		if c.From, c.To = c.From.UTC(), to; c.From.Before(from) {
			c.From = from
		}
		if !c.From.Before(c.To) {
			continue
		}
		own := holes[watch{c.Source, c.Campaign}]
		c.measure(append(own[:len(own):len(own)], holes[watch{c.Source, ""}]...))
		out = append(out, c)
	}
	return out, nil
}

// watch is what a gap concerns; no campaign is all that the source watches.
type watch struct{ source, campaign string }

// holes reads what takes something from the coverage of campaigns.
func (r *Reader) holes(ctx context.Context, campaign string, from, to time.Time) (map[watch][]hole, error) {
	rows, err := r.conn.Query(ctx, holesSQL, query.Named("campaign", campaign),
		query.Named("from", query.Milli(from)), query.Named("to", query.Milli(to)))
	if err != nil {
		return nil, fmt.Errorf("reading gaps: %w", err)
	}
	holes := make(map[watch][]hole)
	type row struct {
		watch
		From  time.Time
		To    *time.Time
		Share float64
		Fill  string
	}
	err = query.Each(rows, func(g *row) []any {
		return []any{&g.source, &g.campaign, &g.From, &g.To, &g.Share, &g.Fill}
	}, func(g *row) error {
		if h, missing := newHole(g.From, g.To, g.Share, g.Fill); missing {
			holes[g.watch] = append(holes[g.watch], h)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading gaps: %w", err)
	}
	return holes, nil
}

// Sources returns the live sources that ever watched a campaign, by name.
func (r *Reader) Sources(ctx context.Context) ([]Source, error) {
	rows, err := r.conn.Query(ctx, sourcesSQL)
	if err != nil {
		return nil, fmt.Errorf("reading the sources: %w", err)
	}
	return query.Collect(rows, "reading the sources", func(s *Source) []any {
		return []any{&s.Name, &s.Platform, &s.Campaigns, &s.Since}
	})
}
