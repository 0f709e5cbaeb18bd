package shape

import (
	"time"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/api/value"
	"winnow/dashboards/desk/replay"
)

// Moment is the posts from the beginning of a replay up to one of its moments.
type Moment struct {
	At              time.Time `json:"at"`
	Posts           uint64    `json:"posts"`
	Organic         uint64    `json:"organic_posts"`
	Coordinated     uint64    `json:"coordinated_posts"`
	Declared        uint64    `json:"declared_posts"`
	MostAccounts    uint64    `json:"most_accounts"`
	MostCoordinated uint64    `json:"most_coordinated_accounts"`
	Findings        uint64    `json:"findings"`
}

// Phase is a stretch of moments at which the same was known.
type Phase struct {
	From          time.Time  `json:"from"`
	To            time.Time  `json:"to"`
	Found         bool       `json:"found"`
	Ongoing       bool       `json:"ongoing"`
	Since         *time.Time `json:"since"`
	Last          *time.Time `json:"last"`
	EnoughSince   *time.Time `json:"enough_since"`
	Findings      uint64     `json:"findings"`
	Early         uint64     `json:"early_findings"`
	Declared      uint64     `json:"declared_findings"`
	Open          uint64     `json:"open_findings"`
	NewestFinding *string    `json:"newest_finding"`
	Targets       []string   `json:"targets"`
	Changes       uint64     `json:"changes"`
	NewestChange  *string    `json:"newest_change"`
}

// Known is that something became known: a finding or a change, by its id.
type Known struct {
	ID string    `json:"id"`
	At time.Time `json:"known_at"`
	// Delay is how long after the first evidence that was.
	Delay float64 `json:"delay_seconds"`
}

// Began is a change that had begun, by its id.
type Began struct {
	ID string    `json:"id"`
	At time.Time `json:"started_at"`
}

// Replay is what was known of a campaign when.
type Replay struct {
	From     *time.Time `json:"from"`
	To       *time.Time `json:"to"`
	Pace     float64    `json:"pace_seconds"`
	Step     float64    `json:"step_seconds"`
	Moments  []Moment   `json:"moments"`
	Phases   []Phase    `json:"phases"`
	Findings []Known    `json:"findings"`
	Changes  []Began    `json:"changes"`
	// More is how many findings and changes are left out, Rejected how many findings
	// were judged wrong.
	More     uint64 `json:"more"`
	Rejected uint64 `json:"rejected_findings"`
}

// NewReplay writes a replay up to its moment in place last.
func NewReplay(p replay.Page, last int) Replay {
	out := Replay{
		From: value.At(p.From), To: value.At(p.To), Pace: p.Pace.Seconds(), Step: p.Step.Seconds(), More: p.More, Rejected: p.Rejected,
		Moments: []Moment{}, Phases: []Phase{}, Findings: []Known{}, Changes: []Began{},
	}
	if p.Empty {
		return out
	}
	out.Moments = value.List(p.Moments[:last+1], func(c replay.Count) Moment {
		return Moment{c.At.UTC(), c.Posts, c.Organic, c.Coordinated, c.Declared, c.Accounts, c.CoordinatedAccounts, c.Known.Findings}
	})
	for _, phase := range p.Phases {
		if phase.First <= last {
			out.Phases = append(out.Phases, newPhase(phase.Known, p.Moments[phase.First].At, p.Moments[min(phase.Last, last)].At))
		}
	}
	for _, e := range p.Findings {
		if e.Known <= last {
			out.Findings = append(out.Findings, Known{e.Finding.ID, e.KnownAt().UTC(), e.Delay().Seconds()})
		}
	}
	for _, e := range p.Changes {
		if e.Known <= last {
			out.Changes = append(out.Changes, Began{e.Change.ID, e.Change.From.UTC()})
		}
	}
	return out
}

func newPhase(k replay.Known, from, to time.Time) Phase {
	out := Phase{
		From: from.UTC(), To: to.UTC(), Found: k.Found, Ongoing: k.Ongoing, Since: value.At(k.Since), Last: value.At(k.Last), EnoughSince: value.At(k.Enough),
		Findings: k.Findings, Early: k.Early, Declared: k.Declared, Open: k.Open, Changes: k.Changes,
	}
	targets, _ := value.Bounded(k.Targets, maxTargets)
	out.Targets = value.List(targets, func(t answer.Target) string { return t.Name })
	if k.Newest != nil {
		out.NewestFinding = &k.Newest.ID
	}
	if k.Change != nil {
		out.NewestChange = &k.Change.ID
	}
	return out
}
