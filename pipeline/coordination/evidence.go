package coordination

import (
	"time"

	"winnow/pipeline/post"
)

// EvidenceKind says of what sort a piece of evidence is.
type EvidenceKind string

// The kinds of evidence. docs/detection.md has the formula of each.
const (
	EvidencePair     EvidenceKind = "pair"     // two accounts in step, again and again
	EvidenceGroup    EvidenceKind = "group"    // one account in step with a group of others
	EvidenceCopies   EvidenceKind = "copies"   // many accounts with one text or image at once
	EvidenceHeadline EvidenceKind = "headline" // many accounts with one link at once, and few at other times
	EvidenceRun      EvidenceKind = "run"      // many accounts passing one thing on at once, and nobody after them
	EvidenceFlood    EvidenceKind = "flood"    // many accounts coming at once, with a text of their own each
	EvidencePileOn   EvidenceKind = "pile-on"  // many accounts addressing one account at once
)

// Evidence is one piece that a finding rests on, with the numbers that its bits
// are computed from, so that they can be computed again by hand.
type Evidence struct {
	Kind   EvidenceKind
	Object post.Object // the object that founded it
	// A and B are the accounts of a pair, A the one of a group; else they are
	// empty.
	A, B Party
	// From and To are its first and last action, Window the longest time between
	// two actions that count together.
	From, To time.Time
	Window   time.Duration
	// Accounts is how many it lists.
	Accounts int
	// Bits is what it earned, Need what it had to earn, and Counted what of it
	// the finding counts: not what another piece says already.
	Bits, Need, Counted float64
	DetectedAt          time.Time
	Terms               []Term
}

// Party is an account; the zero value is none.
type Party struct {
	Platform  post.Platform
	AccountID string
}

// Term is one number that bits are computed from: Observed of Of, where chance
// would give Base, earn Bits. What the three are depends on the name; see
// docs/detection.md.
type Term struct {
	Name         string
	Observed, Of float64
	Base         float64
	Bits         float64
}
