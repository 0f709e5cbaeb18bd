package desk

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"winnow/dashboards/desk/window"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Bounds on what a page lists. Beyond them nobody reads, and browsers suffer.
const (
	maxFindings = 200
	maxTargets  = 5
)

// ongoing is how recent the last evidence must be to say that it goes on.
const ongoing = 30 * time.Minute

// recounting is how long after a verdict the numbers may still be counted again: the
// store does so within seconds, unless a campaign is very large.
const recounting = 2 * time.Minute

// campaignPage is the content of a campaign's page.
type campaignPage struct {
	Summary view.CampaignSummary
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
	Recount   bool
	Window    window.Window
	StepWords string
	Quick     []choice
	Steps     []choice
	// FromField and ToField fill the form.
	FromField, ToField string
	Charts             charts
	Coverage           campaignCoverage
}

// choice is one of several offered.
type choice struct {
	Name, Label string
	Chosen      bool
}

// answers are the facts behind the first sentences of the page, over
// everything collected.
type answers struct {
	Found bool
	// Since and Last are the first and last evidence of undeclared findings that
	// will not be taken back.
	Since, Last time.Time
	Ongoing     bool
	// Targets are the accounts that pile-ons are directed at, the one with
	// the most posts first. MoreTargets counts those left out.
	Targets     []target
	MoreTargets uint64
}

// target is an account that pile-ons are directed at.
type target struct {
	Name            string
	Findings        uint64
	Posts, Accounts uint64
}

// showCampaign answers the questions about one campaign.
func (d *desk) showCampaign(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	name := query.Get("name")
	ctx := r.Context()
	summary, ok, err := d.store.Campaign(ctx, name)
	if err != nil {
		d.fail(w, r, "read a campaign", err)
		return
	}
	if !ok {
		d.missing(w, r, noCampaign())
		return
	}
	if summary.Posts == 0 {
		// Why there are none may be that no source is there to bring them.
		seen, err := d.readCoverage(ctx, name, window.Window{}, summary.First, d.now())
		if err != nil {
			d.fail(w, r, "read the coverage of a campaign", err)
			return
		}
		d.render(w, r, http.StatusOK, "campaign", words.Isolate(words.Naming(name)),
			campaignPage{Summary: summary, State: stateOf(summary), Coverage: seen})
		return
	}
	findings, err := d.store.Findings(ctx, name)
	if err != nil {
		d.fail(w, r, "list findings of a campaign", err)
		return
	}
	rejected, err := d.store.Rejected(ctx, name)
	if err != nil {
		d.fail(w, r, "list findings that were judged wrong", err)
		return
	}
	win := window.Parse(query, summary.First, summary.Last, d.now())
	points, err := d.store.Series(ctx, name, win.From, win.To, win.Step)
	if err != nil {
		d.fail(w, r, "read the series of a campaign", err)
		return
	}
	now := d.now()
	seen, err := d.readCoverage(ctx, name, win, summary.First, now)
	if err != nil {
		d.fail(w, r, "read the coverage of a campaign", err)
		return
	}

	undeclared, early, declared := splitFindings(findings)
	page := campaignPage{
		Summary: summary, State: stateOf(summary), Window: win, StepWords: words.Step(win.Step),
		Answers:   answer(undeclared, now),
		FromField: win.From.Format("2006-01-02T15:04"), ToField: win.To.Format("2006-01-02T15:04"),
		Charts: newCharts(win, win.Fill(points), findings, shades(seen.Gaps, now)), Coverage: seen,
	}
	page.Findings, page.MoreFindings = newest(undeclared)
	page.Early, page.MoreEarly = newest(early)
	page.Declared, page.MoreDeclared = newest(declared)
	page.Rejected, page.MoreRejected = newest(rejected)
	page.Recount = slices.ContainsFunc(slices.Concat(findings, rejected), func(f view.FindingSummary) bool {
		return now.Sub(f.Verdict.At).Abs() < recounting
	})
	for _, q := range window.QuickRanges {
		page.Quick = append(page.Quick, choice{q.Name, q.Label, q.Name == win.Quick})
	}
	page.Steps = []choice{{"auto", "as fits", win.StepName == "auto"}}
	for _, s := range window.Steps {
		page.Steps = append(page.Steps, choice{s.Name, "one " + s.Name, win.StepName == s.Name})
	}
	d.render(w, r, http.StatusOK, "campaign", words.Isolate(words.Naming(name)), page)
}

func noCampaign() problem {
	return problem{
		Heading: "There is no such campaign",
		What:    "Winnow has no campaign of this name. It may have been renamed, or taken out of winnow.yaml.",
		Next:    "Start from the list of campaigns.",
	}
}

// splitFindings parts findings by whether they match a declared action, and the
// undeclared ones by whether they may be taken back.
func splitFindings(all []view.FindingSummary) (undeclared, early, declared []view.FindingSummary) {
	for _, f := range all {
		switch {
		case f.Declared != "":
			declared = append(declared, f)
		case f.Early():
			early = append(early, f)
		default:
			undeclared = append(undeclared, f)
		}
	}
	return undeclared, early, declared
}

// evidenceSpan is the time of the first and of the last evidence.
func evidenceSpan(findings []view.FindingSummary) (first, last time.Time) {
	for i, f := range findings {
		if i == 0 || f.StartedAt.Before(first) {
			first = f.StartedAt
		}
		if f.EndedAt.After(last) {
			last = f.EndedAt
		}
	}
	return first, last
}

// newest sorts findings by their last evidence, newest first, and bounds them.
func newest(findings []view.FindingSummary) (shown []view.FindingSummary, more uint64) {
	shown = slices.SortedStableFunc(slices.Values(findings), func(a, b view.FindingSummary) int {
		if c := b.EndedAt.Compare(a.EndedAt); c != 0 {
			return c
		}
		return cmp.Compare(b.Bits, a.Bits)
	})
	if len(shown) > maxFindings {
		shown, more = shown[:maxFindings], uint64(len(shown)-maxFindings)
	}
	return shown, more
}

// answer gathers the facts from the undeclared findings. None of them is early:
// what may be taken back answers nothing.
func answer(findings []view.FindingSummary, now time.Time) answers {
	a := answers{Found: len(findings) > 0}
	a.Since, a.Last = evidenceSpan(findings)
	a.Ongoing = a.Found && now.Sub(a.Last) < ongoing

	place := map[string]int{}
	for _, f := range findings {
		if f.Target == "" {
			continue
		}
		i, ok := place[f.Target]
		if !ok {
			i = len(a.Targets)
			place[f.Target] = i
			a.Targets = append(a.Targets, target{Name: f.TargetName()})
		}
		t := &a.Targets[i]
		t.Findings++
		t.Posts += f.Posts
		// Findings may share accounts, so adding them up would overstate.
		t.Accounts = max(t.Accounts, f.Accounts)
	}
	slices.SortStableFunc(a.Targets, func(x, y target) int { return cmp.Compare(y.Posts, x.Posts) })
	if len(a.Targets) > maxTargets {
		a.MoreTargets = uint64(len(a.Targets) - maxTargets)
		a.Targets = a.Targets[:maxTargets]
	}
	return a
}
