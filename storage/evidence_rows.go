package storage

import (
	"context"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"winnow/pipeline/coordination"
)

// insertEvidence writes what the bits of findings are made of, one row per
// term. A piece without terms has one row of number 0, so that it is not lost.
func (s *Store) insertEvidence(ctx context.Context, fs []printed, version uint64) error {
	rows := 0
	for _, f := range fs {
		for _, e := range f.Evidence {
			rows += max(1, len(e.Terms))
		}
	}
	return s.insert(ctx, "finding_evidence", rows, func(b driver.Batch) error {
		for _, f := range fs {
			for i, e := range f.Evidence {
				add := func(number int, t coordination.Term) error {
					return b.Append(f.Campaign, f.ID, uint32(i+1), uint16(number), string(e.Kind), string(e.Object.Kind), e.Object.ID,
						string(e.A.Platform), e.A.AccountID, string(e.B.Platform), e.B.AccountID,
						momentOrEpoch(e.From), momentOrEpoch(e.To), e.Window.Seconds(), uint64(e.Accounts),
						e.Bits, e.Need, e.Counted, momentOrEpoch(e.DetectedAt), t.Name, t.Observed, t.Of, t.Base, t.Bits, version)
				}
				if len(e.Terms) == 0 {
					if err := add(0, coordination.Term{}); err != nil {
						return err
					}
				}
				for k, t := range e.Terms {
					if err := add(k+1, t); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
}

// momentOrEpoch is t, or 1970 for the zero time, which the store cannot hold.
func momentOrEpoch(t time.Time) time.Time {
	if t.IsZero() {
		return time.Unix(0, 0).UTC()
	}
	return t
}
