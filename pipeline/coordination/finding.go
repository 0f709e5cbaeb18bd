package coordination

import (
	"time"

	"winnow/pipeline/post"
)

// Kind says what sort of evidence a finding rests on.
type Kind string

// The kinds of finding.
const (
	// KindCopies: several accounts posted the same text, link or image far closer
	// together than chance explains.
	KindCopies Kind = "copies"
	// KindReposts: several accounts reposted the same posts in step.
	KindReposts Kind = "reposts"
	// KindPileOn: many accounts turned on one account at once.
	KindPileOn Kind = "pile-on"
	// KindFlood: accounts came to the campaign far faster than its own rhythm
	// explains, each with a text of its own.
	KindFlood Kind = "flood"
)

// Confidence says how far a finding can be relied on.
type Confidence string

// The confidences, from the least.
const (
	// ConfidenceEarly: it may be taken back within the next hour, when it shows
	// whether what began so suddenly goes on like anything that people share.
	ConfidenceEarly Confidence = "early"
	// ConfidenceFirm: the hour is over. It is taken back only if at some time a
	// third as many others follow who are not among its accounts. Up to one
	// campaign in sixteen may have one finding like it by chance.
	ConfidenceFirm Confidence = "firm"
	// ConfidenceHigh: the same for at most one campaign in a thousand.
	ConfidenceHigh Confidence = "high"
)

// Finding is a claim with evidence and a confidence.
type Finding struct {
	// ID is a hash of campaign, kind, founding object and founding window.
	ID       string
	Campaign string
	Kind     Kind
	// Sentence tells a person, in plain words, what was seen and what chance
	// would give. It names no account.
	Sentence string
	// From and To are the first and last evidence.
	From, To time.Time
	// Bits is the surprise of the whole finding: 20 bits is once in a million.
	Bits float64
	// Confidence says how far it can be relied on.
	Confidence Confidence
	// DetectedAt is when, in the time of the posts, the evidence sufficed.
	DetectedAt time.Time
	// Expected is how many coincidences chance would give where Observed were
	// seen; the unit of both is one account pair on one object within the
	// window for pair evidence, one account within the window for a burst.
	Expected, Observed float64
	// Target is the account a pile-on is directed at (account id or handle),
	// empty otherwise.
	Target string
	// Declared is the name of the declared action that it matches, if any.
	Declared string

	Accounts []AccountEvidence
	Objects  []ObjectEvidence
	Posts    []PostEvidence
	// Evidence is what the bits are made of, the strongest first.
	Evidence []Evidence
}

// AccountEvidence is an account's part in a finding.
type AccountEvidence struct {
	Platform  post.Platform
	AccountID string
	Bits      float64
	// First and Last bound the account's evidence: between them its posts
	// count as coordinated.
	First, Last time.Time
	Posts       int
	// Signals are signs that the account may be automated. They earn no bits.
	Signals []Signal
}

// ObjectEvidence is an object's part in a finding.
type ObjectEvidence struct {
	Object post.Object
	// Label shows the object to a person: the text, the link, the tags.
	Label       string
	Accounts    int
	First, Last time.Time
}

// PostEvidence is a post that a finding rests on, and the object it acted on.
type PostEvidence struct {
	Platform  post.Platform
	PostID    string
	AccountID string
	Object    post.Object
	At        time.Time
	// DetectedAt is when, in the time of the posts, this one became part of
	// evidence that suffices.
	DetectedAt time.Time
}
