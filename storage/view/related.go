package view

import (
	"context"
	"fmt"
	"time"

	"winnow/storage/query"
)

// RelatedFinding is another finding that has accounts or objects in common with one.
// Accounts are the same if their platform says so: nobody is matched across platforms.
type RelatedFinding struct {
	Campaign, ID, Kind, Sentence string
	StartedAt, EndedAt           time.Time
	// Confidence, Declared and Judgement are as in FindingSummary.
	Confidence, Declared, Judgement string
	// Accounts is how many it has, CommonAccounts how many of them are in both; the
	// same of objects.
	Accounts, CommonAccounts uint64
	Objects, CommonObjects   uint64
}

// maxRelated is how many related findings are told; queries reach the rest.
const maxRelated = 30

// Related returns the open findings of all campaigns that share accounts or objects
// with one, those with the most accounts in common first, at most 30; more is how many
// there are besides.
func (r *Reader) Related(ctx context.Context, campaign, id string) (all []RelatedFinding, more uint64, err error) {
	const doing = "reading which findings have accounts in common"
	rows, err := r.conn.Query(ctx, findingRelatedSQL, query.Named("campaign", campaign), query.Named("id", id), query.Named("limit", uint32(maxRelated)))
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", doing, err)
	}
	var found uint64
	all, err = query.Collect(rows, doing, func(f *RelatedFinding) []any {
		return []any{
			&f.Campaign, &f.ID, &f.Kind, &f.Sentence, &f.StartedAt, &f.EndedAt, &f.Confidence, &f.Declared, &f.Judgement,
			&f.Accounts, &f.CommonAccounts, &f.Objects, &f.CommonObjects, &found,
		}
	})
	return all, found - uint64(len(all)), err
}
