package change

import (
	"time"

	"winnow/pipeline/post"
)

// Direction says whether there was more or less than usual.
type Direction string

// The directions.
const (
	Rise Direction = "rise"
	Fall Direction = "fall"
)

// Hold says in a word what became of those who held the tag. It compares the
// posts after the beginning by accounts that had posted in the day before with
// all posts after it, and with the posts that would have been usual.
type Hold string

// The values of Hold. The first rule that fits counts.
const (
	// HoldNew: fewer than five accounts had posted in the day before.
	HoldNew Hold = "new"
	// HoldKept: they wrote at least half of the posts.
	HoldKept Hold = "kept"
	// HoldOutnumbered: they wrote less than half of the posts, in a time in which
	// so few posts would be usual that their silence would say nothing.
	HoldOutnumbered Hold = "outnumbered"
	// HoldDrowned: they wrote less than half of the posts, but at least half as
	// many as would be usual: they went on, and others were louder.
	HoldDrowned Hold = "drowned"
	// HoldTaken: they wrote less than half of the posts and less than half of
	// what would be usual: others took the tag over.
	HoldTaken Hold = "taken over"
)

// Change is a stretch of time in which a campaign or a tag had a volume that
// was unusual for the time of day.
type Change struct {
	// ID is a hash of campaign, tag, direction and beginning.
	ID       string
	Campaign string
	// Tag is the tag's key, empty for the whole campaign.
	Tag       string
	Direction Direction
	// Sentence tells a person, in plain words, what was seen and what would be
	// usual. It names no account.
	Sentence string
	// From is the beginning, to within a Bucket. To is the end, zero if it is
	// not over or Lasting.
	From, To time.Time
	// Lasting says that it went on for a day: from then on it is the new usual.
	Lasting bool
	// Bits is the surprise of its most unusual stretch of up to six hours.
	Bits float64
	// Observed and Expected are the posts from From to To, or as far as known.
	Observed int
	Expected float64
	// Peak is the Bucket that was furthest from what is usual.
	Peak         time.Time
	PeakObserved int
	PeakExpected float64

	// Before is the day before From, After what followed, at most six hours.
	Before, After Side
	// Newcomers is how many accounts of After had never posted in the campaign
	// before From, as far as is remembered.
	Newcomers int
	// Stayed is how many accounts of Before also posted in After, StayedPosts
	// with how many posts; Usual is how many posts of all accounts would be usual
	// in the time of After.
	Stayed, StayedPosts int
	Usual               float64
	Hold                Hold

	// Accounts are the busiest of either side, Languages the most used.
	Accounts  []AccountShare
	Languages []Item
	// Rose and Fell are what more or fewer of the accounts posted than before,
	// the most surprising first.
	Rose, Fell []Item
}

// Side is one side of the beginning of a change.
type Side struct {
	From, To        time.Time
	Posts, Accounts int
	// Effective is how many accounts would be as concentrated if all posted
	// equally: 1/Σp² over their shares of the posts (Hill 1973, of order 2).
	Effective float64
}

// AccountShare is how many posts an account has on either side.
type AccountShare struct {
	Platform      post.Platform
	AccountID     string
	Before, After int
	// Newcomer says that it had never posted in the campaign before.
	Newcomer bool
}

// ItemKind says what sort of thing is talked about.
type ItemKind string

// The kinds of item.
const (
	ItemText     ItemKind = "text"     // ID: hash of the folded text
	ItemLink     ItemKind = "link"     // ID: the canonical link
	ItemTag      ItemKind = "tag"      // ID: the tag's key
	ItemLanguage ItemKind = "language" // ID: BCP 47, lower case
	ItemRepost   ItemKind = "repost"   // ID: id of the post reposted or quoted
	itemAccount  ItemKind = "account"
)

// Item is a thing talked about, with how many accounts and posts it has on
// either side. An account counts once, however often it repeats itself.
type Item struct {
	Kind  ItemKind
	ID    string
	Label string

	AccountsBefore, AccountsAfter int
	PostsBefore, PostsAfter       int
	// Bits is the log-likelihood ratio (Dunning 1993) of the share of accounts
	// being another one after than before. Chance makes one in 128 changes list
	// a thing that rose, and as many one that fell.
	Bits float64
}
