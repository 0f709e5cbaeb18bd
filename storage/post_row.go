package storage

import (
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"winnow/pipeline/post"
)

// fillPosts appends rows column by column, in the order of schema/00007_buckets.sql.
func fillPosts(b driver.Batch, rows []PostRow) error {
	str := func(value func(*post.Post) string) func(int) error {
		return func(i int) error {
			return column(b, i, rows, func(r *PostRow) string { return value(r.Post) })
		}
	}
	strs := func(value func(*post.Post) []string) func(int) error {
		return func(i int) error {
			return column(b, i, rows, func(r *PostRow) []string { return value(r.Post) })
		}
	}
	num := func(value func(*post.Post) post.Count) func(int) error {
		return func(i int) error {
			return column(b, i, rows, func(r *PostRow) *uint64 { return nullable(value(r.Post)) })
		}
	}
	moment := func(value func(*post.Post) time.Time) func(int) error {
		return func(i int) error {
			return column(b, i, rows, func(r *PostRow) time.Time { return value(r.Post) })
		}
	}
	maybe := func(value func(*post.Post) time.Time) func(int) error {
		return func(i int) error {
			return column(b, i, rows, func(r *PostRow) *time.Time { return nullTime(value(r.Post)) })
		}
	}
	columns := []func(int) error{
		func(i int) error { return column(b, i, rows, func(r *PostRow) string { return r.Campaign }) },
		str(func(p *post.Post) string { return string(p.Platform) }),
		str(func(p *post.Post) string { return p.ID }),
		str(nativeID),
		func(i int) error { return column(b, i, rows, func(r *PostRow) string { return r.Source }) },
		str(func(p *post.Post) string { return string(p.Kind) }),
		str(func(p *post.Post) string { return p.Account.ID }),
		str(func(p *post.Post) string { return p.Account.Handle }),
		num(func(p *post.Post) post.Count { return p.Account.Followers }),
		maybe(func(p *post.Post) time.Time { return p.Account.CreatedAt }),
		func(i int) error { return column(b, i, rows, func(r *PostRow) time.Time { return r.at }) },
		func(i int) error { return column(b, i, rows, func(r *PostRow) uint32 { return r.Post.TimeSlack }) },
		moment(observedAt),
		maybe(func(p *post.Post) time.Time { return p.EditedAt }),
		str(func(p *post.Post) string { return p.Lang }),
		str(func(p *post.Post) string { return p.Text }),
		func(i int) error { return column(b, i, rows, address) },
		strs(func(p *post.Post) []string { return tagStrings(p.Tags, func(t post.Tag) string { return t.Key }) }),
		strs(tagsTold),
		strs(func(p *post.Post) []string { return p.Links }),
		strs(func(p *post.Post) []string {
			return mentionStrings(p, func(m post.Mention) string { return m.AccountID })
		}),
		strs(func(p *post.Post) []string { return mentionStrings(p, func(m post.Mention) string { return m.Handle }) }),
		strs(func(p *post.Post) []string { return p.Images }),
		str(func(p *post.Post) string { return p.ReplyTo.PostID }),
		str(func(p *post.Post) string { return p.ReplyTo.AccountID }),
		str(func(p *post.Post) string { return p.ReplyTo.Handle }),
		str(func(p *post.Post) string { return p.RepostOf.PostID }),
		str(func(p *post.Post) string { return p.RepostOf.AccountID }),
		str(func(p *post.Post) string { return p.RepostOf.Handle }),
		str(func(p *post.Post) string { return p.QuoteOf.PostID }),
		str(func(p *post.Post) string { return p.QuoteOf.AccountID }),
		str(func(p *post.Post) string { return p.QuoteOf.Handle }),
		str(func(p *post.Post) string { return p.Shared }),
		num(func(p *post.Post) post.Count { return p.Engagement.Likes }),
		num(func(p *post.Post) post.Count { return p.Engagement.Reposts }),
		num(func(p *post.Post) post.Count { return p.Engagement.Replies }),
		num(func(p *post.Post) post.Count { return p.Engagement.Quotes }),
		num(func(p *post.Post) post.Count { return p.Engagement.Views }),
		func(i int) error {
			return column(b, i, rows, func(r *PostRow) uint8 {
				if r.gone {
					return 1
				}
				return 0
			})
		},
		func(i int) error {
			return column(b, i, rows, func(r *PostRow) uint64 { return postVersion(r.Post) | r.neverThere() })
		},
	}
	for i, fill := range columns {
		if err := fill(i); err != nil {
			return err
		}
	}
	return nil
}

// address is where a post can be read, "" if that is its page or it is gone, "-" if it
// was not told: column url of schema/00007_buckets.sql puts it together again.
func address(r *PostRow) string {
	switch {
	case r.gone, r.Post.URL == r.Post.Page():
		return ""
	case r.Post.URL == "":
		return "-"
	}
	return r.Post.URL
}

// neverThere is the bit of versions that a post has which was deleted before it came. It
// is above all that are there, and below the bit of those that were there and are deleted
// (queries/posts_bury.sql): these stay what they are, whatever comes of them again.
func (r *PostRow) neverThere() uint64 {
	if r.gone {
		return 1 << 62
	}
	return 0
}

// tagsTold are the tags as they were posted, empty where all are their own keys.
func tagsTold(p *post.Post) []string {
	if !slices.ContainsFunc(p.Tags, func(t post.Tag) bool { return t.Posted != t.Key }) {
		return nil
	}
	return tagStrings(p.Tags, func(t post.Tag) string { return t.Posted })
}

// nativeID is the id local to the source where it differs from the post's own.
func nativeID(p *post.Post) string {
	if p.NativeID == p.ID {
		return ""
	}
	return p.NativeID
}

// postVersion orders the sights of one post: an edit beats what was seen
// before it, a later look beats an earlier one (its counts are fresher). A
// deletion beats both (queries/posts_bury.sql).
func postVersion(p *post.Post) uint64 {
	seen := observedAt(p)
	if p.EditedAt.After(seen) {
		seen = p.EditedAt
	}
	return uint64(max(seen.UnixMilli(), 0))
}

// observedAt is when the post was seen, at the earliest when it was posted.
func observedAt(p *post.Post) time.Time {
	if p.ObservedAt.IsZero() {
		return p.PostedAt
	}
	return p.ObservedAt
}

func nullable(c post.Count) *uint64 {
	if n, known := c.Get(); known {
		return &n
	}
	return nil
}

func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func tagStrings(tags []post.Tag, of func(post.Tag) string) []string {
	out := make([]string, len(tags))
	for i, t := range tags {
		out[i] = of(t)
	}
	return out
}

func mentionStrings(p *post.Post, of func(post.Mention) string) []string {
	out := make([]string, len(p.Mentions))
	for i, m := range p.Mentions {
		out[i] = of(m)
	}
	return out
}
