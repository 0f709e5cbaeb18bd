package evidence

import (
	"time"

	"winnow/dashboards/desk/api/value"
	"winnow/dashboards/desk/strip"
	"winnow/storage/view"
)

// Times is when the posts of a finding came.
type Times struct {
	From        *time.Time `json:"from"`
	To          *time.Time `json:"to"`
	StepSeconds float64    `json:"step_seconds"`
	Window      *float64   `json:"window_seconds"`
	ByAccount   bool       `json:"by_account"`
	Posts       uint64     `json:"posts"`
	PeakPosts   uint64     `json:"peak_posts"`
	PeakAt      *time.Time `json:"peak_at"`
}

// NewTimes writes when posts came, but for the stretches themselves.
func NewTimes(t strip.Times) Times {
	return Times{
		From: value.At(t.First), To: value.At(t.Last.Add(time.Second)), StepSeconds: t.Grain.Seconds(), Window: value.Some(t.Window.Seconds()), ByAccount: t.ByAccount,
		Posts: t.Posts, PeakPosts: t.Peak, PeakAt: value.At(t.PeakAt),
	}
}

// Stretch is the posts of one stretch of time, of an account or of a kind of object.
type Stretch struct {
	At         time.Time `json:"at"`
	Platform   *string   `json:"platform"`
	AccountID  *string   `json:"account_id"`
	ObjectKind *string   `json:"object_kind"`
	Posts      uint64    `json:"posts"`
}

// NewStretch writes the posts of one stretch.
func NewStretch(s view.FindingSecond) Stretch {
	return Stretch{s.At.UTC(), value.Text(s.Platform), value.Text(s.AccountID), value.Text(s.Kind), s.Posts}
}

// NewStretches writes several.
func NewStretches(all []view.FindingSecond) []Stretch { return value.List(all, NewStretch) }

// Edge joins an account of a finding to another, or to an object.
type Edge struct {
	A            *Party   `json:"a"`
	B            *Party   `json:"b"`
	ObjectKind   *string  `json:"object_kind"`
	ObjectID     *string  `json:"object_id"`
	ObjectNumber *int     `json:"object_number"`
	Posts        *uint64  `json:"posts"`
	Bits         *float64 `json:"bits"`
}

// NewEdges writes what joins the accounts and objects of a finding. Where contents are
// hidden an object is known by its number alone.
func NewEdges(edges []view.FindingEdge, objects []view.FindingObject, hidden bool) []Edge {
	return value.List(edges, func(e view.FindingEdge) Edge {
		out := Edge{A: party(e.A), B: party(e.B), ObjectKind: value.Text(e.ObjectKind), Posts: value.Given(e.Posts), Bits: value.Some(e.Bits)}
		if e.ObjectID == "" {
			return out
		}
		if !hidden {
			out.ObjectID = value.Text(e.ObjectID)
		}
		for i, o := range objects[:min(len(objects), maxObjects)] {
			if o.Kind == e.ObjectKind && o.ID == e.ObjectID {
				place := i + 1
				out.ObjectNumber = &place
				break
			}
		}
		return out
	})
}

// Related is a finding, of any campaign, that has accounts or objects in common.
type Related struct {
	Campaign       string     `json:"campaign"`
	ID             string     `json:"id"`
	Kind           string     `json:"kind"`
	Sentence       string     `json:"sentence"`
	StartedAt      *time.Time `json:"started_at"`
	EndedAt        *time.Time `json:"ended_at"`
	Confidence     *string    `json:"confidence"`
	Declared       *string    `json:"declared"`
	Verdict        *string    `json:"verdict"`
	Accounts       uint64     `json:"accounts"`
	CommonAccounts uint64     `json:"common_accounts"`
	Objects        uint64     `json:"objects"`
	CommonObjects  uint64     `json:"common_objects"`
}

// NewRelated writes findings that have something in common with one.
func NewRelated(all []view.RelatedFinding) []Related {
	return value.List(all, func(f view.RelatedFinding) Related {
		return Related{
			f.Campaign, f.ID, f.Kind, f.Sentence, value.At(f.StartedAt), value.At(f.EndedAt), value.Text(f.Confidence), value.Text(f.Declared), value.Text(f.Judgement),
			f.Accounts, f.CommonAccounts, f.Objects, f.CommonObjects,
		}
	})
}

// Said is one of the verdicts that people gave. Its verdict is nil where they took an
// earlier one back.
type Said struct {
	Verdict *string   `json:"verdict"`
	Note    *string   `json:"note"`
	Author  *string   `json:"author"`
	At      time.Time `json:"at"`
}

// NewSaid writes all that people said of a finding.
func NewSaid(all []view.Verdict) []Said {
	return value.List(all, func(v view.Verdict) Said {
		return Said{value.Text(v.Judgement), value.Text(v.Note), value.Text(v.Author), v.At.UTC()}
	})
}
