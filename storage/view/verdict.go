package view

import (
	"context"
	"fmt"
	"time"

	"winnow/storage/query"
)

// Verdict is what a person said of a finding.
type Verdict struct {
	// Judgement is a storage.Judgement: confirmed, explained, wrong; empty if there
	// is none, or if an earlier one was taken back.
	Judgement string
	Note      string
	// Author is empty if the desk has no users.
	Author string
	// At is when it was said; zero if nobody said anything.
	At time.Time
}

// maxVerdicts is how many verdicts a history holds; queries reach the rest.
const maxVerdicts = 200

// Verdicts returns what people said of a finding, the newest first, at most 200. What
// was said of a finding that is gone is among it.
func (r *Reader) Verdicts(ctx context.Context, campaign, id string) ([]Verdict, error) {
	return r.verdicts(ctx, campaign, id, maxVerdicts)
}

func (r *Reader) verdicts(ctx context.Context, campaign, id string, limit uint32) ([]Verdict, error) {
	rows, err := r.conn.Query(ctx, findingVerdictsSQL, query.Named("campaign", campaign), query.Named("id", id), query.Named("limit", limit))
	if err != nil {
		return nil, fmt.Errorf("reading the verdicts on a finding: %w", err)
	}
	return query.Collect(rows, "reading the verdicts on a finding", func(v *Verdict) []any {
		return []any{&v.Judgement, &v.Note, &v.Author, &v.At}
	})
}
