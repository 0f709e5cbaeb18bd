package desk

import (
	"net/http"
	"time"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/coverage"
	"winnow/storage/view"
)

// sinceLimit bounds for how many campaigns the list asks for the begin of the
// coordination, since that is a query each.
const sinceLimit = 40

// state says what is known about a campaign; Words is a message. Class names its colour,
// which never stands alone.
type state struct{ Class, Words string }

func stateOf(c view.CampaignSummary) state {
	s := answer.StateOf(c)
	return state{string(s), map[answer.State]string{
		answer.Found:        catalogue.Mark("Coordinated activity found"),
		answer.Empty:        catalogue.Mark("No posts yet"),
		answer.EarlyOnly:    catalogue.Mark("Nothing but an early sign so far"),
		answer.DeclaredOnly: catalogue.Mark("None found besides your declared actions"),
		answer.None:         catalogue.Mark("None found so far"),
	}[s]}
}

// campaignsPage is the content of the first page.
type campaignsPage struct {
	Rows []campaignRow
	// Watched is true if any live source watches any campaign.
	Watched bool
	// New is true for who may make a campaign.
	New bool
}

// campaignRow is a campaign in the list.
type campaignRow struct {
	view.CampaignSummary
	State state
	// Since is the first evidence of coordination; zero if none or not asked.
	Since time.Time
	// Seen is how much was seen of late, over all sources that watch it;
	// Watched is false if none does.
	Seen    view.Coverage
	Watched bool
}

// showCampaigns is the first page: all campaigns, those with coordination first.
func (d *desk) showCampaigns(w http.ResponseWriter, r *http.Request) {
	all, err := d.store.Campaigns(r.Context())
	if err != nil {
		d.Fail(w, r, "list campaigns", err)
		return
	}
	t := d.Teller(r)
	now := t.Now()
	seen, err := d.store.Coverage(r.Context(), "", now.Add(-coverage.Lately), now)
	if err != nil {
		d.Fail(w, r, "read the coverage of all campaigns", err)
		return
	}
	seenOf := map[string][]view.Coverage{}
	for _, c := range seen {
		seenOf[c.Campaign] = append(seenOf[c.Campaign], c)
	}
	page := campaignsPage{Watched: len(seen) > 0, New: d.mayDraft(r)}
	page.Rows = make([]campaignRow, 0, len(all))
	asked := 0
	for _, c := range answer.Order(all) {
		row := campaignRow{CampaignSummary: c, State: stateOf(c), Seen: coverage.Together(seenOf[c.Name]), Watched: len(seenOf[c.Name]) > 0}
		if c.Findings > 0 && asked < sinceLimit {
			asked++
			findings, err := d.store.Findings(r.Context(), c.Name)
			if err != nil {
				d.Fail(w, r, "list findings of a campaign", err)
				return
			}
			row.Since = answer.Of(findings, now).Since
		}
		page.Rows = append(page.Rows, row)
	}
	d.Render(w, r, http.StatusOK, "campaigns", t.Text("Campaigns"), page)
}
