package shape

import (
	"time"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/api/value"
	"winnow/dashboards/desk/people"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Person is an account that a campaign protects, or that a pile-on was directed at.
type Person struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Platform    *string  `json:"platform"`
	Protected   bool     `json:"protected"`
	Found       uint64   `json:"found"`
	PileOns     []PileOn `json:"pile_ons"`
	MorePileOns uint64   `json:"more_pile_ons"`
}

// PileOn is a finding that is directed at a person. Measured is nil for a declared one.
type PileOn struct {
	FindingID  string          `json:"finding_id"`
	Standing   answer.Standing `json:"standing"`
	StartedAt  *time.Time      `json:"started_at"`
	EndedAt    *time.Time      `json:"ended_at"`
	Confidence *string         `json:"confidence"`
	Declared   *string         `json:"declared"`
	Verdict    *string         `json:"verdict"`
	Accounts   uint64          `json:"accounts"`
	Posts      uint64          `json:"posts"`
	Measured   *Measured       `json:"measured"`
}

// Measured is how close together the accounts of a pile-on came.
type Measured struct {
	FirstTime uint64   `json:"first_time_accounts"`
	Pauses    uint64   `json:"pauses"`
	Close     uint64   `json:"close_pauses"`
	Median    *float64 `json:"median_pause_seconds"`
	PeakNew   *uint64  `json:"peak_new_accounts"`
	UsualNew  *float64 `json:"usual_new_accounts"`
}

// maxPileOns bounds the pile-ons of a person, as on the page.
const maxPileOns = 50

// NewPerson writes an account with its pile-ons.
func NewPerson(p people.Person) Person {
	shown, more := value.Bounded(p.PileOns, maxPileOns)
	return Person{
		ID: p.ID, Name: p.Name, Platform: value.Text(p.Platform), Protected: p.Protected, Found: p.Found,
		PileOns: value.List(shown, newPileOn), MorePileOns: more + p.More,
	}
}

func newPileOn(p people.PileOn) PileOn {
	out := PileOn{
		FindingID: p.ID, Standing: answer.StandingOf(p.FindingSummary), StartedAt: value.At(p.StartedAt), EndedAt: value.At(p.EndedAt), Confidence: value.Text(p.Confidence),
		Declared: value.Text(p.Declared), Verdict: value.Text(p.Verdict.Judgement), Accounts: p.Accounts, Posts: p.Posts,
	}
	if m := p.Measured; m != nil {
		out.Measured = &Measured{FirstTime: m.FirstTime, Pauses: m.Pauses, Close: m.Close, PeakNew: value.Given(m.Peak)}
		if m.Pauses > 0 {
			out.Measured.Median = value.Number(m.Median.Seconds())
		}
		if m.Peak > 0 {
			out.Measured.UsualNew = value.Number(m.Usual)
		}
	}
	return out
}

// PersonDetail is a person with the posts that addressed it, and what they said only where
// that was asked for.
type PersonDetail struct {
	Person
	From           *time.Time `json:"from"`
	To             *time.Time `json:"to"`
	Posts          uint64     `json:"posts"`
	Hours          []Hour     `json:"hours"`
	ContentsHidden bool       `json:"contents_hidden"`
	Texts          []Told     `json:"texts"`
}

// Hour is the posts of one hour that address a person.
type Hour struct {
	At          time.Time `json:"at"`
	Posts       uint64    `json:"posts"`
	Organic     uint64    `json:"organic_posts"`
	Coordinated uint64    `json:"coordinated_posts"`
	Declared    uint64    `json:"declared_posts"`
}

// Told is what was written to a person, equal texts together; nobody's name is on it.
type Told struct {
	Text     *string    `json:"text"`
	TextCut  bool       `json:"text_cut"`
	Deleted  bool       `json:"deleted"`
	Posts    uint64     `json:"posts"`
	Accounts uint64     `json:"accounts"`
	FirstAt  *time.Time `json:"first_at"`
	LastAt   *time.Time `json:"last_at"`
}

// NewPersonDetail writes a person that was asked for alone.
func NewPersonDetail(p people.Person) PersonDetail {
	out := PersonDetail{Person: NewPerson(p), Hours: []Hour{}, ContentsHidden: !p.Asked}
	if o := p.Over; o != nil {
		out.From, out.To, out.Posts = value.At(o.From), value.At(o.To), o.Posts
		out.Hours = value.List(o.Hours, func(h view.AddressedHour) Hour {
			return Hour{h.At.UTC(), h.Posts, o.Organic(h), h.Coordinated, h.Declared}
		})
	}
	out.Texts = value.List(p.Told, func(t view.ToldText) Told {
		shown, cut := words.Bound(t.Text)
		return Told{value.Text(shown), cut, t.Deleted, t.Posts, t.Accounts, value.At(t.First), value.At(t.Last)}
	})
	return out
}
