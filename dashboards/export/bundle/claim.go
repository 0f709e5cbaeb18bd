package bundle

import (
	"time"

	"winnow/dashboards/export"
)

// claimed is a finding as finding.json has it. Times are RFC 3339, in UTC.
type claimed struct {
	ID         string    `json:"id"`
	Campaign   string    `json:"campaign"`
	Profile    string    `json:"profile"`
	Kind       string    `json:"kind"`
	Sentence   string    `json:"sentence"`
	From       time.Time `json:"from"`
	To         time.Time `json:"to"`
	DetectedAt time.Time `json:"detected_at,omitzero"`
	Confidence string    `json:"confidence,omitempty"`
	Bits       float64   `json:"bits"`
	Observed   float64   `json:"observed"`
	Expected   float64   `json:"expected_by_chance"`
	Target     *target   `json:"target,omitempty"`
	Declared   string    `json:"declared,omitempty"`
	Accounts   int       `json:"accounts"`
	Objects    int       `json:"objects"`
	Posts      uint64    `json:"posts"`
	Verdicts   []judged  `json:"verdicts"`
	Tags       []string  `json:"tags"`
}

type target struct {
	Platform string `json:"platform,omitempty"`
	ID       string `json:"id"`
	Handle   string `json:"handle,omitempty"`
}

type judged struct {
	Judgement string    `json:"judgement"`
	Note      string    `json:"note,omitempty"`
	By        string    `json:"by,omitempty"`
	At        time.Time `json:"at"`
}

func claim(d export.Dataset) claimed {
	f := d.Finding
	c := claimed{
		ID: f.ID, Campaign: d.Campaign, Profile: string(d.Profile), Kind: f.Kind, Sentence: f.Sentence, From: f.From, To: f.To,
		DetectedAt: f.DetectedAt, Confidence: f.Confidence, Bits: f.Bits, Observed: f.Observed, Expected: f.Expected, Declared: f.Declared,
		Accounts: len(d.Accounts), Objects: len(d.Objects), Posts: posts(d), Verdicts: []judged{}, Tags: append([]string{}, d.Tags...),
	}
	if f.Target != (export.AccountRef{}) {
		c.Target = &target{f.Target.Platform, f.Target.ID, f.TargetHandle}
	}
	for _, v := range d.Verdicts {
		c.Verdicts = append(c.Verdicts, judged{v.Judgement, v.Note, v.Author, v.At})
	}
	return c
}

// covered is how much was seen, as coverage.json has it.
type covered struct {
	Sources []source `json:"sources"`
	Gaps    []gap    `json:"gaps"`
}

type source struct {
	Source   string    `json:"source"`
	Platform string    `json:"platform"`
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	// AtLeast and AtMost are shares of the time, 0 to 1.
	AtLeast float64 `json:"seen_at_least"`
	AtMost  float64 `json:"seen_at_most"`
}

type gap struct {
	Source   string     `json:"source"`
	Platform string     `json:"platform"`
	From     time.Time  `json:"from"`
	To       *time.Time `json:"to"`
	Cause    string     `json:"cause"`
	Share    float64    `json:"share_seen"`
	Fill     string     `json:"filled"`
	Note     string     `json:"note,omitempty"`
}

func seen(d export.Dataset) covered {
	c := covered{Sources: []source{}, Gaps: []gap{}}
	for _, s := range d.Coverage {
		c.Sources = append(c.Sources, source{s.Source, s.Platform, s.From, s.To, s.AtLeast(), s.AtMost()})
	}
	for _, g := range d.Gaps {
		c.Gaps = append(c.Gaps, gap{g.Source, g.Platform, g.From, g.To, g.Cause, g.Share, g.Fill, g.Note})
	}
	return c
}
