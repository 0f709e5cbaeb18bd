package report

import (
	"context"
	"time"

	"winnow/storage/view"
)

// reach is how far the campaign went in the time that is told: who is unique, and what
// adds up.
type reach struct {
	view.Audience
	// All is the sum over the platforms, which stand in Platforms.
	All       view.Measures
	Platforms []view.Measures
}

func readReach(ctx context.Context, s Store, campaign string, from, to time.Time) (r reach, err error) {
	if r.Audience, err = s.Audience(ctx, campaign, from, to); err != nil {
		return r, err
	}
	if r.Platforms, err = s.Measures(ctx, campaign, from, to, time.Hour); err != nil {
		return r, err
	}
	for _, m := range r.Platforms {
		r.All.Posts += m.Posts
		r.All.PotentialImpressions += m.PotentialImpressions
		r.All.Views += m.Views
		r.All.CoordinatedPosts += m.CoordinatedPosts
		r.All.SurePosts += m.SurePosts
		r.All.DeclaredPosts += m.DeclaredPosts
		r.All.EarlyPosts += m.EarlyPosts
		r.All.CoordinatedImpressions += m.CoordinatedImpressions
		r.All.CoordinatedViews += m.CoordinatedViews
	}
	return r, nil
}

// MostPosts is how many posts would be coordinated if every early sign were borne out.
func (r reach) MostPosts() uint64 {
	return min(r.All.Posts, r.All.CoordinatedPosts+r.All.EarlyPosts)
}

// MostAccounts is the same of accounts; some may be in both.
func (r reach) MostAccounts() uint64 { return min(r.Accounts, r.CoordinatedAccounts+r.EarlyAccounts) }

// Known says whether any account told its followers.
func (r reach) Known() bool { return r.ReachKnown > 0 }

// Partly says whether some did not: then sums are lower bounds.
func (r reach) Partly() bool { return r.ReachKnown < r.Accounts }
