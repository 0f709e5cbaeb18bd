package view

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"winnow/storage/query"
)

// Reader answers what people ask of the store. It is safe for concurrent use.
type Reader struct{ conn driver.Conn }

// New returns a reader of the store behind conn. The connection stays its
// owner's to close.
func New(conn driver.Conn) *Reader { return &Reader{conn} }

// Totals counts posts and accounts over all campaigns, as last computed; what belongs
// to several campaigns counts in each.
func (r *Reader) Totals(ctx context.Context) (posts, accounts uint64, err error) {
	if err := r.conn.QueryRow(ctx, totalsSQL).Scan(&posts, &accounts); err != nil {
		return 0, 0, fmt.Errorf("counting what is stored: %w", err)
	}
	return posts, accounts, nil
}

// Campaigns returns the totals of every campaign that has posts, by name.
func (r *Reader) Campaigns(ctx context.Context) ([]CampaignSummary, error) {
	return r.campaigns(ctx, "")
}

// Campaign returns the totals of one campaign; false if it has no posts.
func (r *Reader) Campaign(ctx context.Context, name string) (CampaignSummary, bool, error) {
	if name == "" {
		return CampaignSummary{}, false, nil
	}
	cs, err := r.campaigns(ctx, name)
	if err != nil || len(cs) == 0 {
		return CampaignSummary{}, false, err
	}
	return cs[0], true, nil
}

func (r *Reader) campaigns(ctx context.Context, name string) ([]CampaignSummary, error) {
	rows, err := r.conn.Query(ctx, campaignsSQL, query.Named("campaign", name))
	if err != nil {
		return nil, fmt.Errorf("reading the totals of campaigns: %w", err)
	}
	return query.Collect(rows, "reading the totals of campaigns", func(c *CampaignSummary) []any {
		return []any{
			&c.Name, &c.Posts, &c.Accounts, &c.PotentialReach, &c.ReachKnown, &c.CoordinatedPosts, &c.CoordinatedAccounts, &c.SurePosts,
			&c.DeclaredPosts, &c.DeclaredAccounts, &c.EarlyPosts, &c.Findings, &c.DeclaredFindings, &c.EarlyFindings, &c.First, &c.Last,
		}
	})
}

// Series returns a campaign over time, from (included) to (excluded), in
// buckets of a minute, an hour or a day: the shortest that is not below step.
// Buckets without posts are left out.
func (r *Reader) Series(ctx context.Context, campaign string, from, to time.Time, step time.Duration) ([]SeriesPoint, error) {
	rows, err := r.conn.Query(ctx, seriesSQL, query.Named("campaign", campaign), query.Named("step", uint32(BucketStep(step)/time.Second)),
		query.Named("from", query.Second(from)), query.Named("to", query.Second(to)))
	if err != nil {
		return nil, fmt.Errorf("reading a campaign over time: %w", err)
	}
	return query.Collect(rows, "reading a campaign over time", func(p *SeriesPoint) []any {
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

// Findings returns the open findings of a campaign that no person judged wrong,
// undeclared ones first, those with the most accounts first.
func (r *Reader) Findings(ctx context.Context, campaign string) ([]FindingSummary, error) {
	return r.findings(ctx, campaign, "", false)
}

// Rejected returns the open findings of a campaign that a person judged wrong, in the
// order of Findings.
func (r *Reader) Rejected(ctx context.Context, campaign string) ([]FindingSummary, error) {
	return r.findings(ctx, campaign, "", true)
}

func (r *Reader) findings(ctx context.Context, campaign, id string, wrong bool) ([]FindingSummary, error) {
	var rejected uint8
	if wrong {
		rejected = 1
	}
	rows, err := r.conn.Query(ctx, findingsSQL, query.Named("campaign", campaign), query.Named("id", id), query.Named("wrong", rejected))
	if err != nil {
		return nil, fmt.Errorf("reading findings: %w", err)
	}
	fs, err := query.Collect(rows, "reading findings", func(f *FindingSummary) []any {
		return []any{
			&f.Campaign, &f.ID, &f.Kind, &f.Sentence, &f.StartedAt, &f.EndedAt, &f.DetectedAt, &f.Bits, &f.Confidence,
			&f.Expected, &f.Observed, &f.Target, &f.TargetHandle, &f.Declared, &f.Accounts, &f.Posts, &f.Objects,
			&f.Verdict.Judgement, &f.Verdict.Note, &f.Verdict.Author, &f.Verdict.At,
		}
	})
	for i := range fs {
		fs[i].DetectedAt, fs[i].Verdict.At = knownTime(fs[i].DetectedAt), knownTime(fs[i].Verdict.At)
	}
	return fs, err
}

// maxEvidencePosts is how many posts a finding's detail holds; a page with
// more helps nobody, and queries reach the rest.
const maxEvidencePosts = 500

// Finding returns an open finding with its evidence; false if there is none.
func (r *Reader) Finding(ctx context.Context, campaign, id string) (FindingDetail, bool, error) {
	if id == "" {
		return FindingDetail{}, false, nil
	}
	fs, err := r.findings(ctx, campaign, id, false)
	if err != nil || len(fs) == 0 {
		return FindingDetail{}, false, err
	}
	d := FindingDetail{FindingSummary: fs[0]}
	ask := func(sql string, args ...any) (driver.Rows, error) {
		rows, err := r.conn.Query(ctx, sql, append(args, query.Named("campaign", campaign), query.Named("id", id))...)
		if err != nil {
			return nil, fmt.Errorf("reading the evidence of a finding: %w", err)
		}
		return rows, nil
	}
	rows, err := ask(findingAccountsSQL)
	if err != nil {
		return FindingDetail{}, false, err
	}
	d.AccountRows, err = query.Collect(rows, "reading the accounts of a finding", func(a *FindingAccount) []any {
		return []any{&a.Platform, &a.AccountID, &a.Handle, &a.CreatedAt, &a.Followers, &a.Bits, &a.First, &a.Last, &a.Posts, &a.Signals}
	})
	if err != nil {
		return FindingDetail{}, false, err
	}
	if rows, err = ask(findingObjectsSQL); err != nil {
		return FindingDetail{}, false, err
	}
	d.ObjectRows, err = query.Collect(rows, "reading the objects of a finding", func(o *FindingObject) []any {
		return []any{&o.Kind, &o.ID, &o.Label, &o.Accounts, &o.First, &o.Last}
	})
	if err != nil {
		return FindingDetail{}, false, err
	}
	if rows, err = ask(findingPostsSQL, query.Named("limit", uint32(maxEvidencePosts))); err != nil {
		return FindingDetail{}, false, err
	}
	d.PostRows, err = query.Collect(rows, "reading the posts of a finding", func(p *FindingPost) []any {
		return []any{&p.Platform, &p.PostID, &p.AccountID, &p.Handle, &p.Text, &p.URL, &p.Kind, &p.ObjectKind, &p.Deleted, &p.At}
	})
	if err != nil {
		return FindingDetail{}, false, err
	}
	if d.EvidenceRows, d.MoreEvidence, err = r.evidence(ctx, campaign, id, maxEvidence); err != nil {
		return FindingDetail{}, false, err
	}
	if n := uint64(len(d.PostRows)); d.Posts > n {
		d.MorePosts = d.Posts - n
	}
	return d, true, nil
}

// Query runs one statement for a person and returns its result in one of
// ClickHouse's formats ("PrettyCompact", "CSVWithNames", "JSONEachRow").
func (r *Reader) Query(ctx context.Context, sql, format string) (io.ReadCloser, error) {
	result, err := r.conn.QueryFormat(ctx, format, sql)
	if err != nil {
		return nil, fmt.Errorf("running the query: %w", err)
	}
	return result, nil
}
