package export

import (
	"time"

	"winnow/storage/view"
)

// Profile says what an export tells of accounts and posts.
type Profile string

// Share is for everybody: accounts, posts, objects and the finding itself are keyed
// hashes, and texts, names, mentions, links, notes and what profiles say are left out.
// Times are whole seconds, since X's ids tell the millisecond. Whoever has the posts may
// still know them again by when they were posted. Prove has all of it, for named receivers
// only.
const (
	Share Profile = "share"
	Prove Profile = "prove"
)

// Dataset is a finding with all that it rests on. The same finding gives the same
// dataset: every list has an order of its own, given below, and no time in it is that of
// the export.
type Dataset struct {
	Profile  Profile
	Campaign string
	Finding  Finding
	// Accounts are by platform and id, Objects by kind and id, Posts by time, platform,
	// id and object, Uses by account and object, Pairs by their accounts.
	Accounts []Account
	Objects  []Object
	Posts    []Post
	Uses     []Use
	Pairs    []Pair
	// Evidence is what the bits are made of, the strongest piece first.
	Evidence []view.FindingEvidence
	// Verdicts are what people said of it, the oldest first. Share leaves out their notes,
	// those of Gaps, and who said it.
	Verdicts []view.Verdict
	// Coverage and Gaps tell what was seen from the hour before the finding to the hour
	// after it, by source and time.
	Coverage []view.Coverage
	Gaps     []view.Gap
	// Tags are the campaign's tags as it was configured; empty if it is no longer.
	Tags []string
	// Method is how the finding was made, by name: the version of Winnow, and the
	// parameters of the detector ("reposts.window": "1m0s").
	Method map[string]string
}

// Finding is the claim.
type Finding struct {
	// ID is "h:" and a keyed hash in share: the id itself can be tried for whom a finding
	// is about.
	ID, Kind string
	// Sentence is the claim in English. It names no account and quotes no post; in share
	// it is made anew of the numbers.
	Sentence string
	// From and To are the first and the last evidence, DetectedAt when it sufficed; zero
	// if that is not known.
	From, To, DetectedAt time.Time
	Bits                 float64
	// Confidence is early, firm or high; empty if it is not known.
	Confidence string
	// Observed coincidences were there, where chance would give Expected.
	Observed, Expected float64
	// Target is the account that it is directed at; zero if it is directed at none. Its
	// platform is empty if the finding has accounts of several, its id a handle if that
	// is all that is known.
	Target AccountRef
	// TargetHandle is its name for people; empty if it is not known, or not told.
	TargetHandle string
	// Declared is the name of the declared action that it matches, or empty.
	Declared string
}

// AccountRef names an account: a platform's own id, or "h:" and a keyed hash of it.
type AccountRef struct{ Platform, ID string }

// ObjectRef names an object: its own id, or "h:" and a keyed hash of it.
type ObjectRef struct{ Kind, ID string }

// Account is an account's part in the finding.
type Account struct {
	AccountRef
	// Handle, Name, CreatedAt and Followers are what its profile told last; empty or nil
	// if unknown, or not told by the profile of the export.
	Handle, Name string
	CreatedAt    *time.Time
	Followers    *uint64
	Bits         float64
	First, Last  time.Time
	Posts        uint64
	// Signals are signs that it may be automated, in words. They earn no bits.
	Signals []string
}

// Object is an object's part in the finding.
type Object struct {
	ObjectRef
	// Label shows it to a person; empty if the profile does not tell.
	Label       string
	Accounts    uint64
	First, Last time.Time
}

// Post is a post that the finding rests on, once for each object that it carried there.
type Post struct {
	// Platform and ID are the post's canonical identity, or "h:" and a keyed hash of it.
	Platform, ID string
	Account      AccountRef
	Object       ObjectRef
	// Kind is post, repost, quote or reply; empty if it is not stored any more.
	Kind string
	// At is when it was posted, SeenAt when Winnow saw it last, by Source; zero and empty
	// if it is not stored any more.
	At, SeenAt time.Time
	Source     string
	Lang       string
	// Deleted posts have no content any more.
	Deleted bool
	// Handle, Text, URL, Links and Mentions are empty if the profile does not tell; of
	// Tags, which are as posted, share tells the campaign's own. Mentions are handles, or
	// ids where no handle is known.
	Handle, Text, URL     string
	Tags, Links, Mentions []string
	// RepostOf, ReplyTo and QuoteOf are ids of posts, like ID; empty if it is no repost,
	// reply or quote, or that is not known.
	RepostOf, ReplyTo, QuoteOf string
}

// Use says how often an account posted an object within the finding.
type Use struct {
	Account     AccountRef
	Object      ObjectRef
	Posts       uint64
	First, Last time.Time
}

// Pair is two accounts that were in step: A before B in the order of accounts.
type Pair struct {
	A, B AccountRef
	// Bits is the strongest evidence for it.
	Bits        float64
	First, Last time.Time
}
