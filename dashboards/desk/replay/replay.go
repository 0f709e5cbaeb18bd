package replay

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"winnow/dashboards/desk/chart"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Files holds replay.html, which defines the template "replay" for a [Page]. It uses the
// words and parts of the pages.
//
//go:embed replay.html
var Files embed.FS

// Store is what a replay reads; package desk says what each of them returns.
type Store interface {
	Campaign(ctx context.Context, name string) (view.CampaignSummary, bool, error)
	Series(ctx context.Context, campaign string, from, to time.Time, step time.Duration) ([]view.SeriesPoint, error)
	Findings(ctx context.Context, campaign string) ([]view.FindingSummary, error)
	Rejected(ctx context.Context, campaign string) ([]view.FindingSummary, error)
	Changes(ctx context.Context, campaign string) ([]view.Change, error)
}

// maxListed is how many findings and changes a page lists.
const maxListed = 200

// Page is a replay, at one of its moments.
type Page struct {
	Campaign string
	// Empty is true of a campaign without posts: there is nothing else then.
	Empty    bool
	From, To time.Time
	Pace     time.Duration
	// Step is the length of the buckets that accounts are counted in.
	Step    time.Duration
	Notices []string
	// Moments are all there are, in order. At is the place of the one that is shown,
	// and Now is that one.
	Moments []Count
	At      int
	Now     Count
	// Phases are stretches of moments that are told in the same words, in order.
	Phases []Phase
	// Findings are those that are known by the end, Changes those that began by then, the
	// newest first. More counts those left out.
	Findings []Event
	Changes  []Event
	More     uint64
	// Rejected is how many findings were judged wrong, and are not told.
	Rejected uint64
	// Next and Before are the moments of the findings after and before the one shown; nil
	// without.
	Next, Before *Count
	// The timeline, for three widths.
	Wide, Mid, Phone chart.Chart
	// FromField and ToField fill the form, in the zone of the reader.
	FromField, ToField string
}

// Phase is what was known from the moment at place First to that at Last.
type Phase struct {
	First, Last int
	Known
}

// Event is a finding or a change, known from the moment at place Known on.
type Event struct {
	Known   int
	Finding view.FindingSummary
	Change  view.Change
}

// KnownAt is when the finding's evidence was enough.
func (e Event) KnownAt() time.Time { return KnownAt(e.Finding) }

// Delay is how long after the first evidence it was enough.
func (e Event) Delay() time.Duration { return KnownAt(e.Finding).Sub(e.Finding.StartedAt) }

// fieldLayout is how a form takes a time to the minute.
const fieldLayout = "2006-01-02T15:04"

// Read makes the replay of a campaign that a query names: name, from, to and at. False if
// there is no such campaign.
func Read(ctx context.Context, t *words.Teller, store Store, q url.Values) (Page, bool, error) {
	name := q.Get("name")
	summary, ok, err := store.Campaign(ctx, name)
	if err != nil || !ok {
		return Page{}, false, wrap("read a campaign", err)
	}
	if summary.Posts == 0 {
		return Page{Campaign: name, Empty: true}, true, nil
	}
	findings, err := store.Findings(ctx, name)
	if err != nil {
		return Page{}, false, wrap("list findings", err)
	}
	rejected, err := store.Rejected(ctx, name)
	if err != nil {
		return Page{}, false, wrap("list findings that were judged wrong", err)
	}
	changes, err := store.Changes(ctx, name)
	if err != nil {
		return Page{}, false, wrap("list changes", err)
	}
	s := choose(t, q, summary, findings)
	series, err := store.Series(ctx, name, s.From.UTC(), s.To.UTC(), s.step())
	if err != nil {
		return Page{}, false, wrap("read the series", err)
	}
	p := newPage(t, s, series, findings, changes, s.asked(t, q))
	p.Campaign, p.Rejected = name, uint64(len(rejected))
	return p, true, nil
}

func wrap(attempt string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s to replay: %w", attempt, err)
}

// newPage makes a replay at the moment in place at.
func newPage(t *words.Teller, s span, series []view.SeriesPoint, findings []view.FindingSummary, changes []view.Change, at int) Page {
	p := Page{
		From: s.From, To: s.To, Pace: s.Pace, Step: s.step(), Notices: s.Notices, At: at, Moments: count(s, series),
		FromField: s.From.Format(fieldLayout), ToField: s.To.Format(fieldLayout),
	}
	for i := range p.Moments {
		k := knownAt(p.Moments[i].At, findings, changes)
		if n := len(p.Phases); n > 0 && p.Phases[n-1].same(k) {
			p.Phases[n-1].Last = i
		} else {
			p.Phases = append(p.Phases, Phase{First: i, Last: i, Known: k})
		}
	}
	for i, phase := range p.Phases {
		for m := phase.First; m <= phase.Last; m++ {
			p.Moments[m].Known = &p.Phases[i].Known
		}
	}
	p.Now = p.Moments[at]
	p.list(s, findings, changes)
	p.neighbours()
	p.draw(t, s, at)
	return p
}

// list puts findings and changes in order, those that became known last first. Where there are
// too many, the newest are kept.
func (p *Page) list(s span, findings []view.FindingSummary, changes []view.Change) {
	for _, f := range findings {
		if i := s.upTo(KnownAt(f)); i < s.moments() {
			p.Findings = append(p.Findings, Event{Known: i, Finding: f})
		}
	}
	for _, c := range changes {
		if i := s.upTo(c.From); i < s.moments() {
			p.Changes = append(p.Changes, Event{Known: i, Change: c})
		}
	}
	p.Findings = p.newest(p.Findings, func(e Event) time.Time { return KnownAt(e.Finding) })
	p.Changes = p.newest(p.Changes, func(e Event) time.Time { return e.Change.From })
}

func (p *Page) newest(events []Event, at func(Event) time.Time) []Event {
	slices.SortStableFunc(events, func(a, b Event) int {
		return cmp.Or(at(b).Compare(at(a)), cmp.Compare(b.Finding.Bits+b.Change.Bits, a.Finding.Bits+a.Change.Bits))
	})
	if len(events) > maxListed {
		p.More += uint64(len(events) - maxListed)
		events = events[:maxListed]
	}
	return events
}

// neighbours finds the moments of the findings before and after the one shown.
func (p *Page) neighbours() {
	for _, e := range p.Findings { // the newest first
		switch {
		case e.Known > p.At:
			p.Next = &p.Moments[e.Known]
		case e.Known < p.At && p.Before == nil:
			p.Before = &p.Moments[e.Known]
		}
	}
}

// One is the moment so many places from the one shown; nil if there is none.
func (p *Page) One(by int) *Count {
	if i := p.At + by; i >= 0 && i < len(p.Moments) {
		return &p.Moments[i]
	}
	return nil
}

// Begin and End are the first and the last moment.
func (p *Page) Begin() Count { return p.Moments[0] }

// End is explained at Begin.
func (p *Page) End() Count { return p.Moments[len(p.Moments)-1] }

// Seconds is how far moments are apart, as the slider counts.
func (p *Page) Seconds() int64 { return int64(p.Pace / time.Second) }

// FromExact is From as an address has it: a clock that is put back shows some times twice.
func (p *Page) FromExact() string { return p.From.UTC().Format(time.RFC3339) }

// ToExact is explained at FromExact.
func (p *Page) ToExact() string { return p.To.UTC().Format(time.RFC3339) }

// Most is how many moments there can be.
func (p *Page) Most() uint64 { return MaxMoments }

// Address is where a moment is shown.
func (p *Page) Address(c Count) string {
	return "/campaign/replay?" + url.Values{
		"name": {p.Campaign}, "from": {p.FromExact()}, "to": {p.ToExact()}, "at": {strconv.FormatInt(c.At.Unix(), 10)},
	}.Encode()
}

// Sizes of the timeline, in CSS pixels.
const (
	wideWidth, wideHeight   = 1096, 240
	midWidth, midHeight     = 680, 220
	phoneWidth, phoneHeight = 344, 200
)

// draw draws the timeline: one bar up to each moment, the later ones faint.
func (p *Page) draw(t *words.Teller, s span, at int) {
	n := len(p.Moments) - 1
	layers := make([]chart.Layer, 3)
	for i, class := range []string{"coordinated", "declared", "organic"} {
		layers[i] = chart.Layer{Class: class, Values: make([]float64, n)}
	}
	for i := range n {
		c, before := p.Moments[i+1], p.Moments[i]
		layers[0].Values[i] = float64(c.Coordinated - before.Coordinated)
		layers[1].Values[i] = float64(c.Declared - before.Declared)
		layers[2].Values[i] = float64(c.Organic - before.Organic)
	}
	spec := chart.Spec{
		Title: t.Text("Posts over time"), Desc: t.Text("A bar for each moment; those after the moment shown are faint. The table below has the numbers."), Month: t.Month,
		From: s.From, Step: s.Pace, Layers: layers, Until: s.at(at),
	}
	for _, picture := range []struct {
		chart         *chart.Chart
		id            string
		width, height float64
	}{
		{&p.Wide, "replay-wide", wideWidth, wideHeight},
		{&p.Mid, "replay-mid", midWidth, midHeight},
		{&p.Phone, "replay-phone", phoneWidth, phoneHeight},
	} {
		spec.ID, spec.Width, spec.Height = picture.id, picture.width, picture.height
		*picture.chart = chart.New(spec)
	}
}
