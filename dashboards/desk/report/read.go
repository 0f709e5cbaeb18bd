package report

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/changed"
	"winnow/dashboards/desk/window"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Bounds on what a report lists: nobody reads more, and a file must open.
const (
	maxTargets  = 10
	maxChanges  = 40
	maxDeclared = 50
)

// page is what the templates tell.
type page struct {
	Options
	// To is the end asked for, or the end of the hour of the last post; From likewise.
	// Whole is true of a report about everything collected.
	From, To time.Time
	Whole    bool
	// First and Last are the first and the last post of the campaign.
	First, Last time.Time
	// Title names the document.
	Title string
	// ZoneName names the zone of all times.
	ZoneName string
	Answers  answer.Answers
	// Targets are the accounts that pile-ons are directed at, without their names
	// unless identities are told; MoreTargets counts those left out.
	Targets     []answer.Target
	MoreTargets uint64
	Reach       reach
	Timeline    overTime
	Findings    []finding
	// Undeclared counts all undeclared findings, Detailed how many are told with
	// their evidence, MoreFindings those left out.
	Undeclared, Detailed, MoreFindings uint64
	Declared                           []view.FindingSummary
	MoreDeclared                       uint64
	// Early and Rejected only count.
	Early, Rejected uint64
	// FirstChange answers what changed; nil if nothing did.
	FirstChange *change
	Changes     []change
	MoreChanges uint64
	Seen        seen
}

// change is a change in the volume; OfTag says that it is one of a tag, whose name is
// empty unless identities are told: what people tag may name somebody.
type change struct {
	view.Change
	OfTag bool
}

// read gathers what a report tells.
func read(ctx context.Context, s Store, o Options) (*page, error) {
	summary, ok, err := s.Campaign(ctx, o.Campaign)
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading a campaign for its report: %w", err)
	case !ok:
		return nil, ErrNoCampaign
	case summary.Posts == 0:
		return nil, ErrEmpty
	}
	p := &page{Options: o, First: summary.First, Last: summary.Last, Whole: o.From.IsZero() && o.To.IsZero(), ZoneName: words.Place(o.Now)}
	if err := p.span(); err != nil {
		return nil, err
	}
	p.Title = o.title(p.From, p.To)
	if p.Reach, err = readReach(ctx, s, o.Campaign, p.From, p.To); err != nil {
		return nil, fmt.Errorf("reading the reach of a campaign for its report: %w", err)
	}
	if p.Reach.All.Posts == 0 {
		return nil, ErrEmpty
	}
	all, err := p.readFindings(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("reading findings for a report: %w", err)
	}
	if err := p.readChanges(ctx, s); err != nil {
		return nil, fmt.Errorf("reading changes for a report: %w", err)
	}
	if p.Seen, err = readSeen(ctx, s, o, p.From, p.To); err != nil {
		return nil, fmt.Errorf("reading the coverage of a campaign for its report: %w", err)
	}
	p.Timeline, err = p.readTimeline(ctx, s, all)
	if err != nil {
		return nil, fmt.Errorf("reading a campaign over time for its report: %w", err)
	}
	return p, nil
}

// span sets the time that is told, in whole hours: those are the shortest in which
// accounts are kept.
func (p *page) span() error {
	if !p.Options.From.IsZero() && !p.Options.To.IsZero() && !p.Options.From.Before(p.Options.To) {
		return ErrSpan
	}
	p.From, p.To = p.First, p.Last.Add(1)
	if !p.Options.From.IsZero() {
		p.From = p.Options.From
	}
	if !p.Options.To.IsZero() {
		p.To = p.Options.To
	}
	if !p.From.Before(p.To) {
		return ErrEmpty // it begins after the last post, or ends before the first
	}
	p.From = p.From.Truncate(time.Hour).In(p.Zone)
	p.To = wholeHour(p.To).In(p.Zone)
	// What is to come has neither posts nor gaps.
	if end := wholeHour(p.Now); p.To.After(end) && p.To.After(wholeHour(p.Last)) && p.From.Before(end) {
		p.To = end.In(p.Zone)
	}
	return nil
}

// wholeHour is the end of the hour that a time lies in.
func wholeHour(t time.Time) time.Time { return t.Add(time.Hour - 1).Truncate(time.Hour) }

// within says whether something lasted into the time that is told.
func (p *page) within(from, to time.Time) bool { return from.Before(p.To) && !to.Before(p.From) }

// readFindings reads the findings with evidence in the time that is told, and returns
// those that no person judged wrong, the first ones first.
func (p *page) readFindings(ctx context.Context, s Store) ([]view.FindingSummary, error) {
	all, err := s.Findings(ctx, p.Campaign)
	if err != nil {
		return nil, err
	}
	rejected, err := s.Rejected(ctx, p.Campaign)
	if err != nil {
		return nil, err
	}
	all, rejected = p.inTime(all), p.inTime(rejected)
	parted := answer.Part(all)
	p.Early, p.Rejected, p.Undeclared = uint64(len(parted.Early)), uint64(len(rejected)), uint64(len(parted.Undeclared))
	p.Answers = answer.Of(all, p.Now)
	p.Targets = p.Answers.Targets
	if n := len(p.Targets); n > maxTargets {
		p.Targets, p.MoreTargets = p.Targets[:maxTargets], uint64(n-maxTargets)
	}
	if p.Declared = parted.Declared; len(p.Declared) > maxDeclared {
		p.Declared, p.MoreDeclared = p.Declared[:maxDeclared], uint64(len(p.Declared)-maxDeclared)
	}
	if err := p.tellFindings(ctx, s, parted.Undeclared); err != nil {
		return nil, err
	}
	if !p.Identities {
		p.Answers.Targets, p.Targets, p.Declared = nil, unnamed(p.Targets), anonymous(p.Declared)
	}
	return all, nil
}

// inTime keeps findings with evidence in the time that is told, the first ones first.
func (p *page) inTime(all []view.FindingSummary) []view.FindingSummary {
	kept := slices.DeleteFunc(slices.Clone(all), func(f view.FindingSummary) bool { return !p.within(f.StartedAt, f.EndedAt) })
	slices.SortStableFunc(kept, func(a, b view.FindingSummary) int {
		return cmp.Or(a.StartedAt.Compare(b.StartedAt), a.EndedAt.Compare(b.EndedAt), cmp.Compare(a.ID, b.ID))
	})
	return kept
}

// readChanges reads the changes in the time that is told, the first ones first and those
// of the whole campaign before those of its tags.
func (p *page) readChanges(ctx context.Context, s Store) error {
	all, err := s.Changes(ctx, p.Campaign)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(slices.Clone(all), func(c view.Change) bool { return !p.within(c.From, changed.End(c, p.Now)) })
	slices.SortStableFunc(all, func(a, b view.Change) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(min(1, len(a.Tag)), min(1, len(b.Tag))), cmp.Compare(b.Bits, a.Bits), cmp.Compare(a.ID, b.ID))
	})
	if first, ok := changed.First(all); ok {
		c := p.tellChange(first)
		p.FirstChange = &c
	}
	if n := len(all); n > maxChanges {
		// Those that say the most stay, in their order.
		least := slices.SortedFunc(slices.Values(all), func(a, b view.Change) int { return cmp.Or(cmp.Compare(b.Bits, a.Bits), cmp.Compare(a.ID, b.ID)) })[maxChanges:]
		all = slices.DeleteFunc(all, func(c view.Change) bool {
			return slices.ContainsFunc(least, func(l view.Change) bool { return l.ID == c.ID })
		})
		p.MoreChanges = uint64(n - len(all))
	}
	for _, c := range all {
		p.Changes = append(p.Changes, p.tellChange(c))
	}
	return nil
}

func (p *page) tellChange(c view.Change) change {
	out := change{Change: c, OfTag: c.Tag != ""}
	if !p.Identities {
		out.Tag = ""
	}
	return out
}

// window is the time that is told as the charts take it.
func (p *page) window() window.Window {
	query := url.Values{"from": {p.From.Format(time.RFC3339)}, "to": {p.To.Format(time.RFC3339)}}
	return window.Parse(p.tell, query, p.First, p.To)
}
