package view

import (
	"context"
	"fmt"
	"time"

	"winnow/storage/query"
)

// FindingSecond is how many posts of a finding lie in one stretch of time: those of an
// account or, where accounts are many, those that share a kind of object.
type FindingSecond struct {
	// At is the stretch's begin, a multiple of its length since 1970.
	At time.Time
	// Platform and AccountID are the account; empty where the posts are told by kind.
	Platform, AccountID string
	// Kind is the kind of object; empty where the posts are told by account.
	Kind  string
	Posts uint64
}

// Seconds counts all posts of a finding from from (included) to to (excluded) in
// stretches of step, which is whole seconds, at least one; by account if the finding
// has no more than so many. Stretches without posts are left out.
func (r *Reader) Seconds(ctx context.Context, campaign, id string, from, to time.Time, step time.Duration, accounts int) ([]FindingSecond, error) {
	const doing = "counting the posts of a finding by the second"
	rows, err := r.conn.Query(ctx, findingSecondsSQL, query.Named("campaign", campaign), query.Named("id", id),
		query.Named("from", query.Milli(query.Bound(from))), query.Named("to", query.Milli(query.Bound(to))),
		query.Named("step", uint32(max(step/time.Second, 1))), query.Named("accounts", uint32(max(accounts, 0))))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	return query.Collect(rows, doing, func(s *FindingSecond) []any {
		return []any{&s.At, &s.Platform, &s.AccountID, &s.Kind, &s.Posts}
	})
}
