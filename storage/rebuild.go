package storage

import (
	"context"
	"errors"
	"fmt"

	"winnow/storage/query"
)

// Rebuilding says what to rebuild.
type Rebuilding struct {
	// Campaign is one campaign's name; "" is all of them.
	Campaign string
	// Check computes everything anew beside what is stored, compares the two and
	// changes nothing.
	Check bool
	// Progress is told how many hours of how many are done; may be nil.
	Progress func(campaign string, done, of int)
}

// Rebuilt is what came of it.
type Rebuilt struct {
	Campaigns int    `json:"campaigns"`
	Hours     int    `json:"hours"`
	Posts     uint64 `json:"posts"`
	// Marked is how many hours wait to be recomputed anyway: days that hold such
	// are not compared, nor are their campaigns' totals.
	Marked uint64 `json:"marked"`
	// Differences are those that a check found, the first of each campaign and
	// table; Different is how many buckets differ.
	Differences []Difference `json:"differences,omitempty"`
	Different   uint64       `json:"different"`
}

// Difference is a bucket whose stored numbers are not those of the posts.
type Difference struct {
	Campaign string `json:"campaign"`
	Table    string `json:"table"`
	// Bucket names it by its key.
	Bucket string `json:"bucket"`
	// Stored and Computed are its numbers; empty if there is none.
	Stored   string `json:"stored"`
	Computed string `json:"computed"`
}

// target are the tables that a computation of buckets fills.
type target struct{ reach, accounts, audience string }

var (
	storedBuckets  = target{"reach", "account_buckets", "audience"}
	checkedBuckets = target{"reach_check", "account_buckets_check", "audience_check"}
)

func (t target) args() []any {
	return []any{query.Named("reach", t.reach), query.Named("accounts", t.accounts), query.Named("audience", t.audience)}
}

// Rebuild computes every bucket of a campaign, or of all, from its posts and
// findings, by the same queries that keep them current.
func (s *Store) Rebuild(ctx context.Context, o Rebuilding) (r Rebuilt, err error) {
	campaigns := []string{o.Campaign}
	if o.Campaign == "" {
		rows, err := s.write.Query(ctx, campaignsAllSQL)
		if err != nil {
			return r, fmt.Errorf("listing campaigns: %w", err)
		}
		if campaigns, err = query.Collect(rows, "listing campaigns", func(name *string) []any { return []any{name} }); err != nil {
			return r, err
		}
	}
	into := storedBuckets
	if o.Check && s.clustered {
		return r, errOneNode
	}
	if o.Check {
		into = checkedBuckets
		if err := s.makeCheckTables(ctx); err != nil {
			return r, err
		}
		defer func() { err = errors.Join(err, s.dropCheckTables(context.WithoutCancel(ctx))) }()
	}
	for _, name := range campaigns {
		if err := s.rebuild(ctx, name, into, o, &r); err != nil {
			return r, fmt.Errorf("rebuilding campaign %s: %w", name, err)
		}
	}
	return r, nil
}

func (s *Store) rebuild(ctx context.Context, campaign string, into target, o Rebuilding, r *Rebuilt) error {
	hours, err := s.hours(ctx, hoursAllSQL, query.Named("campaign", campaign))
	if err != nil {
		return err
	}
	progress := func(done int) {
		if o.Progress != nil {
			o.Progress(campaign, done, len(hours))
		}
	}
	progress(0)
	if err := s.hourPieces(ctx, campaign, hours, into, progress); err != nil {
		return err
	}
	if len(hours) > 0 {
		if err := s.audience(ctx, campaign, daysOf(hours)[0].Hour, into); err != nil {
			return err
		}
	}
	if err := s.dayPieces(ctx, campaign, daysOf(hours), into); err != nil {
		return err
	}
	r.Campaigns++
	r.Hours += len(hours)
	for _, h := range hours {
		r.Posts += h.Posts
	}
	if !o.Check {
		return nil
	}
	return s.compare(ctx, campaign, r)
}

// maxDifferences is how many of a campaign and table are named.
const maxDifferences = 20

// compare adds how the computed buckets of a campaign differ from the stored.
func (s *Store) compare(ctx context.Context, campaign string, r *Rebuilt) error {
	var marked uint64
	if err := s.write.QueryRow(ctx, marksCountSQL, query.Named("campaign", campaign)).Scan(&marked); err != nil {
		return fmt.Errorf("counting marked hours: %w", err)
	}
	r.Marked += marked
	for table, sql := range map[string]string{
		storedBuckets.reach: reachCompareSQL, storedBuckets.accounts: accountsCompareSQL, storedBuckets.audience: audienceCompareSQL,
	} {
		rows, err := s.write.Query(ctx, sql, query.Named("campaign", campaign), query.Named("limit", uint64(maxDifferences)))
		if err != nil {
			return fmt.Errorf("comparing %s: %w", table, err)
		}
		type row struct {
			Bucket, Stored, Computed string
			All                      uint64
		}
		diffs, err := query.Collect(rows, "comparing "+table, func(d *row) []any { return []any{&d.Bucket, &d.Stored, &d.Computed, &d.All} })
		if err != nil {
			return err
		}
		for i, d := range diffs {
			if i == 0 {
				r.Different += d.All
			}
			r.Differences = append(r.Differences, Difference{campaign, table, d.Bucket, d.Stored, d.Computed})
		}
	}
	return nil
}

func (s *Store) makeCheckTables(ctx context.Context) error {
	if err := s.dropCheckTables(ctx); err != nil {
		return err
	}
	for _, sql := range []string{checkReachSQL, checkAccountsSQL, checkAudienceSQL} {
		if err := s.write.Exec(ctx, sql); err != nil {
			return fmt.Errorf("making room to compute buckets beside those stored: %w", err)
		}
	}
	return nil
}

func (s *Store) dropCheckTables(ctx context.Context) error {
	var errs []error
	for _, sql := range []string{checkReachDropSQL, checkAccountsDropSQL, checkAudienceDropSQL} {
		if err := s.write.Exec(ctx, sql); err != nil {
			errs = append(errs, fmt.Errorf("removing buckets computed to compare: %w", err))
		}
	}
	return errors.Join(errs...)
}
