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
	hours, err := s.hours(ctx, hoursAllSQL, query.Named("campaign", campaign))
	if err != nil {
		return err
	}
	// Some hours at a time: the engine sorts them in memory.
	for piece := range pieces(hours, readPosts, recomputeHours) {
		if err := s.postsOf(ctx, campaign, piece, f); err != nil {
			return err
		}
	}
	return nil
}

// readPosts is about how many posts are read at a time.
const readPosts = 500_000

func (s *Store) postsOf(ctx context.Context, campaign string, hours []load, f func(*post.Post) error) error {
	rows, err := s.read.Query(ctx, postsInTimeSQL, query.Named("campaign", campaign), query.Named("hours", seconds(hours)))
	if err != nil {
		return fmt.Errorf("reading the posts of a campaign: %w", err)
	}
	type row struct {
		Platform, ID, Kind, AccountID, Handle  string
		Followers                              *uint64
		Created                                *time.Time
		Bot, Bare                              bool
		At, Seen                               time.Time
		Slack                                  uint32
		Lang, Text                             string
		Tags, Links, Mentions, Handles, Images []string
		ReplyTo, RepostOf, QuoteOf             post.Ref
		Shared                                 string
	}
	err = query.Each(rows, func(r *row) []any {
		return []any{
			&r.Platform, &r.ID, &r.Kind, &r.AccountID, &r.Handle, &r.Followers, &r.Created, &r.Bot, &r.Bare, &r.At, &r.Slack, &r.Seen, &r.Lang, &r.Text,
			&r.Tags, &r.Links, &r.Mentions, &r.Handles, &r.Images,
			&r.ReplyTo.PostID, &r.ReplyTo.AccountID, &r.ReplyTo.Handle,
			&r.RepostOf.PostID, &r.RepostOf.AccountID, &r.RepostOf.Handle,
			&r.QuoteOf.PostID, &r.QuoteOf.AccountID, &r.QuoteOf.Handle, &r.Shared,
		}
	}, func(r *row) error {
		p := post.Post{
			Platform:   post.Platform(r.Platform),
			ID:         r.ID,
			Kind:       post.Kind(r.Kind),
			Account:    post.Account{ID: r.AccountID, Handle: r.Handle, Bot: r.Bot, DefaultProfile: r.Bare},
			PostedAt:   r.At.UTC(),
			TimeSlack:  r.Slack,
			ObservedAt: r.Seen.UTC(),
			Lang:       r.Lang,
			Text:       r.Text,
			Links:      r.Links,
			Images:     r.Images,
			ReplyTo:    r.ReplyTo,
			RepostOf:   r.RepostOf,
			QuoteOf:    r.QuoteOf,
			Shared:     r.Shared,
			Campaign:   campaign,
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

// Recent calls f for the newest posts of a platform over all campaigns, newest
// first and each once: at most limit of them, posted at since or later, deleted
// ones left out. They carry what tells whether something else belongs to them:
// ids, author, times, text, address, tags, links, mentions and images. The post
// is only valid during the call. An error of f ends it and is returned, wrapped.
func (s *Store) Recent(ctx context.Context, platform post.Platform, since time.Time, limit int, f func(*post.Post) error) error {
	rows, err := s.read.Query(ctx, postsRecentSQL, query.Named("platform", string(platform)),
		query.Named("since", query.Milli(query.Bound(since))), query.Named("limit", uint64(max(limit, 0))))
	if err != nil {
		return fmt.Errorf("reading the newest posts of a platform: %w", err)
	}
	type row struct {
		post.Post
		Kind                             string
		Keys, Posted, Mentioned, Handles []string
	}
	err = query.Each(rows, func(r *row) []any {
		p := &r.Post
		return []any{
			&p.ID, &p.NativeID, &r.Kind, &p.Account.ID, &p.Account.Handle, &p.PostedAt, &p.TimeSlack, &p.ObservedAt,
			&p.Lang, &p.Text, &p.URL, &r.Keys, &r.Posted, &p.Links, &r.Mentioned, &r.Handles, &p.Images,
		}
	}, func(r *row) error {
		p := &r.Post
		p.Platform, p.Kind = platform, post.Kind(r.Kind)
		p.PostedAt, p.ObservedAt = p.PostedAt.UTC(), p.ObservedAt.UTC()
		for i, key := range r.Keys {
			p.Tags = append(p.Tags, post.Tag{Key: key, Posted: r.Posted[i]})
		}
		for i, id := range r.Mentioned {
			p.Mentions = append(p.Mentions, post.Mention{AccountID: id, Handle: r.Handles[i]})
		}
		return f(p)
	})
	if err != nil {
		return fmt.Errorf("reading the newest posts of a platform: %w", err)
	}
	return nil
}
