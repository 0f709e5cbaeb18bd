package post

import "time"

// Platform names the network on which a post was published.
type Platform string

// The platforms Winnow knows. An archive that does not say where its posts
// come from is Archive: its reach is unknown, which is not zero.
const (
	X        Platform = "x"
	Mastodon Platform = "mastodon"
	Bluesky  Platform = "bluesky"
	Archive  Platform = "archive"
)

// Kind says what a post does with another one.
type Kind string

// The kinds of post. A post that both replies and quotes is a Quote: the quote
// is what carries the other post to new readers.
const (
	Original Kind = "post"
	Repost   Kind = "repost"
	Quote    Kind = "quote"
	Reply    Kind = "reply"
)

// Count is a number that a platform may or may not report. The zero value is
// "unknown", so that a missing figure never turns into a reach of zero.
type Count uint64

// KnownCount returns n as a Count. Negative numbers are not counts: they yield
// the unknown Count.
func KnownCount(n int64) Count {
	if n < 0 {
		return 0
	}
	return Count(n) + 1
}

// Get returns the number and whether it is known.
func (c Count) Get() (n uint64, known bool) {
	if c == 0 {
		return 0, false
	}
	return uint64(c) - 1, true
}

// Account is whoever posts, as seen together with one post. Only ID is always
// there; everything else is what the platform told at that moment.
type Account struct {
	// ID is the platform's stable identifier: X's numeric id, Mastodon's
	// account URL (ids are local to an instance, the URL is not), a DID on
	// Bluesky, whatever the archive has otherwise.
	ID string `json:"id"`
	// Handle is the changeable name, without a leading @:
	// "rights_watch", "anna@example.social", "anna.bsky.social".
	Handle string `json:"handle,omitzero"`
	// Name is the display name.
	Name string `json:"name,omitzero"`
	// CreatedAt is when the account was opened; zero if unknown. Mastodon
	// gives the day only.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Followers, Following and Posts are the account's own totals when the
	// post was seen.
	Followers Count `json:"followers,omitzero"`
	Following Count `json:"following,omitzero"`
	Posts     Count `json:"posts,omitzero"`
	// DefaultProfile is true when the platform says that neither picture nor
	// description was ever set. False also means "not told".
	DefaultProfile bool `json:"default_profile,omitzero"`
	// Bot is true when the account declares itself automated.
	Bot bool `json:"bot,omitzero"`
}

// Ref points at another post and its author, as far as they are known.
type Ref struct {
	// PostID is the canonical identity of the post referred to (see Post.ID).
	PostID string `json:"post_id,omitzero"`
	// AccountID and Handle identify its author.
	AccountID string `json:"account_id,omitzero"`
	Handle    string `json:"handle,omitzero"`
}

// IsZero reports whether r refers to nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// Mention is an account named in a post.
type Mention struct {
	AccountID string `json:"account_id,omitzero"`
	Handle    string `json:"handle,omitzero"`
}

// Engagement counts what others did with a post, each kind on its own, as last
// reported by the platform. Views are what the platform itself calls views or
// impressions; Winnow never estimates them.
type Engagement struct {
	Likes   Count `json:"likes,omitzero"`
	Reposts Count `json:"reposts,omitzero"`
	Replies Count `json:"replies,omitzero"`
	Quotes  Count `json:"quotes,omitzero"`
	Views   Count `json:"views,omitzero"`
}

// Post is one publication by one account at one time. A repost is a Post of
// its own; the original embedded in a repost or quote is an Object, never a
// Post.
type Post struct {
	Platform Platform `json:"platform"`
	// ID is the canonical identity, the same whichever source delivered the
	// post: X's numeric id, the ActivityPub uri, the at-uri; in an archive
	// that names no platform, the id it gives.
	ID string `json:"id"`
	// NativeID is the id local to the source, where it differs from ID: it is
	// what a later deletion names (Mastodon's status id on one instance).
	NativeID string `json:"native_id,omitzero"`
	Kind     Kind   `json:"kind"`

	Account Account `json:"account"`

	// PostedAt is when the platform says the post was published, UTC,
	// milliseconds. On Bluesky it is the time the event was sequenced, since
	// the client may claim any date. ObservedAt is when Winnow first saw it.
	PostedAt time.Time `json:"posted_at"`
	// TimeSlack is how many seconds before PostedAt the post may really have
	// been published, where the platform does not tell (a boost found by
	// polling). Such a post counts, but its time is evidence of nothing.
	TimeSlack  uint32    `json:"time_slack,omitzero"`
	ObservedAt time.Time `json:"observed_at,omitzero"`
	// EditedAt is the time of the last edit; zero if never edited.
	EditedAt time.Time `json:"edited_at,omitzero"`

	// Lang is the language as the platform tells it, lower-case BCP 47 ("az",
	// "pt-br"); empty if unknown.
	Lang string `json:"lang,omitzero"`
	// Text is plain text, no markup. For a repost it is the original's text,
	// without a "RT @name:" in front where the platform allows to tell.
	Text string `json:"text,omitzero"`
	// URL is where a person can look at the post.
	URL string `json:"url,omitzero"`

	// Tags are the hashtags of the post, those of a reposted original
	// included, each key once.
	Tags []Tag `json:"tags,omitzero"`
	// Links are the canonical links it shares (see link.Canonical), each once.
	Links []string `json:"links,omitzero"`
	// Mentions are the accounts it names, each once.
	Mentions []Mention `json:"mentions,omitzero"`
	// Images are fingerprints that the platform hands over for free, with
	// their kind in front: "blurhash:…", "cid:…", "media_key:…".
	Images []string `json:"images,omitzero"`

	ReplyTo  Ref `json:"reply_to,omitzero"`
	RepostOf Ref `json:"repost_of,omitzero"`
	QuoteOf  Ref `json:"quote_of,omitzero"`

	// Shared is the object that a co-share archive names directly (the
	// object_id column of CooRTweet's format); empty elsewhere.
	Shared string `json:"shared,omitzero"`

	Engagement Engagement `json:"engagement,omitzero"`

	// Campaign is the campaign that an archive names for this post (its
	// `campaign` column). It counts only where no campaign is configured.
	Campaign string `json:"campaign,omitzero"`

	// Raw are the bytes of this one post as its source sent them, and Query
	// what the source had asked for when they came; see Received. Both are
	// empty unless one of the source's campaigns keeps evidence. They are no
	// part of a post's JSON form: only the log and what keeps evidence see them.
	Raw   []byte `json:"-"`
	Query string `json:"-"`
}

// Deletion says that a post is gone. Sources name it by their local id only,
// and it may arrive before the post itself.
type Deletion struct {
	Platform Platform `json:"platform"`
	// NativeID is the id local to the source (see Post.NativeID); on X and
	// Bluesky it equals Post.ID.
	NativeID string    `json:"native_id"`
	At       time.Time `json:"at"`
}

// Key identifies an account over all platforms: "x/12345". It is for joining
// rows, never for showing.
func (p *Post) Key() string { return string(p.Platform) + "/" + p.Account.ID }

// LocalID is the id by which the source would announce the post's deletion.
func (p *Post) LocalID() string {
	if p.NativeID != "" {
		return p.NativeID
	}
	return p.ID
}

// EarliestTime and LatestTime bound the times that Winnow accepts. Hashtags
// began on Twitter, which opened in March 2006; the far end only keeps
// nonsense such as the year 9999 out of the store, whose DateTime ends in 2106.
var (
	earliestTime = time.Date(2006, 3, 1, 0, 0, 0, 0, time.UTC)
	latestTime   = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
)

// MaxText is the longest text, in bytes, that a post may have: ten times the
// longest post X sells (25,000 characters), so only hostile input is longer.
const MaxText = 250_000
