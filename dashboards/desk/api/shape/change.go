package shape

import (
	"time"

	"winnow/dashboards/desk/api/value"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Change is a stretch of time in which the volume was unusual.
type Change struct {
	ID           string     `json:"id"`
	Tag          *string    `json:"tag"`
	Direction    string     `json:"direction"`
	Sentence     string     `json:"sentence"`
	StartedAt    *time.Time `json:"started_at"`
	EndedAt      *time.Time `json:"ended_at"`
	Lasting      bool       `json:"lasting"`
	Bits         *float64   `json:"bits"`
	Observed     uint64     `json:"observed"`
	Expected     *float64   `json:"expected"`
	PeakAt       *time.Time `json:"peak_at"`
	PeakObserved uint64     `json:"peak_observed"`
	PeakExpected *float64   `json:"peak_expected"`
	Before       Side       `json:"before"`
	After        Side       `json:"after"`
	Newcomers    uint64     `json:"newcomers"`
	Stayed       uint64     `json:"stayed"`
	StayedPosts  uint64     `json:"stayed_posts"`
	UsualPosts   *float64   `json:"usual_posts"`
	Hold         *string    `json:"hold"`
}

// Side is what was there before or after a change.
type Side struct {
	From     *time.Time `json:"from"`
	To       *time.Time `json:"to"`
	Posts    uint64     `json:"posts"`
	Accounts uint64     `json:"accounts"`
	// EffectiveAccounts is the number of equally loud accounts that would be as
	// varied.
	EffectiveAccounts *float64 `json:"effective_accounts"`
}

// NewChange writes a change.
func NewChange(c view.Change) Change {
	return Change{
		ID: c.ID, Tag: value.Text(c.Tag), Direction: c.Direction, Sentence: c.Sentence, StartedAt: value.At(c.From), EndedAt: value.Ends(c.To), Lasting: c.Lasting,
		Bits: value.Number(c.Bits), Observed: c.Observed, Expected: value.Number(c.Expected),
		PeakAt: value.At(c.Peak), PeakObserved: c.PeakObserved, PeakExpected: value.Number(c.PeakExpected),
		Before:    Side{value.At(c.BeforeFrom), value.At(c.From), c.BeforePosts, c.BeforeAccounts, value.Number(c.BeforeEffective)},
		After:     Side{value.At(c.From), value.At(c.AfterTo), c.AfterPosts, c.AfterAccounts, value.Number(c.AfterEffective)},
		Newcomers: c.Newcomers, Stayed: c.Stayed, StayedPosts: c.StayedPosts, UsualPosts: value.Number(c.Usual), Hold: value.Text(c.Hold),
	}
}

// ChangeDetail is a change with what rose and fell in it.
type ChangeDetail struct {
	Change
	// ContentsHidden is true where texts, links and tags were left out, since a
	// pile-on has evidence in this time.
	ContentsHidden bool            `json:"contents_hidden"`
	Rose           []ChangeItem    `json:"rose"`
	Fell           []ChangeItem    `json:"fell"`
	Languages      []ChangeItem    `json:"languages"`
	Accounts       []ChangeAccount `json:"accounts"`
}

// ChangeItem is a thing talked about on either side of a change.
type ChangeItem struct {
	Kind           string   `json:"kind"`
	ID             *string  `json:"id"`
	Label          *string  `json:"label"`
	AccountsBefore uint64   `json:"accounts_before"`
	AccountsAfter  uint64   `json:"accounts_after"`
	PostsBefore    uint64   `json:"posts_before"`
	PostsAfter     uint64   `json:"posts_after"`
	Bits           *float64 `json:"bits"`
}

// ChangeAccount is an account on either side of a change.
type ChangeAccount struct {
	Platform    string  `json:"platform"`
	AccountID   string  `json:"account_id"`
	Handle      *string `json:"handle"`
	PostsBefore uint64  `json:"posts_before"`
	PostsAfter  uint64  `json:"posts_after"`
	Newcomer    bool    `json:"newcomer"`
}

// NewChangeDetail writes a change with what belongs to it; hidden leaves out what
// was said.
func NewChangeDetail(d view.ChangeDetail, hidden bool) ChangeDetail {
	said := func(hidden bool) func(view.ChangeItem) ChangeItem {
		return func(i view.ChangeItem) ChangeItem {
			out := ChangeItem{
				Kind: i.Kind, AccountsBefore: i.AccountsBefore, AccountsAfter: i.AccountsAfter,
				PostsBefore: i.PostsBefore, PostsAfter: i.PostsAfter, Bits: value.Number(i.Bits),
			}
			if !hidden {
				label, _ := words.Bound(i.Label)
				out.ID, out.Label = value.Text(i.ID), value.Text(label)
			}
			return out
		}
	}
	return ChangeDetail{
		Change: NewChange(d.Change), ContentsHidden: hidden,
		Rose: value.List(d.Rose, said(hidden)), Fell: value.List(d.Fell, said(hidden)), Languages: value.List(d.Languages, said(false)),
		Accounts: value.List(d.Accounts, func(i view.ChangeItem) ChangeAccount {
			return ChangeAccount{i.Kind, i.ID, value.Text(i.Label), i.PostsBefore, i.PostsAfter, i.Newcomer}
		}),
	}
}
