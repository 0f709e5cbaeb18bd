package post

import (
	"strings"
	"time"
	"unicode/utf8"

	"winnow/pipeline/post/fold"
	"winnow/pipeline/post/link"
)

// Reason says why a post is no post. There are few, so that they can be the
// label of a counter.
type Reason string

// The reasons for which Check rejects a post.
const (
	BadPlatform  Reason = "bad-platform"   // none that Winnow knows
	BadKind      Reason = "bad-kind"       // none that Winnow knows
	NoID         Reason = "no-id"          // the post has no id
	NoAccount    Reason = "no-account"     // its author has no id
	BadTime      Reason = "bad-time"       // missing, before March 2006 or after 2099
	TextTooLong  Reason = "text-too-long"  // more than MaxText bytes
	FieldTooLong Reason = "field-too-long" // any other field over its bound
	TooMany      Reason = "too-many"       // more than 100 tags, links, mentions or images
	BadTag       Reason = "bad-tag"        // a tag without a key
	BadUTF8      Reason = "bad-utf8"       // in any field
	NulByte      Reason = "nul-byte"       // in any field
)

// Reasons returns the reasons of Check.
func Reasons() []Reason {
	return []Reason{
		BadPlatform, BadKind, NoID, NoAccount, BadTime, TextTooLong, FieldTooLong, TooMany, BadTag, BadUTF8, NulByte,
	}
}

// Bounds on the fields of a post, in bytes. The longest ids are addresses.
const (
	maxID     = 2048
	maxName   = 2048
	maxHandle = 512
	maxWord   = 200 // language, campaign
	maxShared = 4096
)

// Invalid is the error of Check. Its text tells nothing of the post's content.
type Invalid struct {
	Reason Reason
	// Field is the name of the field, as in the JSON form of a post.
	Field string
}

// Error implements error.
func (e *Invalid) Error() string {
	return "post rejected: " + string(e.Reason) + " in field " + e.Field
}

// Check reports whether a post can be taken in: it has an id, an author and a
// time, all its strings are UTF-8 without NUL bytes, and nothing exceeds its
// bounds. The error is an *Invalid. Check a post after Tidy, which mends what
// can be mended.
func (p *Post) Check() error {
	// The concrete type must not leak: a nil *Invalid is not a nil error.
	if e := p.check(); e != nil {
		return e
	}
	return nil
}

func (p *Post) check() *Invalid {
	switch p.Platform {
	case X, Mastodon, Bluesky, Archive:
	default:
		return &Invalid{BadPlatform, "platform"}
	}
	switch p.Kind {
	case Original, Repost, Quote, Reply:
	default:
		return &Invalid{BadKind, "kind"}
	}
	switch {
	case p.ID == "":
		return &Invalid{NoID, "id"}
	case p.Account.ID == "":
		return &Invalid{NoAccount, "account.id"}
	case !goodTime(p.PostedAt):
		return &Invalid{BadTime, "posted_at"}
	case !p.ObservedAt.IsZero() && !goodTime(p.ObservedAt):
		return &Invalid{BadTime, "observed_at"}
	case !p.EditedAt.IsZero() && !goodTime(p.EditedAt):
		return &Invalid{BadTime, "edited_at"}
	case !p.Account.CreatedAt.IsZero() && !goodTime(p.Account.CreatedAt):
		return &Invalid{BadTime, "account.created_at"}
	case len(p.Text) > MaxText:
		return &Invalid{TextTooLong, "text"}
	case len(p.Tags) > maxList:
		return &Invalid{TooMany, "tags"}
	case len(p.Links) > maxList:
		return &Invalid{TooMany, "links"}
	case len(p.Mentions) > maxList:
		return &Invalid{TooMany, "mentions"}
	case len(p.Images) > maxList:
		return &Invalid{TooMany, "images"}
	}
	return p.checkStrings()
}

func (p *Post) checkStrings() *Invalid {
	for _, f := range [...]struct {
		name, value string
		most        int
	}{
		{"id", p.ID, maxID},
		{"native_id", p.NativeID, maxID},
		{"account.id", p.Account.ID, maxID},
		{"account.handle", p.Account.Handle, maxHandle},
		{"account.name", p.Account.Name, maxName},
		{"lang", p.Lang, maxWord},
		{"text", p.Text, MaxText},
		{"url", p.URL, link.MaxLen},
		{"shared", p.Shared, maxShared},
		{"campaign", p.Campaign, maxWord},
		{"reply_to.post_id", p.ReplyTo.PostID, maxID},
		{"reply_to.account_id", p.ReplyTo.AccountID, maxID},
		{"reply_to.handle", p.ReplyTo.Handle, maxHandle},
		{"repost_of.post_id", p.RepostOf.PostID, maxID},
		{"repost_of.account_id", p.RepostOf.AccountID, maxID},
		{"repost_of.handle", p.RepostOf.Handle, maxHandle},
		{"quote_of.post_id", p.QuoteOf.PostID, maxID},
		{"quote_of.account_id", p.QuoteOf.AccountID, maxID},
		{"quote_of.handle", p.QuoteOf.Handle, maxHandle},
	} {
		if e := checkString(f.name, f.value, f.most); e != nil {
			return e
		}
	}
	for _, t := range p.Tags {
		if t.Key == "" {
			return &Invalid{BadTag, "tags"}
		}
		if e := checkString("tags", t.Key, fold.MaxTagKey); e != nil {
			return e
		}
		if e := checkString("tags", t.Posted, fold.MaxTagSpelling); e != nil {
			return e
		}
	}
	for _, raw := range p.Links {
		if e := checkString("links", raw, link.MaxLen); e != nil {
			return e
		}
	}
	for _, m := range p.Mentions {
		if e := checkString("mentions", m.AccountID, maxID); e != nil {
			return e
		}
		if e := checkString("mentions", m.Handle, maxHandle); e != nil {
			return e
		}
	}
	for _, image := range p.Images {
		if e := checkString("images", image, maxID); e != nil {
			return e
		}
	}
	return nil
}

func checkString(field, s string, most int) *Invalid {
	switch {
	case len(s) > most:
		return &Invalid{FieldTooLong, field}
	case strings.IndexByte(s, 0) >= 0:
		return &Invalid{NulByte, field}
	case !utf8.ValidString(s):
		return &Invalid{BadUTF8, field}
	}
	return nil
}

func goodTime(t time.Time) bool {
	return !t.Before(earliestTime) && t.Before(latestTime)
}
