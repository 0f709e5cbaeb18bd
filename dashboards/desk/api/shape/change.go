package shape

import (
	"time"

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
		ID: c.ID, Tag: text(c.Tag), Direction: c.Direction, Sentence: c.Sentence, StartedAt: at(c.From), EndedAt: ends(c.To), Lasting: c.Lasting,
		Bits: number(c.Bits), Observed: c.Observed, Expected: number(c.Expected),
		PeakAt: at(c.Peak), PeakObserved: c.PeakObserved, PeakExpected: number(c.PeakExpected),
		Before:    Side{at(c.BeforeFrom), at(c.From), c.BeforePosts, c.BeforeAccounts, number(c.BeforeEffective)},
		After:     Side{at(c.From), at(c.AfterTo), c.AfterPosts, c.AfterAccounts, number(c.AfterEffective)},
		Newcomers: c.Newcomers, Stayed: c.Stayed, StayedPosts: c.StayedPosts, UsualPosts: number(c.Usual), Hold: text(c.Hold),
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
				PostsBefore: i.PostsBefore, PostsAfter: i.PostsAfter, Bits: number(i.Bits),
			}
			if !hidden {
				label, _ := words.Bound(i.Label)
				out.ID, out.Label = text(i.ID), text(label)
			}
			return out
		}
	}
	return ChangeDetail{
		Change: NewChange(d.Change), ContentsHidden: hidden,
		Rose: list(d.Rose, said(hidden)), Fell: list(d.Fell, said(hidden)), Languages: list(d.Languages, said(false)),
		Accounts: list(d.Accounts, func(i view.ChangeItem) ChangeAccount {
			return ChangeAccount{i.Kind, i.ID, text(i.Label), i.PostsBefore, i.PostsAfter, i.Newcomer}
		}),
	}
}
