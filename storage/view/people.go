package view

import (
	"context"
	"fmt"
	"time"

	"winnow/storage/query"
)

// PileOn is what was measured of a pile-on besides what its summary says.
type PileOn struct {
	// ID is that of the finding.
	ID string
	// FirstTime is how many accounts have the first of all their posts at this target,
	// as far as pile-ons rest on them, in this one.
	FirstTime uint64
	// Pauses is how many of its posts came after another, Close how many of those within
	// ten seconds of the one before, Median the middle pause.
	Pauses, Close uint64
	Median        time.Duration
	// Peak is the most accounts that had not addressed the target before and came within
	// ten minutes, Usual how many would be usual; both are zero if not known.
	Peak  uint64
	Usual float64
}

// PileOns returns the pile-ons of a campaign that are open, match no declared action and
// that nobody judged wrong, early ones included.
func (r *Reader) PileOns(ctx context.Context, campaign string) ([]PileOn, error) {
	const doing = "measuring pile-ons"
	rows, err := r.conn.Query(ctx, peoplePileOnsSQL, query.Named("campaign", campaign))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	var all []PileOn
	type row struct {
		PileOn
		seconds float64
	}
	err = query.Each(rows, func(p *row) []any {
		return []any{&p.ID, &p.FirstTime, &p.Pauses, &p.Close, &p.seconds, &p.Peak, &p.Usual}
	}, func(p *row) error {
		p.Median = time.Duration(p.seconds * float64(time.Second))
		all = append(all, p.PileOn)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	return all, nil
}

// AddressedHour is how many posts addressed somebody in an hour: how many in all, and how
// many of them by accounts that were inside findings then.
type AddressedHour struct {
	At                           time.Time
	Posts, Coordinated, Declared uint64
}

// Addressed counts the posts of a campaign that mention, answer or quote an account, from
// from (included) to to (excluded), which are whole hours. Names are ids and handles in
// lower case; with "" they count on every platform. Hours without such posts are left out.
// All posts of that time are looked at, so it should not be long.
func (r *Reader) Addressed(ctx context.Context, campaign, platform string, names []string, from, to time.Time) ([]AddressedHour, error) {
	const doing = "counting posts that address somebody"
	rows, err := r.conn.Query(ctx, peopleAddressedSQL, query.Named("campaign", campaign), query.Named("platform", platform), query.Named("names", names),
		query.Named("from", query.Second(query.Bound(from))), query.Named("to", query.Second(query.Bound(to))))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	return query.Collect(rows, doing, func(h *AddressedHour) []any {
		return []any{&h.At, &h.Posts, &h.Coordinated, &h.Declared}
	})
}

// ToldText is what some posts of pile-ons say.
type ToldText struct {
	// Text is empty for Deleted ones, which have lost theirs and still count.
	Text            string
	Deleted         bool
	Posts, Accounts uint64
	First, Last     time.Time
}

// maxToldPosts is how many posts of pile-ons are looked up for their texts.
const maxToldPosts = 300

// ToldTexts returns what the first 300 posts of the pile-ons at some targets say, equal
// texts together, the most repeated first, at most 100. Targets are in lower case.
func (r *Reader) ToldTexts(ctx context.Context, campaign string, targets []string) ([]ToldText, error) {
	const doing = "reading the texts of pile-ons"
	rows, err := r.conn.Query(ctx, peopleTextsSQL, query.Named("campaign", campaign), query.Named("names", targets), query.Named("limit", uint32(maxToldPosts)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	return query.Collect(rows, doing, func(t *ToldText) []any {
		return []any{&t.Text, &t.Deleted, &t.Posts, &t.Accounts, &t.First, &t.Last}
	})
}
