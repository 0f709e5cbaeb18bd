package view

import (
	"context"
	"fmt"
	"time"

	"winnow/storage/query"
)

// Verdict is a person's judgement of a finding; see storage.Verdict.
type Verdict struct {
	Finding string
	// Judgement is a storage.Judgement.
	Judgement    string
	Note, Author string
	At           time.Time
}

// maxVerdicts is how many verdicts a list holds: more than a person gives.
const maxVerdicts = 10_000

// Verdicts returns what was judged of a campaign's findings, the newest first, at
// most 10,000.
func (r *Reader) Verdicts(ctx context.Context, campaign string) ([]Verdict, error) {
	rows, err := r.conn.Query(ctx, verdictsSQL, query.Named("campaign", campaign), query.Named("limit", uint64(maxVerdicts)))
	if err != nil {
		return nil, fmt.Errorf("reading verdicts: %w", err)
	}
	return query.Collect(rows, "reading verdicts", func(v *Verdict) []any {
		return []any{&v.Finding, &v.Judgement, &v.Note, &v.Author, &v.At}
	})
}
