package desk

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"winnow/storage/view"
)

// sinceLimit bounds for how many campaigns the list asks for the begin of the
// coordination, since that is a query each.
const sinceLimit = 40

// state says in words what is known about a campaign. Class names its colour,
// which never stands alone.
type state struct{ Class, Words string }

func stateOf(c view.CampaignSummary) state {
	switch {
	case c.Findings > 0:
		return state{"found", "Coordinated activity found"}
	case c.Posts == 0:
		return state{"empty", "No posts yet"}
	case c.DeclaredFindings > 0:
		return state{"declared", "None found besides your declared actions"}
	}
	return state{"none", "None found so far"}
}

// campaignRow is a campaign in the list.
type campaignRow struct {
	view.CampaignSummary
	State state
	// Since is the first evidence of coordination; zero if none or not asked.
	Since time.Time
}

// showCampaigns is the first page: all campaigns, those with coordination first.
func (d *desk) showCampaigns(w http.ResponseWriter, r *http.Request) {
	all, err := d.store.Campaigns(r.Context())
	if err != nil {
		d.fail(w, r, "list campaigns", err)
		return
	}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b view.CampaignSummary) int {
		return cmp.Or(cmp.Compare(min(b.Findings, 1), min(a.Findings, 1)), strings.Compare(a.Name, b.Name))
	})
	rows := make([]campaignRow, 0, len(all))
	asked := 0
	for _, c := range all {
		row := campaignRow{CampaignSummary: c, State: stateOf(c)}
		if c.Findings > 0 && asked < sinceLimit {
			asked++
			findings, err := d.store.Findings(r.Context(), c.Name)
			if err != nil {
				d.fail(w, r, "list findings of a campaign", err)
				return
			}
			undeclared, _ := splitFindings(findings)
			row.Since, _ = evidenceSpan(undeclared)
		}
		rows = append(rows, row)
	}
	d.render(w, r, http.StatusOK, "campaigns", "Campaigns", rows)
}
