package view

import (
	"context"
	"fmt"
	"time"

	"winnow/storage/query"
)

// Change is a stretch of time in which the volume was unusual; see
// change.Change for what the numbers mean.
type Change struct {
	ID           string
	Tag          string
	Direction    string
	Sentence     string
	From         time.Time
	To           *time.Time
	Lasting      bool
	Bits         float64
	Observed     uint64
	Expected     float64
	Peak         time.Time
	PeakObserved uint64
	PeakExpected float64
	// The side before lasts from BeforeFrom to From, that after from From to
	// AfterTo.
	BeforeFrom      time.Time
	BeforePosts     uint64
	BeforeAccounts  uint64
	BeforeEffective float64
	AfterTo         time.Time
	AfterPosts      uint64
	AfterAccounts   uint64
	AfterEffective  float64
	Newcomers       uint64
	Stayed          uint64
	StayedPosts     uint64
	Usual           float64
	Hold            string
}

// ChangeDetail is a change with what rose and fell in it.
type ChangeDetail struct {
	Change
	Rose, Fell, Languages, Accounts []ChangeItem
}

// ChangeItem is a thing talked about, or an account, on either side of a change.
type ChangeItem struct {
	// Role is rose, fell, language or account.
	Role string
	// Kind is the kind of thing; of an account its platform.
	Kind, ID string
	// Label is what it is shown by: the text, the handle.
	Label                         string
	AccountsBefore, AccountsAfter uint64
	PostsBefore, PostsAfter       uint64
	Bits                          float64
	Newcomer                      bool
}

// Changes returns the changes of a campaign and its tags that hold, at most
// 1,000, the newest first.
func (r *Reader) Changes(ctx context.Context, campaign string) ([]Change, error) {
	return r.changes(ctx, campaign, "")
}

func (r *Reader) changes(ctx context.Context, campaign, id string) ([]Change, error) {
	rows, err := r.conn.Query(ctx, changesSQL, query.Named("campaign", campaign), query.Named("id", id))
	if err != nil {
		return nil, fmt.Errorf("reading changes: %w", err)
	}
	return query.Collect(rows, "reading changes", func(c *Change) []any {
		return []any{
			&c.ID, &c.Tag, &c.Direction, &c.Sentence, &c.From, &c.To, &c.Lasting, &c.Bits, &c.Observed, &c.Expected,
			&c.Peak, &c.PeakObserved, &c.PeakExpected, &c.BeforeFrom, &c.BeforePosts, &c.BeforeAccounts, &c.BeforeEffective,
			&c.AfterTo, &c.AfterPosts, &c.AfterAccounts, &c.AfterEffective, &c.Newcomers, &c.Stayed, &c.StayedPosts, &c.Usual, &c.Hold,
		}
	})
}

// Change returns a change with what belongs to it; false if there is none.
func (r *Reader) Change(ctx context.Context, campaign, id string) (ChangeDetail, bool, error) {
	if id == "" {
		return ChangeDetail{}, false, nil
	}
	cs, err := r.changes(ctx, campaign, id)
	if err != nil || len(cs) == 0 {
		return ChangeDetail{}, false, err
	}
	rows, err := r.conn.Query(ctx, changeItemsSQL, query.Named("campaign", campaign), query.Named("id", id))
	if err != nil {
		return ChangeDetail{}, false, fmt.Errorf("reading what belongs to a change: %w", err)
	}
	items, err := query.Collect(rows, "reading what belongs to a change", func(i *ChangeItem) []any {
		return []any{
			&i.Role, &i.Kind, &i.ID, &i.Label, &i.AccountsBefore, &i.AccountsAfter, &i.PostsBefore, &i.PostsAfter, &i.Bits, &i.Newcomer,
		}
	})
	if err != nil {
		return ChangeDetail{}, false, err
	}
	d := ChangeDetail{Change: cs[0]}
	for _, i := range items {
		switch i.Role {
		case "rose":
			d.Rose = append(d.Rose, i)
		case "fell":
			d.Fell = append(d.Fell, i)
		case "language":
			d.Languages = append(d.Languages, i)
		default:
			d.Accounts = append(d.Accounts, i)
		}
	}
	return d, true, nil
}
