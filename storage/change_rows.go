package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"winnow/pipeline/change"
	"winnow/storage/query"
)

// ReplaceChanges makes cs the changes of a campaign: new and different ones
// are written, those that are missing are withdrawn but kept on record. It
// returns how many were new or different and how many were withdrawn.
func (s *Store) ReplaceChanges(ctx context.Context, campaign string, cs []change.Change) (changed, withdrawn int, err error) {
	type stored struct{ ID, Fingerprint string }
	rows, err := s.write.Query(ctx, changesStoredSQL, query.Named("campaign", campaign))
	if err != nil {
		return 0, 0, fmt.Errorf("reading the stored changes: %w", err)
	}
	have, err := query.Collect(rows, "reading the stored changes", func(x *stored) []any { return []any{&x.ID, &x.Fingerprint} })
	if err != nil {
		return 0, 0, err
	}
	old := make(map[string]string, len(have))
	for _, x := range have {
		old[x.ID] = x.Fingerprint
	}
	var fresh []printedChange
	for i := range cs {
		c := &cs[i]
		h := sha256.New()
		if err := json.NewEncoder(h).Encode(c); err != nil {
			return 0, 0, fmt.Errorf("taking the fingerprint of change %s: %w", c.ID, err)
		}
		print := hex.EncodeToString(h.Sum(nil)[:16])
		if old[c.ID] != print {
			fresh = append(fresh, printedChange{c, print})
		}
		delete(old, c.ID)
	}
	var gone []string
	for id := range old {
		gone = append(gone, id)
	}
	version := s.versions.next(s.now())
	// The items first: they count only under the version of their change's row.
	if err := s.insertChangeItems(ctx, campaign, fresh, version); err != nil {
		return 0, 0, err
	}
	if err := s.insertChanges(ctx, campaign, fresh, version); err != nil {
		return 0, 0, err
	}
	if len(gone) > 0 {
		if err := s.write.Exec(ctx, changesWithdrawSQL, query.Named("campaign", campaign), query.Named("ids", gone), query.Named("version", version)); err != nil {
			return 0, 0, fmt.Errorf("withdrawing changes: %w", err)
		}
	}
	return len(fresh), len(gone), nil
}

// printedChange is a change with its fingerprint.
type printedChange struct {
	*change.Change
	print string
}

func (s *Store) insertChanges(ctx context.Context, campaign string, cs []printedChange, version uint64) error {
	return s.insert(ctx, "changes", len(cs), func(b driver.Batch) error {
		for _, c := range cs {
			var to *time.Time
			if !c.To.IsZero() {
				to = &c.To
			}
			lasting := uint8(0)
			if c.Lasting {
				lasting = 1
			}
			if err := b.Append(campaign, c.ID, c.Tag, string(c.Direction), "open", c.Sentence, c.From, to, lasting, c.Bits, uint64(c.Observed), c.Expected,
				c.Peak, uint64(c.PeakObserved), c.PeakExpected, c.Before.From, uint64(c.Before.Posts), uint64(c.Before.Accounts), c.Before.Effective,
				c.After.To, uint64(c.After.Posts), uint64(c.After.Accounts), c.After.Effective, uint64(c.Newcomers), uint64(c.Stayed), uint64(c.StayedPosts),
				c.Usual, string(c.Hold), c.print, version); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) insertChangeItems(ctx context.Context, campaign string, cs []printedChange, version uint64) error {
	n := 0
	for _, c := range cs {
		n += len(c.Rose) + len(c.Fell) + len(c.Languages) + len(c.Accounts)
	}
	return s.insert(ctx, "change_items", n, func(b driver.Batch) error {
		for _, c := range cs {
			for _, role := range []struct {
				name  string
				items []change.Item
			}{{"rose", c.Rose}, {"fell", c.Fell}, {"language", c.Languages}} {
				for _, i := range role.items {
					if err := b.Append(campaign, c.ID, role.name, string(i.Kind), i.ID, i.Label, uint64(i.AccountsBefore), uint64(i.AccountsAfter),
						uint64(i.PostsBefore), uint64(i.PostsAfter), i.Bits, uint8(0), version); err != nil {
						return err
					}
				}
			}
			for _, a := range c.Accounts {
				newcomer := uint8(0)
				if a.Newcomer {
					newcomer = 1
				}
				if err := b.Append(campaign, c.ID, "account", string(a.Platform), a.AccountID, "", present(a.Before), present(a.After),
					uint64(a.Before), uint64(a.After), 0.0, newcomer, version); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// present counts an account on a side where it posted.
func present(posts int) uint64 { return uint64(min(posts, 1)) }
