package view

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"winnow/storage/query"
)

// WholeFinding is a finding with all of its evidence but the posts, which may be many.
type WholeFinding struct {
	FindingSummary
	// AccountRows are by platform and id, ObjectRows by kind and id.
	AccountRows []WholeAccount
	ObjectRows  []FindingObject
	// EvidenceRows are the strongest first.
	EvidenceRows []FindingEvidence
	// Verdicts are the newest first.
	Verdicts []Verdict
}

// WholeAccount is an account's part in a finding, with its name as displayed.
type WholeAccount struct {
	FindingAccount
	Name string
}

// WholePost is a post that a finding rests on, once for each object that it carried
// there.
type WholePost struct {
	Platform, PostID, AccountID string
	ObjectKind, ObjectID        string
	At                          time.Time
	// SeenAt is when it was seen last, by Source. Of a post that is not stored any more
	// it is zero, and all that follows is empty.
	SeenAt       time.Time
	Source, Kind string
	Lang         string
	Deleted      bool
	// Deleted posts have none of the following.
	Handle, Text, URL string
	// Tags are as posted, Mentions the handles, or ids where no handle is known.
	Tags, Links, Mentions      []string
	RepostOf, ReplyTo, QuoteOf string
}

// ErrChanged says that a finding was found anew while it was read.
var ErrChanged = errors.New("the finding changed while it was read; read it again")

// wholePosts is how many posts are read at a time: the engine sorts them in memory.
const wholePosts = 10_000

// WholeFinding returns an open finding with all of its evidence, false if there is none,
// and calls each for every post in the order of time, platform, id and object; the post
// is only valid during the call. It ends with each's error, and with ErrChanged if what
// it read may not belong together.
func (r *Reader) WholeFinding(ctx context.Context, campaign, id string, each func(*WholePost) error) (WholeFinding, bool, error) {
	if id == "" {
		return WholeFinding{}, false, nil
	}
	before, err := r.version(ctx, campaign, id)
	if err != nil {
		return WholeFinding{}, false, err
	}
	fs, err := r.findings(ctx, campaign, id, false)
	if err != nil || len(fs) == 0 {
		return WholeFinding{}, false, err
	}
	w := WholeFinding{FindingSummary: fs[0]}
	if w.AccountRows, err = r.wholeAccounts(ctx, campaign, id); err != nil {
		return WholeFinding{}, false, err
	}
	if w.ObjectRows, err = r.wholeObjects(ctx, campaign, id); err != nil {
		return WholeFinding{}, false, err
	}
	if w.EvidenceRows, _, err = r.evidence(ctx, campaign, id, math.MaxUint32); err != nil {
		return WholeFinding{}, false, err
	}
	if w.Verdicts, err = r.verdicts(ctx, campaign, id, math.MaxUint32); err != nil {
		return WholeFinding{}, false, err
	}
	if err := r.wholePosts(ctx, campaign, id, each); err != nil {
		return WholeFinding{}, false, err
	}
	after, err := r.version(ctx, campaign, id)
	if err == nil && after != before {
		err = ErrChanged
	}
	if err != nil {
		return WholeFinding{}, false, err
	}
	return w, true, nil
}

func (r *Reader) version(ctx context.Context, campaign, id string) (version uint64, err error) {
	if err := r.conn.QueryRow(ctx, exportVersionSQL, query.Named("campaign", campaign), query.Named("id", id)).Scan(&version); err != nil {
		return 0, fmt.Errorf("reading the version of a finding: %w", err)
	}
	return version, nil
}

func (r *Reader) wholeAccounts(ctx context.Context, campaign, id string) ([]WholeAccount, error) {
	const doing = "reading all accounts of a finding"
	rows, err := r.conn.Query(ctx, exportAccountsSQL, query.Named("campaign", campaign), query.Named("id", id))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	return query.Collect(rows, doing, func(a *WholeAccount) []any {
		return []any{&a.Platform, &a.AccountID, &a.Handle, &a.Name, &a.CreatedAt, &a.Followers, &a.Bits, &a.First, &a.Last, &a.Posts, &a.Signals}
	})
}

func (r *Reader) wholeObjects(ctx context.Context, campaign, id string) ([]FindingObject, error) {
	const doing = "reading all objects of a finding"
	rows, err := r.conn.Query(ctx, exportObjectsSQL, query.Named("campaign", campaign), query.Named("id", id))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	return query.Collect(rows, doing, func(o *FindingObject) []any {
		return []any{&o.Kind, &o.ID, &o.Label, &o.Accounts, &o.First, &o.Last}
	})
}

func (r *Reader) wholePosts(ctx context.Context, campaign, id string, each func(*WholePost) error) error {
	const doing = "reading all posts of a finding"
	last := WholePost{At: time.Unix(0, 0)}
	for {
		rows, err := r.conn.Query(ctx, exportPostsSQL, query.Named("campaign", campaign), query.Named("id", id), query.Named("limit", uint32(wholePosts)),
			query.Named("after_at", query.Milli(last.At)), query.Named("after_platform", last.Platform), query.Named("after_post", last.PostID),
			query.Named("after_kind", last.ObjectKind), query.Named("after_object", last.ObjectID))
		if err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
		n := 0
		err = query.Each(rows, func(p *WholePost) []any {
			return []any{
				&p.Platform, &p.PostID, &p.AccountID, &p.ObjectKind, &p.ObjectID, &p.At, &p.Source, &p.Kind, &p.Handle, &p.SeenAt, &p.Lang, &p.Text, &p.URL,
				&p.Tags, &p.Links, &p.Mentions, &p.RepostOf, &p.ReplyTo, &p.QuoteOf, &p.Deleted,
			}
		}, func(p *WholePost) error {
			n++
			p.SeenAt = knownTime(p.SeenAt)
			last = *p
			return each(p)
		})
		if err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
		if n < wholePosts {
			return nil
		}
	}
}
