package shape

import "net/url"

// CampaignPages are where people read about a campaign; the reports are files. Names is
// nil for those who may not take names out.
type CampaignPages struct {
	Campaign string  `json:"campaign"`
	People   string  `json:"people"`
	Replay   string  `json:"replay"`
	Report   string  `json:"report"`
	Names    *string `json:"report_with_names"`
}

// FindingPages are where people read about a finding. List is a file for platforms; nil
// for those who may not take it out.
type FindingPages struct {
	Finding string  `json:"finding"`
	List    *string `json:"list"`
}

// NewCampaignPages is where people read about a campaign.
func NewCampaignPages(name string, mayTakeOut bool) CampaignPages {
	asks := "?" + url.Values{"name": {name}}.Encode()
	p := CampaignPages{"/campaign" + asks, "/campaign/people" + asks, "/campaign/replay" + asks, "/campaign/report" + asks, nil}
	if mayTakeOut {
		names := p.Report + "&identities=yes"
		p.Names = &names
	}
	return p
}

// NewFindingPages is where people read about a finding.
func NewFindingPages(campaign, id string, mayTakeOut bool) FindingPages {
	asks := "?" + url.Values{"name": {campaign}, "id": {id}}.Encode()
	p := FindingPages{Finding: "/campaign/finding" + asks}
	if mayTakeOut {
		list := "/campaign/finding/list" + asks
		p.List = &list
	}
	return p
}
