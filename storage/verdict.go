package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"winnow/storage/query"
)

// Judgement is what a person says of a finding.
type Judgement string

// The judgements. A finding that is wrong counts nobody as coordinated; one that is
// explained is coordination all the same.
const (
	Confirmed Judgement = "confirmed"
	Explained Judgement = "explained"
	Wrong     Judgement = "wrong"
	// Unjudged takes an earlier judgement back.
	Unjudged Judgement = ""
)

// Verdict is a person's judgement of one finding, with their reasons. It outlives
// the finding: should the same come again, the verdict holds.
type Verdict struct {
	Campaign, Finding string
	Judgement         Judgement
	Note, Author      string
	At                time.Time
}

// ErrNoFinding says that there is no such finding, and never was.
var ErrNoFinding = errors.New("there is no such finding")

// Judge records a verdict and marks the hours whose posts change sides by it.
func (s *Store) Judge(ctx context.Context, v Verdict) error {
	switch v.Judgement {
	case Confirmed, Explained, Wrong, Unjudged:
	default:
		return fmt.Errorf("%q is no judgement: say confirmed, explained, wrong, or nothing to take one back", v.Judgement)
	}
	var known uint64
	var span timeSpan
	row := s.write.QueryRow(ctx, findingSpanSQL, query.Named("campaign", v.Campaign), query.Named("id", v.Finding))
	if err := row.Scan(&known, &span.from, &span.to); err != nil {
		return fmt.Errorf("reading the finding to judge: %w", err)
	}
	if known == 0 {
		return ErrNoFinding
	}
	if v.At.IsZero() {
		v.At = s.now()
	}
	// On both sides of the change, as for findings.
	if err := s.markSpan(ctx, v.Campaign, span); err != nil {
		return err
	}
	// The record goes first: what counts was said, whatever happens in between.
	version := s.versions.next(s.now())
	for _, table := range []string{"verdict_history", "verdicts"} {
		err := s.insert(ctx, table, 1, func(b driver.Batch) error {
			return b.Append(v.Campaign, v.Finding, string(v.Judgement), v.Note, v.Author, v.At, version)
		})
		if err != nil {
			return err
		}
	}
	return s.markSpan(ctx, v.Campaign, span)
}
