package desk

import (
	"net/http"
	"slices"
	"time"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/desk/frame"
	"winnow/dashboards/desk/report"
	"winnow/dashboards/desk/timeline"
	"winnow/dashboards/desk/window"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Bounds on what a page lists. Beyond them nobody reads, and browsers suffer.
const (
	maxFindings = 200
	maxTargets  = 5
)

// fieldLayout is how a form takes a time to the minute, in the zone of its reader.
const fieldLayout = "2006-01-02T15:04"

// recounting is how long after a verdict the numbers may still be counted again: the
// store does so within seconds, unless a campaign is very large.
const recounting = 2 * time.Minute

// campaignPage is the content of a campaign's page.
type campaignPage struct {
	Summary view.CampaignSummary
	// Change is true for who may change the campaign.
	Change  bool
	State   state
	Answers answers
	// Findings are the undeclared ones, Early those of them that may be taken
	// back, Declared the others, newest first. MoreFindings, MoreEarly and
	// MoreDeclared count those left out.
	Findings     []view.FindingSummary
	MoreFindings uint64
	Early        []view.FindingSummary
	MoreEarly    uint64
	Declared     []view.FindingSummary
	MoreDeclared uint64
	// Rejected are those that a person judged wrong: they are in none of the above.
	Rejected     []view.FindingSummary
	MoreRejected uint64
	// Recount is true while a verdict is so fresh that the numbers may not follow
	// it yet.
	Recount bool
	// CoordinatedReach is how many of the followers are those of coordinated accounts.
	CoordinatedReach uint64
	Window           window.Window
	StepWords        string
	Quick            []choice
	Steps            []choice
	// DaysOf is when a day of the charts begins for its reader; empty if at midnight.
	DaysOf string
	// FromField and ToField fill the form.
	FromField, ToField string
	Charts             timeline.Charts
	Changes            changes
	Coverage           coverage.OfCampaign
	// Report is where the campaign's reports are to be had.
	Report report.Links
}

// choice is one of several offered.
type choice struct {
	Name, Label string
	Chosen      bool
}

// answers are the facts behind the first sentences of the page, with as many
// targets as it names. MoreTargets counts those left out.
type answers struct {
	answer.Answers
	MoreTargets uint64
}

// showCampaign answers the questions about one campaign.
func (d *desk) showCampaign(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	name := query.Get("name")
	ctx, t := r.Context(), d.Teller(r)
	summary, ok, err := d.store.Campaign(ctx, name)
	if err != nil {
		d.Fail(w, r, "read a campaign", err)
		return
	}
	if !ok {
		d.Missing(w, r, noCampaign())
		return
	}
	if summary.Posts == 0 {
		// Why there are none may be that no source is there to bring them.
		seen, err := coverage.ReadCampaign(ctx, t, d.store, d.sources(), name, coverage.Span{First: summary.First})
		if err != nil {
			d.Fail(w, r, "read the coverage of a campaign", err)
			return
		}
		d.Render(w, r, http.StatusOK, "campaign", words.Isolate(t.Naming(name)),
			campaignPage{Summary: summary, Change: d.mayDraft(r), State: stateOf(summary), Coverage: seen})
		return
	}
	findings, err := d.store.Findings(ctx, name)
	if err != nil {
		d.Fail(w, r, "list findings of a campaign", err)
		return
	}
	moved, err := d.store.Changes(ctx, name)
	if err != nil {
		d.Fail(w, r, "list changes of a campaign", err)
		return
	}
	rejected, err := d.store.Rejected(ctx, name)
	if err != nil {
		d.Fail(w, r, "list findings that were judged wrong", err)
		return
	}
	audience, err := d.store.Audience(ctx, name, summary.First, summary.Last.Add(time.Hour))
	if err != nil {
		d.Fail(w, r, "count the accounts of a campaign", err)
		return
	}
	win := window.Parse(t, query, summary.First, summary.Last)
	points, err := d.store.Series(ctx, name, win.From, win.To, win.Step)
	if err != nil {
		d.Fail(w, r, "read the series of a campaign", err)
		return
	}
	now := t.Now()
	seen, err := coverage.ReadCampaign(ctx, t, d.store, d.sources(), name, coverage.Span{From: win.From, To: win.To, First: summary.First, Whole: win.Quick == "all"})
	if err != nil {
		d.Fail(w, r, "read the coverage of a campaign", err)
		return
	}

	parted := answer.Part(findings)
	page := campaignPage{
		Summary: summary, Change: d.mayDraft(r), State: stateOf(summary), Window: win, StepWords: t.Step(win.Step),
		Answers:   tellAnswers(findings, now),
		FromField: win.From.In(win.Zone).Format(fieldLayout), ToField: win.To.In(win.Zone).Format(fieldLayout),
		Charts: timeline.New(t, win, win.Fill(points), findings, timeline.Shades(t, seen.Gaps)), Coverage: seen,
		CoordinatedReach: audience.CoordinatedReach, Changes: tellChanges(moved), Report: reportLinks(r, name),
	}
	if at := win.From.In(win.Zone).Format("15:04"); win.Step == 24*time.Hour && at != "00:00" {
		page.DaysOf = at
	}
	page.Findings, page.MoreFindings = newest(parted.Undeclared)
	page.Early, page.MoreEarly = newest(parted.Early)
	page.Declared, page.MoreDeclared = newest(parted.Declared)
	page.Rejected, page.MoreRejected = newest(rejected)
	page.Recount = slices.ContainsFunc(slices.Concat(findings, rejected), func(f view.FindingSummary) bool {
		return now.Sub(f.Verdict.At).Abs() < recounting
	})
	for _, q := range window.QuickRanges {
		page.Quick = append(page.Quick, choice{q.Name, t.Say(q.Label), q.Name == win.Quick})
	}
	page.Steps = []choice{{"auto", t.Text("as fits"), win.StepName == "auto"}}
	for _, s := range window.Steps {
		page.Steps = append(page.Steps, choice{s.Name, t.Text("one %s", t.Step(s.Length)), win.StepName == s.Name})
	}
	d.Render(w, r, http.StatusOK, "campaign", words.Isolate(t.Naming(name)), page)
}

func noCampaign() frame.Problem {
	return frame.Problem{
		Heading: catalogue.Mark("There is no such campaign"),
		What:    catalogue.Mark("Winnow has no campaign of this name. It may have been renamed, or taken out of winnow.yaml."),
		Next:    catalogue.Mark("Start from the list of campaigns."),
	}
}

// newest sorts findings by their last evidence, newest first, and bounds them.
func newest(findings []view.FindingSummary) (shown []view.FindingSummary, more uint64) {
	shown = answer.Newest(findings)
	if len(shown) > maxFindings {
		shown, more = shown[:maxFindings], uint64(len(shown)-maxFindings)
	}
	return shown, more
}

// tellAnswers bounds the targets that are named.
func tellAnswers(findings []view.FindingSummary, now time.Time) answers {
	a := answers{Answers: answer.Of(findings, now)}
	if len(a.Targets) > maxTargets {
		a.MoreTargets = uint64(len(a.Targets) - maxTargets)
		a.Targets = a.Targets[:maxTargets]
	}
	return a
}
