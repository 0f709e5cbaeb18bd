package storage

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
	"winnow/storage/query"
)

// ErrRetainCluster says that posts cannot be let go of on a cluster.
var ErrRetainCluster = errors.New("keep_days does not work with store.cluster yet: leave it out, and delete old posts on the cluster's own tables")

// Retain lets go of a campaign's posts from before a time, cut to the day, and of
// who posted them. What they counted for by time, tag and language stays, and so do
// findings. It returns the time up to which posts are gone now, which never goes
// back.
func (s *Store) Retain(ctx context.Context, campaign string, before time.Time) (time.Time, error) {
	if s.clustered {
		return time.Time{}, ErrRetainCluster
	}
	before = query.Bound(before).UTC().Truncate(24 * time.Hour)
	was, err := s.horizon(ctx, campaign)
	if err != nil || !before.After(was) {
		return was, err
	}
	// What is marked must be counted first: it could not be later.
	marked, err := s.Marked(ctx)
	if err != nil {
		return was, err
	}
	for _, m := range marked {
		if m.Campaign == campaign {
			if err := s.Recompute(ctx, campaign, 0, m.Upto); err != nil {
				return was, err
			}
			if err := s.RecomputeDays(ctx, campaign, math.MaxInt64); err != nil {
				return was, err
			}
		}
	}
	// The horizon goes first: a crash before the posts are gone leaves some that
	// nobody counts, and they go the next time.
	err = s.insert(ctx, "horizons", 1, func(b driver.Batch) error { return b.Append(campaign, before) })
	if err != nil {
		return was, err
	}
	if err := s.retainNobody(ctx, campaign, before); err != nil {
		return was, err
	}
	for _, sql := range []string{retainPostsSQL, retainAccountsSQL, retainAudienceSQL, retainAudienceDaysSQL} {
		if err := s.write.Exec(ctx, sql, query.Named("campaign", campaign), query.Named("before", query.Second(before))); err != nil {
			return was, fmt.Errorf("letting go of what a campaign keeps no longer: %w", err)
		}
	}
	if err := s.exec(ctx, totalsRecomputeSQL, storedBuckets, query.Named("campaign", campaign)); err != nil {
		return before, fmt.Errorf("recomputing the totals of a campaign: %w", err)
	}
	return before, nil
}

// retainNobody removes what was told of accounts that have no posts left when a campaign
// lets go of its own, and other names of these.
func (s *Store) retainNobody(ctx context.Context, campaign string, before time.Time) error {
	s.erasing.Lock()
	defer s.erasing.Unlock()
	return s.withForgotten(ctx, func(ctx context.Context) error {
		for _, sql := range []string{retainAccountsOfSQL, retainPostsOfSQL} {
			if err := s.write.Exec(ctx, sql, query.Named("campaign", campaign), query.Named("before", query.Second(before))); err != nil {
				return fmt.Errorf("finding what a campaign keeps no longer: %w", err)
			}
		}
		return s.run(ctx, forgetAliasesSQL, forgetAccountSightsSQL, forgetAccountsSQL)
	})
}

// horizon is up to when the posts of a campaign are gone; 1970 if all are there.
func (s *Store) horizon(ctx context.Context, campaign string) (time.Time, error) {
	var before time.Time
	if err := s.write.QueryRow(ctx, horizonSQL, query.Named("campaign", campaign)).Scan(&before); err != nil {
		return before, fmt.Errorf("reading how far back a campaign goes: %w", err)
	}
	return before.UTC(), nil
}

// tagKeys are the keys by which tags are compared.
func tagKeys(tags []string) []string {
	return tagStrings(post.NewTags(tags...), func(t post.Tag) string { return t.Key })
}

// Declare writes down what campaigns announced, for those who read the store. What
// is not among them any more is marked so.
func (s *Store) Declare(ctx context.Context, campaigns []campaign.Campaign) error {
	version := s.versions.next(s.now())
	if err := s.write.Exec(ctx, declaredGoneSQL, query.Named("version", version)); err != nil {
		return fmt.Errorf("taking back declared actions: %w", err)
	}
	n := 0
	for i := range campaigns {
		n += len(campaigns[i].Declared)
	}
	version = s.versions.next(s.now())
	return s.insert(ctx, "declared_actions", n, func(b driver.Batch) error {
		for i := range campaigns {
			for _, d := range campaigns[i].Declared {
				if err := b.Append(campaigns[i].Name, d.Name, query.Bound(d.From), query.Bound(d.To), tagKeys(d.Tags), d.Texts, uint8(0), version); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
