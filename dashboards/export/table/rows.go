package table

import (
	"iter"
	"strings"
	"time"

	"winnow/dashboards/export"
	"winnow/storage/view"
)

// postRow is a post with one of the objects that it carried.
type postRow struct {
	ObjectID       string `parquet:"object_id" json:"object_id"`
	AccountID      string `parquet:"account_id" json:"account_id"`
	ContentID      string `parquet:"content_id" json:"content_id"`
	TimestampShare int64  `parquet:"timestamp_share" json:"timestamp_share"` // seconds since 1970

	PostedAt   time.Time  `parquet:"posted_at,timestamp(millisecond)" json:"posted_at"`
	Platform   string     `parquet:"platform,dict" json:"platform"`
	ObjectKind string     `parquet:"object_kind,dict" json:"object_kind"`
	Kind       string     `parquet:"kind,dict" json:"kind"`
	RepostOf   string     `parquet:"retweet_of" json:"retweet_of"`
	ReplyTo    string     `parquet:"reply_to" json:"reply_to"`
	QuoteOf    string     `parquet:"quote_of" json:"quote_of"`
	Handle     string     `parquet:"handle,dict" json:"handle"`
	Text       string     `parquet:"text" json:"text"`
	Lang       string     `parquet:"lang,dict" json:"lang"`
	Tags       []string   `parquet:"hashtags,list" json:"hashtags"`
	Links      []string   `parquet:"urls,list" json:"urls"`
	Mentions   []string   `parquet:"mentions,list" json:"mentions"`
	URL        string     `parquet:"post_url" json:"post_url"`
	Deleted    bool       `parquet:"deleted" json:"deleted"`
	Source     string     `parquet:"source,dict" json:"source"`
	SeenAt     *time.Time `parquet:"seen_at,optional,timestamp(millisecond)" json:"seen_at"`
}

func postColumns() []string {
	return []string{
		"object_id", "account_id", "content_id", "timestamp_share", "posted_at", "platform", "object_kind", "kind", "retweet_of", "reply_to", "quote_of",
		"handle", "text", "lang", "hashtags", "urls", "mentions", "post_url", "deleted", "source", "seen_at",
	}
}

func (r postRow) cells(c *cells) {
	c.texts(r.ObjectID, r.AccountID, r.ContentID)
	c.whole(r.TimestampShare)
	c.time(&r.PostedAt)
	c.texts(r.Platform, r.ObjectKind, r.Kind, r.RepostOf, r.ReplyTo, r.QuoteOf, r.Handle, r.Text, r.Lang)
	c.list(r.Tags, " ")
	c.list(r.Links, " ")
	c.list(r.Mentions, " ")
	c.texts(r.URL)
	c.truth(r.Deleted)
	c.texts(r.Source)
	c.time(r.SeenAt)
}

func postRows(d *export.Dataset) iter.Seq[postRow] {
	return func(yield func(postRow) bool) {
		for i := range d.Posts {
			p := &d.Posts[i]
			if !yield(postRow{
				ObjectID: objectID(p.Object), AccountID: valid(p.Account.ID), ContentID: valid(p.ID), TimestampShare: p.At.Unix(),
				PostedAt: p.At, Platform: valid(p.Platform), ObjectKind: valid(p.Object.Kind), Kind: valid(p.Kind),
				RepostOf: valid(p.RepostOf), ReplyTo: valid(p.ReplyTo), QuoteOf: valid(p.QuoteOf), Handle: valid(p.Handle), Text: valid(p.Text), Lang: valid(p.Lang),
				Tags: validAll(p.Tags), Links: validAll(p.Links), Mentions: validAll(p.Mentions), URL: valid(p.URL), Deleted: p.Deleted, Source: valid(p.Source),
				SeenAt: known(p.SeenAt),
			}) {
				return
			}
		}
	}
}

// accountRow is an account's part in the finding.
type accountRow struct {
	AccountID string     `parquet:"account_id" json:"account_id"`
	Platform  string     `parquet:"platform,dict" json:"platform"`
	Handle    string     `parquet:"handle" json:"handle"`
	Name      string     `parquet:"name" json:"name"`
	CreatedAt *time.Time `parquet:"account_created_at,optional,timestamp(millisecond)" json:"account_created_at"`
	Followers *uint64    `parquet:"followers,optional" json:"followers"`
	Bits      float64    `parquet:"bits" json:"bits"`
	First     time.Time  `parquet:"first_at,timestamp(millisecond)" json:"first_at"`
	Last      time.Time  `parquet:"last_at,timestamp(millisecond)" json:"last_at"`
	Posts     uint64     `parquet:"posts" json:"posts"`
	Signals   []string   `parquet:"signals,list" json:"signals"`
}

func accountColumns() []string {
	return []string{"account_id", "platform", "handle", "name", "account_created_at", "followers", "bits", "first_at", "last_at", "posts", "signals"}
}

func (r accountRow) cells(c *cells) {
	c.texts(r.AccountID, r.Platform, r.Handle, r.Name)
	c.time(r.CreatedAt)
	c.count(r.Followers)
	c.float(r.Bits)
	c.time(&r.First)
	c.time(&r.Last)
	c.count(&r.Posts)
	c.list(r.Signals, "; ") // they have blanks within
}

func accountRows(d *export.Dataset) iter.Seq[accountRow] {
	return func(yield func(accountRow) bool) {
		for i := range d.Accounts {
			a := &d.Accounts[i]
			if !yield(accountRow{
				valid(a.ID), valid(a.Platform), valid(a.Handle), valid(a.Name), a.CreatedAt, a.Followers, a.Bits, a.First, a.Last, a.Posts, validAll(a.Signals),
			}) {
				return
			}
		}
	}
}

// objectRow is an object's part in the finding.
type objectRow struct {
	ObjectID   string    `parquet:"object_id" json:"object_id"`
	ObjectKind string    `parquet:"object_kind,dict" json:"object_kind"`
	Label      string    `parquet:"label" json:"label"`
	Accounts   uint64    `parquet:"accounts" json:"accounts"`
	First      time.Time `parquet:"first_at,timestamp(millisecond)" json:"first_at"`
	Last       time.Time `parquet:"last_at,timestamp(millisecond)" json:"last_at"`
}

func objectColumns() []string {
	return []string{"object_id", "object_kind", "label", "accounts", "first_at", "last_at"}
}

func (r objectRow) cells(c *cells) {
	c.texts(r.ObjectID, r.ObjectKind, r.Label)
	c.count(&r.Accounts)
	c.time(&r.First)
	c.time(&r.Last)
}

func objectRows(d *export.Dataset) iter.Seq[objectRow] {
	return func(yield func(objectRow) bool) {
		for i := range d.Objects {
			o := &d.Objects[i]
			if !yield(objectRow{objectID(o.ObjectRef), valid(o.Kind), valid(o.Label), o.Accounts, o.First, o.Last}) {
				return
			}
		}
	}
}

// evidenceRow is one number that the bits of one piece of evidence are computed from; a
// piece without numbers has one row, of number 0.
type evidenceRow struct {
	Evidence   uint64     `parquet:"evidence" json:"evidence"`
	Kind       string     `parquet:"kind,dict" json:"kind"`
	ObjectID   string     `parquet:"object_id" json:"object_id"`
	ObjectKind string     `parquet:"object_kind,dict" json:"object_kind"`
	Label      string     `parquet:"label" json:"label"`
	PlatformA  string     `parquet:"platform_a,dict" json:"platform_a"`
	AccountA   string     `parquet:"account_a" json:"account_a"`
	HandleA    string     `parquet:"handle_a" json:"handle_a"`
	PlatformB  string     `parquet:"platform_b,dict" json:"platform_b"`
	AccountB   string     `parquet:"account_b" json:"account_b"`
	HandleB    string     `parquet:"handle_b" json:"handle_b"`
	From       *time.Time `parquet:"from_at,optional,timestamp(millisecond)" json:"from_at"`
	To         *time.Time `parquet:"to_at,optional,timestamp(millisecond)" json:"to_at"`
	Window     float64    `parquet:"window_s" json:"window_s"` // seconds
	Accounts   uint64     `parquet:"accounts" json:"accounts"`
	Bits       float64    `parquet:"evidence_bits" json:"evidence_bits"`
	Need       float64    `parquet:"need" json:"need"`
	Counted    float64    `parquet:"counted" json:"counted"`
	DetectedAt *time.Time `parquet:"detected_at,optional,timestamp(millisecond)" json:"detected_at"`
	Term       int64      `parquet:"term" json:"term"`
	Name       string     `parquet:"name,dict" json:"name"`
	Observed   float64    `parquet:"observed" json:"observed"`
	Of         float64    `parquet:"of" json:"of"`
	Base       float64    `parquet:"base" json:"base"`
	TermBits   float64    `parquet:"bits" json:"bits"`
}

func evidenceColumns() []string {
	return []string{
		"evidence", "kind", "object_id", "object_kind", "label", "platform_a", "account_a", "handle_a", "platform_b", "account_b", "handle_b", "from_at", "to_at",
		"window_s", "accounts", "evidence_bits", "need", "counted", "detected_at", "term", "name", "observed", "of", "base", "bits",
	}
}

func (r evidenceRow) cells(c *cells) {
	c.count(&r.Evidence)
	c.texts(r.Kind, r.ObjectID, r.ObjectKind, r.Label, r.PlatformA, r.AccountA, r.HandleA, r.PlatformB, r.AccountB, r.HandleB)
	c.time(r.From)
	c.time(r.To)
	c.float(r.Window)
	c.count(&r.Accounts)
	c.float(r.Bits)
	c.float(r.Need)
	c.float(r.Counted)
	c.time(r.DetectedAt)
	c.whole(r.Term)
	c.texts(r.Name)
	c.float(r.Observed)
	c.float(r.Of)
	c.float(r.Base)
	c.float(r.TermBits)
}

func evidenceRows(d *export.Dataset) iter.Seq[evidenceRow] {
	return func(yield func(evidenceRow) bool) {
		for i := range d.Evidence {
			e := &d.Evidence[i]
			row := evidenceRow{
				Evidence: uint64(e.Number), Kind: valid(e.Kind), ObjectID: objectID(export.ObjectRef{Kind: e.ObjectKind, ID: e.ObjectID}), ObjectKind: valid(e.ObjectKind),
				Label: valid(e.Label), PlatformA: valid(e.A.Platform), AccountA: valid(e.A.AccountID), HandleA: valid(e.A.Handle),
				PlatformB: valid(e.B.Platform), AccountB: valid(e.B.AccountID), HandleB: valid(e.B.Handle), From: known(e.From), To: known(e.To),
				Window: e.Window.Seconds(), Accounts: e.Accounts, Bits: e.Bits, Need: e.Need, Counted: e.Counted, DetectedAt: known(e.DetectedAt),
			}
			if len(e.Terms) == 0 && !yield(row) {
				return
			}
			for n, t := range e.Terms {
				if !yield(row.with(n+1, t)) {
					return
				}
			}
		}
	}
}

func (r evidenceRow) with(number int, t view.EvidenceTerm) evidenceRow {
	r.Term, r.Name, r.Observed, r.Of, r.Base, r.TermBits = int64(number), valid(t.Name), t.Observed, t.Of, t.Base, t.Bits
	return r
}

func objectID(o export.ObjectRef) string {
	if o == (export.ObjectRef{}) {
		return ""
	}
	return valid(o.Kind + ":" + o.ID)
}

// known is a time, or nil for the zero time.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func valid(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

// validAll is never nil: a list that is empty is one too.
func validAll(all []string) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = valid(s)
	}
	return out
}
