package storage

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"winnow/pipeline/post"
)

// Posts calls f for every post of a campaign in order of time, as far as
// detection needs them; the post is only valid during the call.
func (s *Store) Posts(ctx context.Context, campaign string, f func(*post.Post) error) error {
	rows, err := s.read.Query(ctx, postsInTimeSQL, named("campaign", campaign))
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
	err = each(rows, func(r *row) []any {
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

// Totals counts posts and accounts over all campaigns, each once.
func (s *Store) Totals(ctx context.Context) (posts, accounts uint64, err error) {
	if err := s.read.QueryRow(ctx, totalsSQL).Scan(&posts, &accounts); err != nil {
		return 0, 0, fmt.Errorf("counting what is stored: %w", err)
	}
	return posts, accounts, nil
}

// Campaigns returns the totals of every campaign that has posts, by name.
func (s *Store) Campaigns(ctx context.Context) ([]CampaignSummary, error) {
	return s.campaigns(ctx, "")
}

// Campaign returns the totals of one campaign; false if it has no posts.
func (s *Store) Campaign(ctx context.Context, name string) (CampaignSummary, bool, error) {
	if name == "" {
		return CampaignSummary{}, false, nil
	}
	cs, err := s.campaigns(ctx, name)
	if err != nil || len(cs) == 0 {
		return CampaignSummary{}, false, err
	}
	return cs[0], true, nil
}

func (s *Store) campaigns(ctx context.Context, name string) ([]CampaignSummary, error) {
	rows, err := s.read.Query(ctx, campaignsSQL, named("campaign", name))
	if err != nil {
		return nil, fmt.Errorf("reading the totals of campaigns: %w", err)
	}
	return collect(rows, "reading the totals of campaigns", func(c *CampaignSummary) []any {
		return []any{
			&c.Name, &c.Posts, &c.Accounts, &c.PotentialReach, &c.ReachKnown, &c.CoordinatedPosts, &c.CoordinatedAccounts,
			&c.DeclaredPosts, &c.DeclaredAccounts, &c.Findings, &c.DeclaredFindings, &c.First, &c.Last,
		}
	})
}

// Series returns a campaign over time, from (included) to (excluded), in
// buckets of a minute, an hour or a day: the shortest that is not below step.
// Buckets without posts are left out.
func (s *Store) Series(ctx context.Context, campaign string, from, to time.Time, step time.Duration) ([]SeriesPoint, error) {
	rows, err := s.read.Query(ctx, seriesSQL, named("campaign", campaign), named("step", uint32(BucketStep(step)/time.Second)),
		named("from", second(from)), named("to", second(to)))
	if err != nil {
		return nil, fmt.Errorf("reading a campaign over time: %w", err)
	}
	return collect(rows, "reading a campaign over time", func(p *SeriesPoint) []any {
		return []any{&p.At, &p.Posts, &p.Accounts, &p.PotentialReach, &p.CoordinatedPosts, &p.CoordinatedAccounts, &p.DeclaredPosts}
	})
}

// BucketStep is the length of the stored buckets that serve a wanted step:
// unique accounts do not add up over time, so only these lengths exist.
func BucketStep(wanted time.Duration) time.Duration {
	switch {
	case wanted <= time.Minute:
		return time.Minute
	case wanted <= time.Hour:
		return time.Hour
	default:
		return 24 * time.Hour
	}
}

// Findings returns the open findings of a campaign, undeclared ones first,
// those with the most accounts first.
func (s *Store) Findings(ctx context.Context, campaign string) ([]FindingSummary, error) {
	return s.findings(ctx, campaign, "")
}

func (s *Store) findings(ctx context.Context, campaign, id string) ([]FindingSummary, error) {
	rows, err := s.read.Query(ctx, findingsSQL, named("campaign", campaign), named("id", id))
	if err != nil {
		return nil, fmt.Errorf("reading findings: %w", err)
	}
	return collect(rows, "reading findings", func(f *FindingSummary) []any {
		return []any{
			&f.Campaign, &f.ID, &f.Kind, &f.Sentence, &f.StartedAt, &f.EndedAt, &f.Bits, &f.Expected, &f.Observed,
			&f.Target, &f.TargetHandle, &f.Declared, &f.Accounts, &f.Posts, &f.Objects,
		}
	})
}

// maxEvidencePosts is how many posts a finding's detail holds; a page with
// more helps nobody, and queries reach the rest.
const maxEvidencePosts = 500

// Finding returns an open finding with its evidence; false if there is none.
func (s *Store) Finding(ctx context.Context, campaign, id string) (FindingDetail, bool, error) {
	if id == "" {
		return FindingDetail{}, false, nil
	}
	fs, err := s.findings(ctx, campaign, id)
	if err != nil || len(fs) == 0 {
		return FindingDetail{}, false, err
	}
	d := FindingDetail{FindingSummary: fs[0]}
	ask := func(sql string, args ...any) (driver.Rows, error) {
		rows, err := s.read.Query(ctx, sql, append(args, named("campaign", campaign), named("id", id))...)
		if err != nil {
			return nil, fmt.Errorf("reading the evidence of a finding: %w", err)
		}
		return rows, nil
	}
	rows, err := ask(findingAccountsSQL)
	if err != nil {
		return FindingDetail{}, false, err
	}
	d.AccountRows, err = collect(rows, "reading the accounts of a finding", func(a *FindingAccount) []any {
		return []any{&a.Platform, &a.AccountID, &a.Handle, &a.CreatedAt, &a.Followers, &a.Bits, &a.First, &a.Last, &a.Posts}
	})
	if err != nil {
		return FindingDetail{}, false, err
	}
	if rows, err = ask(findingObjectsSQL); err != nil {
		return FindingDetail{}, false, err
	}
	d.ObjectRows, err = collect(rows, "reading the objects of a finding", func(o *FindingObject) []any {
		return []any{&o.Kind, &o.ID, &o.Label, &o.Accounts, &o.First, &o.Last}
	})
	if err != nil {
		return FindingDetail{}, false, err
	}
	if rows, err = ask(findingPostsSQL, named("limit", uint32(maxEvidencePosts))); err != nil {
		return FindingDetail{}, false, err
	}
	d.PostRows, err = collect(rows, "reading the posts of a finding", func(p *FindingPost) []any {
		return []any{&p.Platform, &p.PostID, &p.AccountID, &p.Handle, &p.Text, &p.URL, &p.Kind, &p.ObjectKind, &p.Deleted, &p.At}
	})
	if err != nil {
		return FindingDetail{}, false, err
	}
	if n := uint64(len(d.PostRows)); d.Posts > n {
		d.MorePosts = d.Posts - n
	}
	return d, true, nil
}

// Query runs one statement for a person and returns its result in one of
// ClickHouse's formats ("PrettyCompact", "CSVWithNames", "JSONEachRow").
func (s *Store) Query(ctx context.Context, sql, format string) (io.ReadCloser, error) {
	r, err := s.read.QueryFormat(ctx, format, sql)
	if err != nil {
		return nil, fmt.Errorf("running the query: %w", err)
	}
	return r, nil
}
