package evidence

import (
	"time"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/api/value"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Finding is a finding as lists show it.
type Finding struct {
	Campaign   string          `json:"campaign"`
	ID         string          `json:"id"`
	Kind       string          `json:"kind"`
	Standing   answer.Standing `json:"standing"`
	Sentence   string          `json:"sentence"`
	StartedAt  *time.Time      `json:"started_at"`
	EndedAt    *time.Time      `json:"ended_at"`
	DetectedAt *time.Time      `json:"detected_at"`
	Bits       *float64        `json:"bits"`
	Confidence *string         `json:"confidence"`
	Expected   *float64        `json:"expected"`
	Observed   *float64        `json:"observed"`
	Declared   *string         `json:"declared"`
	Target     *Party          `json:"target"`
	Accounts   uint64          `json:"accounts"`
	Posts      uint64          `json:"posts"`
	Objects    uint64          `json:"objects"`
	Verdict    *Verdict        `json:"verdict"`
}

// Party is an account that a finding or its evidence is about. Its platform is not
// known for the target of a pile-on.
type Party struct {
	Platform  *string `json:"platform"`
	AccountID string  `json:"account_id"`
	Handle    *string `json:"handle"`
}

func party(p view.Party) *Party {
	if p.AccountID == "" {
		return nil
	}
	return &Party{value.Text(p.Platform), p.AccountID, value.Text(p.Handle)}
}

// Verdict is what a person said of a finding.
type Verdict struct {
	Verdict string    `json:"verdict"`
	Note    *string   `json:"note"`
	Author  *string   `json:"author"`
	At      time.Time `json:"at"`
}

// NewFinding writes a finding.
func NewFinding(f view.FindingSummary) Finding {
	out := Finding{
		Campaign: f.Campaign, ID: f.ID, Kind: f.Kind, Standing: answer.StandingOf(f), Sentence: f.Sentence,
		StartedAt: value.At(f.StartedAt), EndedAt: value.At(f.EndedAt), DetectedAt: value.At(f.DetectedAt),
		Bits: value.Number(f.Bits), Confidence: value.Text(f.Confidence), Expected: value.Number(f.Expected), Observed: value.Number(f.Observed), Declared: value.Text(f.Declared),
		Target: party(view.Party{AccountID: f.Target, Handle: f.TargetHandle}), Accounts: f.Accounts, Posts: f.Posts, Objects: f.Objects,
	}
	if v := f.Verdict; v.Judgement != "" {
		out.Verdict = &Verdict{v.Judgement, value.Text(v.Note), value.Text(v.Author), v.At.UTC()}
	}
	return out
}

// FindingDetail is a finding with its evidence.
type FindingDetail struct {
	Finding
	// ContentsHidden is true where texts and objects were left out: those of a
	// pile-on are likely to hurt.
	ContentsHidden bool              `json:"contents_hidden"`
	AccountRows    []FindingAccount  `json:"account_rows"`
	MoreAccounts   uint64            `json:"more_accounts"`
	ObjectRows     []FindingObject   `json:"object_rows"`
	MoreObjects    uint64            `json:"more_objects"`
	EvidenceRows   []FindingEvidence `json:"evidence_rows"`
	MoreEvidence   uint64            `json:"more_evidence"`
	PostRows       []FindingPost     `json:"post_rows"`
	MorePosts      uint64            `json:"more_posts"`
}

// FindingAccount is an account's part in a finding.
type FindingAccount struct {
	Platform  string     `json:"platform"`
	AccountID string     `json:"account_id"`
	Handle    *string    `json:"handle"`
	CreatedAt *time.Time `json:"created_at"`
	Followers *uint64    `json:"followers"`
	Bits      *float64   `json:"bits"`
	FirstAt   *time.Time `json:"first_at"`
	LastAt    *time.Time `json:"last_at"`
	Posts     uint64     `json:"posts"`
	Signals   []string   `json:"signals"`
}

// FindingObject is an object's part in a finding.
type FindingObject struct {
	Kind     string     `json:"kind"`
	ID       *string    `json:"id"`
	Label    *string    `json:"label"`
	Accounts uint64     `json:"accounts"`
	FirstAt  *time.Time `json:"first_at"`
	LastAt   *time.Time `json:"last_at"`
}

// FindingPost is a post that a finding rests on.
type FindingPost struct {
	Platform   string     `json:"platform"`
	PostID     string     `json:"post_id"`
	AccountID  string     `json:"account_id"`
	Handle     *string    `json:"handle"`
	Kind       string     `json:"kind"`
	ObjectKind *string    `json:"object_kind"`
	At         *time.Time `json:"at"`
	Deleted    bool       `json:"deleted"`
	Text       *string    `json:"text"`
	TextCut    bool       `json:"text_cut"`
	URL        *string    `json:"url"`
}

// FindingEvidence is one piece that the bits of a finding are made of.
type FindingEvidence struct {
	Number        uint32     `json:"number"`
	Kind          string     `json:"kind"`
	ObjectKind    *string    `json:"object_kind"`
	ObjectID      *string    `json:"object_id"`
	Label         *string    `json:"label"`
	A             *Party     `json:"a"`
	B             *Party     `json:"b"`
	StartedAt     *time.Time `json:"started_at"`
	EndedAt       *time.Time `json:"ended_at"`
	DetectedAt    *time.Time `json:"detected_at"`
	WindowSeconds *float64   `json:"window_seconds"`
	Accounts      uint64     `json:"accounts"`
	Bits          *float64   `json:"bits"`
	Need          *float64   `json:"need"`
	Counted       *float64   `json:"counted"`
	Terms         []Term     `json:"terms"`
}

// Term is one number that bits are computed from.
type Term struct {
	Name     string   `json:"name"`
	Observed *float64 `json:"observed"`
	Of       *float64 `json:"of"`
	Base     *float64 `json:"base"`
	Bits     *float64 `json:"bits"`
}

// Bounds on the rows of a finding, as on its page.
const (
	maxAccounts = 500
	maxObjects  = 200
	maxEvidence = 100
	maxPosts    = 500
)

// NewFindingDetail writes a finding with its evidence. The contents of a kind that
// hides them are left out unless they were asked for.
func NewFindingDetail(d view.FindingDetail, contents bool) FindingDetail {
	out := FindingDetail{Finding: NewFinding(d.FindingSummary), ContentsHidden: answer.Hidden(d.Kind) && !contents}
	hidden := out.ContentsHidden
	// content is what may hurt.
	content := func(s string) *string {
		if hidden {
			return nil
		}
		s, _ = words.Bound(s)
		return value.Text(s)
	}
	accounts, more := value.Bounded(d.AccountRows, maxAccounts)
	out.MoreAccounts = more
	out.AccountRows = value.List(accounts, func(a view.FindingAccount) FindingAccount {
		return FindingAccount{
			Platform: a.Platform, AccountID: a.AccountID, Handle: value.Text(a.Handle), CreatedAt: value.Ends(a.CreatedAt), Followers: a.Followers, Bits: value.Number(a.Bits),
			FirstAt: value.At(a.First), LastAt: value.At(a.Last), Posts: a.Posts, Signals: value.List(a.Signals, func(s string) string { return s }),
		}
	})
	objects, more := value.Bounded(d.ObjectRows, maxObjects)
	out.MoreObjects = more
	out.ObjectRows = value.List(objects, func(o view.FindingObject) FindingObject {
		return FindingObject{Kind: o.Kind, ID: content(o.ID), Label: content(o.Label), Accounts: o.Accounts, FirstAt: value.At(o.First), LastAt: value.At(o.Last)}
	})
	pieces, more := value.Bounded(d.EvidenceRows, maxEvidence)
	out.MoreEvidence = more + d.MoreEvidence
	out.EvidenceRows = value.List(pieces, func(e view.FindingEvidence) FindingEvidence {
		return FindingEvidence{
			Number: e.Number, Kind: e.Kind, ObjectKind: value.Text(e.ObjectKind), ObjectID: content(e.ObjectID), Label: content(e.Label), A: party(e.A), B: party(e.B),
			StartedAt: value.At(e.From), EndedAt: value.At(e.To), DetectedAt: value.At(e.DetectedAt), WindowSeconds: value.Some(e.Window.Seconds()), Accounts: e.Accounts,
			Bits: value.Number(e.Bits), Need: value.Some(e.Need), Counted: value.Number(e.Counted),
			Terms: value.List(e.Terms, func(t view.EvidenceTerm) Term {
				return Term{t.Name, value.Number(t.Observed), value.Some(t.Of), value.Some(t.Base), value.Number(t.Bits)}
			}),
		}
	})
	posts, more := value.Bounded(d.PostRows, maxPosts)
	out.MorePosts = more + d.MorePosts
	out.PostRows = value.List(posts, func(p view.FindingPost) FindingPost { return findingPost(p, hidden) })
	return out
}

// findingPost writes a post. What was deleted has neither a text nor an address, as
// on the page.
func findingPost(p view.FindingPost, hidden bool) FindingPost {
	out := FindingPost{
		Platform: p.Platform, PostID: p.PostID, AccountID: p.AccountID, Handle: value.Text(p.Handle), Kind: p.Kind, ObjectKind: value.Text(p.ObjectKind),
		At: value.At(p.At), Deleted: p.Deleted,
	}
	if p.Deleted {
		return out
	}
	out.URL = value.Text(words.Link(p.URL))
	if !hidden {
		var shown string
		shown, out.TextCut = words.Bound(p.Text)
		out.Text = value.Text(shown)
	}
	return out
}
