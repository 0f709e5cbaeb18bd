package view

import (
	"context"
	"fmt"
	"time"

	"winnow/storage/query"
)

// Audience is who posted in a campaign in a span of time: what is unique and does
// not add up over time. docs/metrics-definitions.md explains each number.
type Audience struct {
	Accounts uint64
	// PotentialReach is the followers of the unique accounts, ReachKnown how many
	// of them told it.
	PotentialReach, ReachKnown uint64
	// Coordinated ones posted inside an undeclared finding, Sure ones of these in one
	// of high confidence, Declared ones inside a declared and Early ones inside an
	// early one.
	CoordinatedAccounts, SureAccounts, DeclaredAccounts, EarlyAccounts uint64
	CoordinatedReach                                                   uint64
}

// Audience counts the accounts of a campaign from (included) to (excluded), both cut
// to the hour.
func (r *Reader) Audience(ctx context.Context, campaign string, from, to time.Time) (a Audience, err error) {
	row := r.conn.QueryRow(ctx, audienceSQL, query.Named("campaign", campaign),
		query.Named("from", query.Second(from.Truncate(time.Hour))), query.Named("to", query.Second(to.Truncate(time.Hour))))
	err = row.Scan(&a.Accounts, &a.ReachKnown, &a.PotentialReach, &a.CoordinatedAccounts, &a.SureAccounts, &a.CoordinatedReach, &a.DeclaredAccounts, &a.EarlyAccounts)
	if err != nil {
		return a, fmt.Errorf("counting the accounts of a campaign: %w", err)
	}
	return a, nil
}

// Measures is what a campaign came to on one platform in a span of time: what adds
// up. Sums over platforms mean what they say for posts only; views and engagement
// are counted differently by each platform.
type Measures struct {
	Platform                                               string
	Posts, PotentialImpressions                            uint64
	Views, Likes, Reposts, Replies, Quotes                 uint64
	CoordinatedPosts, SurePosts, DeclaredPosts, EarlyPosts uint64
	CoordinatedImpressions, CoordinatedViews               uint64
}

// Measures adds up the buckets of a campaign from (included) to (excluded), those
// of the length given (see BucketStep), by platform.
func (r *Reader) Measures(ctx context.Context, campaign string, from, to time.Time, step time.Duration) ([]Measures, error) {
	rows, err := r.conn.Query(ctx, measuresSQL, query.Named("campaign", campaign), query.Named("step", uint32(BucketStep(step)/time.Second)),
		query.Named("from", query.Second(from)), query.Named("to", query.Second(to)))
	if err != nil {
		return nil, fmt.Errorf("adding up a campaign: %w", err)
	}
	return query.Collect(rows, "adding up a campaign", func(m *Measures) []any {
		return []any{
			&m.Platform, &m.Posts, &m.PotentialImpressions, &m.Views, &m.Likes, &m.Reposts, &m.Replies, &m.Quotes,
			&m.CoordinatedPosts, &m.SurePosts, &m.DeclaredPosts, &m.EarlyPosts, &m.CoordinatedImpressions, &m.CoordinatedViews,
		}
	})
}

// Voice is the part of a campaign that carries a tag or is in a language.
type Voice struct {
	// Kind is "tag" or "language".
	Kind, Item       string
	Posts            uint64
	CoordinatedPosts uint64
	// Share is of the posts of the campaign, 0 to 1. Shares of tags add up to more
	// than 1: a post may carry several.
	Share float64
}

// ShareOfVoice lists the largest tags and languages of a campaign from (included) to
// (excluded), at most limit of each.
func (r *Reader) ShareOfVoice(ctx context.Context, campaign string, from, to time.Time, step time.Duration, limit int) ([]Voice, error) {
	rows, err := r.conn.Query(ctx, shareOfVoiceSQL, query.Named("campaign", campaign), query.Named("step", uint32(BucketStep(step)/time.Second)),
		query.Named("from", query.Second(from)), query.Named("to", query.Second(to)), query.Named("limit", uint32(max(limit, 0))))
	if err != nil {
		return nil, fmt.Errorf("reading the shares of tags and languages: %w", err)
	}
	return query.Collect(rows, "reading the shares of tags and languages", func(v *Voice) []any {
		return []any{&v.Kind, &v.Item, &v.Posts, &v.CoordinatedPosts, &v.Share}
	})
}
