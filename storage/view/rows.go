package view

import "time"

// CampaignSummary is a campaign's totals over everything stored.
type CampaignSummary struct {
	Name     string
	Posts    uint64
	Accounts uint64
	// PotentialReach is the followers of the unique authors, each author with
	// the number seen last. ReachKnown is how many of the accounts told it.
	PotentialReach uint64
	ReachKnown     uint64
	// Coordinated counts lie inside undeclared findings, Declared ones inside
	// declared findings only.
	CoordinatedPosts    uint64
	CoordinatedAccounts uint64
	DeclaredPosts       uint64
	DeclaredAccounts    uint64
	// SurePosts is how many of the coordinated posts lie inside findings of high
	// confidence, EarlyPosts how many more would be coordinated if all early
	// findings were borne out.
	SurePosts, EarlyPosts uint64
	// Findings, DeclaredFindings and EarlyFindings count the open ones, each once:
	// undeclared, declared, and undeclared ones that may be taken back within the
	// hour. No account or post counts above for being in an early one.
	Findings         uint64
	DeclaredFindings uint64
	EarlyFindings    uint64
	// First and Last are the times of the first and last post.
	First, Last time.Time
}

// CoordinatedShare is the share of posts inside undeclared findings, 0 to 1.
func (c CampaignSummary) CoordinatedShare() float64 {
	if c.Posts == 0 {
		return 0
	}
	return float64(c.CoordinatedPosts) / float64(c.Posts)
}

// CoordinatedBounds is the least and the most that the share is: with findings of
// high confidence only, and with all early ones too.
func (c CampaignSummary) CoordinatedBounds() (least, most float64) {
	if c.Posts == 0 {
		return 0, 0
	}
	return float64(c.SurePosts) / float64(c.Posts), float64(c.CoordinatedPosts+c.EarlyPosts) / float64(c.Posts)
}

// SeriesPoint is one bucket of a campaign's time series, all platforms.
type SeriesPoint struct {
	At                  time.Time
	Posts               uint64
	Accounts            uint64
	PotentialReach      uint64
	CoordinatedPosts    uint64
	CoordinatedAccounts uint64
	DeclaredPosts       uint64
}

// FindingSummary is a finding as lists show it.
type FindingSummary struct {
	Campaign  string
	ID        string
	Kind      string
	Sentence  string
	StartedAt time.Time
	EndedAt   time.Time
	// DetectedAt is when the evidence sufficed, in the time of the posts; zero if
	// that is not known.
	DetectedAt time.Time
	Bits       float64
	// Confidence is a coordination.Confidence; empty if it is not known.
	Confidence string
	Expected   float64
	Observed   float64
	Target     string
	// TargetHandle is the target's name for people; empty if it never posted.
	TargetHandle string
	Declared     string
	Accounts     uint64
	Posts        uint64
	Objects      uint64
	// Verdict is the word of a person that counts: the last one.
	Verdict Verdict
}

// Early is true of a finding that may be taken back within the hour.
func (f FindingSummary) Early() bool { return f.Confidence == "early" }

// TargetName is how the target is shown to people: by its handle if known.
func (f FindingSummary) TargetName() string {
	if f.TargetHandle != "" {
		return "@" + f.TargetHandle
	}
	return f.Target
}

// FindingDetail is a finding with its evidence.
type FindingDetail struct {
	FindingSummary
	AccountRows []FindingAccount
	ObjectRows  []FindingObject
	PostRows    []FindingPost
	// MorePosts is how many posts PostRows leaves out.
	MorePosts uint64
	// EvidenceRows is what the bits are made of, the strongest first;
	// MoreEvidence is how many pieces it leaves out.
	EvidenceRows []FindingEvidence
	MoreEvidence uint64
}

// FindingAccount is an account's part in a finding.
type FindingAccount struct {
	Platform  string
	AccountID string
	Handle    string
	CreatedAt *time.Time
	Followers *uint64
	Bits      float64
	First     time.Time
	Last      time.Time
	Posts     uint64
	// Signals are signs that the account may be automated, in words. They earn
	// no bits.
	Signals []string
}

// FindingObject is an object's part in a finding.
type FindingObject struct {
	Kind     string
	ID       string
	Label    string
	Accounts uint64
	First    time.Time
	Last     time.Time
}

// FindingPost is a post that a finding rests on.
type FindingPost struct {
	Platform   string
	PostID     string
	AccountID  string
	Handle     string
	Text       string
	URL        string
	Kind       string
	ObjectKind string
	Deleted    bool
	At         time.Time
}

// Gap is a stretch of time in which a source did not see everything; see
// post.Gap.
type Gap struct {
	Source   string
	Platform string
	// Campaign is empty if it concerns all that the source watches.
	Campaign string
	From     time.Time
	// To is nil while the gap is open.
	To    *time.Time
	Cause string
	Share float64
	Fill  string
	Note  string
}

// Source is a place that posts come from live.
type Source struct {
	Name     string
	Platform string
	// Campaigns are those that it watches or once watched, by name.
	Campaigns []string
	// Since is when it began to watch the first of them.
	Since time.Time
}

// Coverage is how much of a stretch of time one source saw of one campaign.
type Coverage struct {
	Campaign string
	Source   string
	Platform string
	// From and To bound the stretch: what was asked for, cut to the time since
	// the source watches the campaign.
	From, To time.Time
	// Missing is how long nothing was seen, a sample's missing share counted
	// as time; Partly how long a gap was filled with what the platform still
	// gave. Gaps that overlap count once. Filled gaps are in neither.
	Missing, Partly time.Duration
	// Gaps counts those not filled; Open says that one of them is open.
	Gaps uint64
	Open bool
}

// AtLeast is the share of time surely seen, AtMost what it is if nothing was
// missing in what was filled in part; 0 to 1.
func (c Coverage) AtLeast() float64 { return c.share(c.Missing + c.Partly) }

// AtMost is explained at AtLeast.
func (c Coverage) AtMost() float64 { return c.share(c.Missing) }

func (c Coverage) share(missing time.Duration) float64 {
	all := c.To.Sub(c.From)
	if all <= 0 {
		return 1
	}
	return min(1, max(0, 1-float64(missing)/float64(all)))
}
