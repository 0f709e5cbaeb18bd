package storage

import (
	"context"
	"fmt"
	"time"

	"winnow/pipeline/post"
	"winnow/storage/query"
)

// Posts calls f for every post of a campaign in order of time, as far as
// detection needs them; the post is only valid during the call.
func (s *Store) Posts(ctx context.Context, campaign string, f func(*post.Post) error) error {
	rows, err := s.read.Query(ctx, postsInTimeSQL, query.Named("campaign", campaign))
	if err != nil {
		return fmt.Errorf("reading the posts of a campaign: %w", err)
	}
	type row struct {
		Platform, ID, Kind, AccountID, Handle  string
		Followers                              *uint64
		Created                                *time.Time
		At                                     time.Time
		Lang, Text                             string
		Tags, Links, Mentions, Handles, Images []string
		ReplyTo, RepostOf, QuoteOf             post.Ref
		Shared                                 string
	}
	err = query.Each(rows, func(r *row) []any {
		return []any{
			&r.Platform, &r.ID, &r.Kind, &r.AccountID, &r.Handle, &r.Followers, &r.Created, &r.At, &r.Lang, &r.Text,
			&r.Tags, &r.Links, &r.Mentions, &r.Handles, &r.Images,
			&r.ReplyTo.PostID, &r.ReplyTo.AccountID, &r.ReplyTo.Handle,
			&r.RepostOf.PostID, &r.RepostOf.AccountID, &r.RepostOf.Handle,
			&r.QuoteOf.PostID, &r.QuoteOf.AccountID, &r.QuoteOf.Handle, &r.Shared,
		}
	}, func(r *row) error {
		p := post.Post{
			Platform: post.Platform(r.Platform),
			ID:       r.ID,
			Kind:     post.Kind(r.Kind),
			Account:  post.Account{ID: r.AccountID, Handle: r.Handle},
			PostedAt: r.At.UTC(),
			Lang:     r.Lang,
			Text:     r.Text,
			Links:    r.Links,
			Images:   r.Images,
			ReplyTo:  r.ReplyTo,
			RepostOf: r.RepostOf,
			QuoteOf:  r.QuoteOf,
			Shared:   r.Shared,
			Campaign: campaign,
		}
		if r.Followers != nil {
			p.Account.Followers = post.KnownCount(int64(*r.Followers))
		}
		if r.Created != nil {
			p.Account.CreatedAt = r.Created.UTC()
		}
		for _, t := range r.Tags {
			p.Tags = append(p.Tags, post.Tag{Key: t})
		}
		for i, id := range r.Mentions {
			p.Mentions = append(p.Mentions, post.Mention{AccountID: id, Handle: r.Handles[i]})
		}
		return f(&p)
	})
	if err != nil {
		return fmt.Errorf("reading the posts of a campaign: %w", err)
	}
	return nil
}
