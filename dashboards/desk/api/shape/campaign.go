package shape

import (
	"time"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/api/value"
	"winnow/dashboards/desk/coverage"
	"winnow/storage/view"
)

// Campaign is the totals of a campaign.
type Campaign struct {
	Name                string       `json:"name"`
	State               answer.State `json:"state"`
	Posts               uint64       `json:"posts"`
	Accounts            uint64       `json:"accounts"`
	PotentialReach      *uint64      `json:"potential_reach"`
	ReachKnownAccounts  uint64       `json:"reach_known_accounts"`
	CoordinatedPosts    uint64       `json:"coordinated_posts"`
	CoordinatedAccounts uint64       `json:"coordinated_accounts"`
	SurePosts           uint64       `json:"sure_posts"`
	EarlyPosts          uint64       `json:"early_posts"`
	DeclaredPosts       uint64       `json:"declared_posts"`
	DeclaredAccounts    uint64       `json:"declared_accounts"`
	Findings            uint64       `json:"findings"`
	EarlyFindings       uint64       `json:"early_findings"`
	DeclaredFindings    uint64       `json:"declared_findings"`
	FirstPostAt         *time.Time   `json:"first_post_at"`
	LastPostAt          *time.Time   `json:"last_post_at"`
}

// NewCampaign writes the totals of a campaign.
func NewCampaign(c view.CampaignSummary) Campaign {
	return Campaign{
		Name: c.Name, State: answer.StateOf(c), Posts: c.Posts, Accounts: c.Accounts,
		PotentialReach: answer.Reach(c), ReachKnownAccounts: c.ReachKnown,
		CoordinatedPosts: c.CoordinatedPosts, CoordinatedAccounts: c.CoordinatedAccounts, SurePosts: c.SurePosts, EarlyPosts: c.EarlyPosts,
		DeclaredPosts: c.DeclaredPosts, DeclaredAccounts: c.DeclaredAccounts,
		Findings: c.Findings, EarlyFindings: c.EarlyFindings, DeclaredFindings: c.DeclaredFindings,
		FirstPostAt: value.At(c.First), LastPostAt: value.At(c.Last),
	}
}

// Listed is a campaign in the list of all.
type Listed struct {
	Campaign
	Since *time.Time `json:"since"`
	// Seen is how much its sources saw of late, on average; nil if none watches it.
	Seen *Seen `json:"seen"`
}

// NewListed writes a campaign for the list, with what its sources saw of it.
func NewListed(c view.CampaignSummary, since time.Time, seen []view.Coverage) Listed {
	return Listed{Campaign: NewCampaign(c), Since: value.At(since), Seen: NewSeen(seen)}
}

// Answers are the facts that the first sentences of a campaign's page tell.
type Answers struct {
	Found               bool       `json:"found"`
	Since               *time.Time `json:"since"`
	Last                *time.Time `json:"last"`
	Ongoing             bool       `json:"ongoing"`
	CoordinatedPosts    Share      `json:"coordinated_posts"`
	CoordinatedAccounts Share      `json:"coordinated_accounts"`
	DeclaredPosts       Share      `json:"declared_posts"`
	// Least and Most are the bounds of the share of posts: with findings of high
	// confidence alone, and with the early ones too.
	Least       *float64 `json:"coordinated_posts_share_least"`
	Most        *float64 `json:"coordinated_posts_share_most"`
	Targets     []Target `json:"targets"`
	MoreTargets uint64   `json:"more_targets"`
}

// Share is a part of a whole: both counts, and the one by the other.
type Share struct {
	Count uint64   `json:"count"`
	Of    uint64   `json:"of"`
	Share *float64 `json:"share"`
}

func share(part, whole uint64) Share { return Share{part, whole, answer.Share(part, whole)} }

// Target is an account that pile-ons are directed at.
type Target struct {
	AccountID       string `json:"account_id"`
	Name            string `json:"name"`
	Findings        uint64 `json:"findings"`
	Posts           uint64 `json:"posts"`
	LargestAccounts uint64 `json:"largest_accounts"`
}

// maxTargets bounds the targets that are named.
const maxTargets = 50

// NewAnswers writes the facts about a campaign.
func NewAnswers(c view.CampaignSummary, a answer.Answers) Answers {
	out := Answers{
		Found: a.Found, Since: value.At(a.Since), Last: value.At(a.Last), Ongoing: a.Ongoing,
		CoordinatedPosts: share(c.CoordinatedPosts, c.Posts), CoordinatedAccounts: share(c.CoordinatedAccounts, c.Accounts),
		DeclaredPosts: share(c.DeclaredPosts, c.Posts),
	}
	if c.Posts > 0 {
		least, most := c.CoordinatedBounds()
		most = min(1, most)
		out.Least, out.Most = &least, &most
	}
	targets, more := value.Bounded(a.Targets, maxTargets)
	out.MoreTargets = more
	out.Targets = value.List(targets, func(t answer.Target) Target { return Target{t.ID, t.Name, t.Findings, t.Posts, t.Accounts} })
	return out
}

// Warning says what is not seen of a campaign now.
type Warning struct {
	Source string `json:"source_name"`
	Says   string `json:"says"`
}

// NewWarnings writes what is not seen now.
func NewWarnings(all []coverage.Warning) []Warning {
	return value.List(all, func(w coverage.Warning) Warning { return Warning{w.Where, w.Says} })
}

// Point is one bucket of a series.
type Point struct {
	At                  time.Time `json:"at"`
	Posts               uint64    `json:"posts"`
	Accounts            uint64    `json:"accounts"`
	PotentialReach      *uint64   `json:"potential_reach"`
	CoordinatedPosts    uint64    `json:"coordinated_posts"`
	CoordinatedAccounts uint64    `json:"coordinated_accounts"`
	DeclaredPosts       uint64    `json:"declared_posts"`
	OrganicPosts        uint64    `json:"organic_posts"`
	CoordinatedShare    *float64  `json:"coordinated_share"`
}

// NewPoints writes the buckets of a series.
func NewPoints(points []view.SeriesPoint) []Point {
	return value.List(points, func(p view.SeriesPoint) Point {
		return Point{
			At: p.At.UTC(), Posts: p.Posts, Accounts: p.Accounts, PotentialReach: answer.PointReach(p),
			CoordinatedPosts: p.CoordinatedPosts, CoordinatedAccounts: p.CoordinatedAccounts, DeclaredPosts: p.DeclaredPosts,
			OrganicPosts: answer.Organic(p), CoordinatedShare: answer.Share(p.CoordinatedPosts, p.Posts),
		}
	})
}
