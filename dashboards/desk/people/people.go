package people

import (
	"cmp"
	"context"
	"embed"
	"net/url"
	"slices"
	"strings"
	"time"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/words"
	"winnow/pipeline/campaign"
	"winnow/storage/view"
)

// Files holds people.html, which defines the template "people" for a [Page]. It uses the
// words and parts of the pages.
//
//go:embed people.html
var Files embed.FS

// Path is where the page is.
const Path = "/campaign/people"

// Bounds on what a page holds: beyond them nobody reads, and each chart is a question
// about two days of posts.
const (
	maxPeople  = 100
	maxCharts  = 5
	maxPileOns = 50
)

// Store is what the page is read from.
type Store interface {
	// Campaign returns the totals of a campaign; false if there is none.
	Campaign(ctx context.Context, name string) (view.CampaignSummary, bool, error)
	// Findings returns the open findings of a campaign that no person judged wrong.
	Findings(ctx context.Context, campaign string) ([]view.FindingSummary, error)
	// PileOns returns what was measured of those that are pile-ons and not declared.
	PileOns(ctx context.Context, campaign string) ([]view.PileOn, error)
	// Addressed counts the posts that address somebody, by the hour.
	Addressed(ctx context.Context, campaign, platform string, names []string, from, to time.Time) ([]view.AddressedHour, error)
	// ToldTexts returns what the pile-ons at some targets say.
	ToldTexts(ctx context.Context, campaign string, targets []string) ([]view.ToldText, error)
}

// Page is what is told of the people of a campaign.
type Page struct {
	Campaign string
	// Alone is true if one account was asked for.
	Alone  bool
	People []Person
	// More counts those left out.
	More uint64
	// Protects is true if the campaign has accounts that it protects.
	Protects bool
}

// Person is one account.
type Person struct {
	// ID is what it is asked for by, Name what it is shown by.
	ID, Name string
	// Platform is the one that it is protected on; empty for all, and for one that is
	// not protected.
	Platform  string
	Protected bool
	// PileOns are directed at it, the newest first; More counts those left out. Found is
	// how many there are that are neither declared nor may be taken back.
	PileOns []PileOn
	More    uint64
	Found   uint64
	// Over is when posts addressed it; nil where it was not asked.
	Over *Over
	// Address shows it alone, Texts with what was written.
	Address, Texts string
	// Asked is true if Told was asked for.
	Asked bool
	Told  []view.ToldText

	// names are the ids and handles by which posts name it, targets those by which
	// findings do, in lower case.
	names, targets []string
}

// PileOn is a finding and what was measured of it besides.
type PileOn struct {
	view.FindingSummary
	// Measured is nil for a declared one.
	Measured *view.PileOn
}

// All returns everybody of whom there is something to tell in a campaign, with all that
// was measured and without what was written, and the campaign's totals. It is false if
// there is no such campaign.
func All(ctx context.Context, store Store, protected []campaign.Protected, name string) ([]Person, view.CampaignSummary, bool, error) {
	summary, ok, err := store.Campaign(ctx, name)
	if err != nil || !ok {
		return nil, summary, false, err
	}
	findings, err := store.Findings(ctx, name)
	if err != nil {
		return nil, summary, false, err
	}
	measured, err := store.PileOns(ctx, name)
	if err != nil {
		return nil, summary, false, err
	}
	return gather(protected, findings, measured), summary, true, nil
}

// Read reads the page that a query asks for: "name" is the campaign, "who" one account
// alone, "texts" what was written to it. It is false if there is no such campaign or no
// such account. Times are those of now's zone.
func Read(ctx context.Context, t *words.Teller, store Store, protected []campaign.Protected, query url.Values) (Page, bool, error) {
	page := Page{Campaign: query.Get("name"), Alone: query.Has("who"), Protects: len(protected) > 0}
	all, summary, ok, err := All(ctx, store, protected, page.Campaign)
	if err != nil || !ok {
		return page, false, err
	}
	if page.Alone {
		all = slices.DeleteFunc(all, func(p Person) bool { return p.ID != query.Get("who") })
		if len(all) == 0 {
			return page, false, nil
		}
	}
	if n := len(all); n > maxPeople {
		all, page.More = all[:maxPeople], uint64(n-maxPeople)
	}
	for i := range all {
		p := &all[i]
		p.Address = Path + "?" + url.Values{"name": {page.Campaign}, "who": {p.ID}}.Encode()
		p.Texts = p.Address + "&texts=1#texts"
		if i < maxCharts && summary.Posts > 0 {
			if p.Over, err = readOver(ctx, t, store, page.Campaign, *p, i, summary.Last); err != nil {
				return page, false, err
			}
		}
		if n := len(p.PileOns); n > maxPileOns {
			p.PileOns, p.More = p.PileOns[:maxPileOns], uint64(n-maxPileOns)
		}
	}
	if page.Alone && query.Get("texts") == "1" {
		all[0].Asked = true
		if all[0].Told, err = store.ToldTexts(ctx, page.Campaign, all[0].targets); err != nil {
			return page, false, err
		}
	}
	page.People = all
	return page, true, nil
}

// gather puts pile-ons to the accounts that they are directed at: first those that are
// protected, as configured, then others, whoever was hit last first.
func gather(protected []campaign.Protected, findings []view.FindingSummary, measured []view.PileOn) []Person {
	var all []Person
	for _, p := range protected {
		k := key(p.Account)
		id := k
		if p.Platform != "" {
			id = string(p.Platform) + ":" + k
		}
		if slices.ContainsFunc(all, func(q Person) bool { return q.ID == id }) {
			continue
		}
		all = append(all, Person{ID: id, Name: p.Account, Platform: string(p.Platform), Protected: true, names: []string{k}})
	}
	findings = slices.SortedStableFunc(slices.Values(findings), func(a, b view.FindingSummary) int {
		return cmp.Or(b.StartedAt.Compare(a.StartedAt), cmp.Compare(a.ID, b.ID))
	})
	for _, f := range findings {
		if f.Target == "" {
			continue
		}
		target, handle := strings.ToLower(f.Target), key(f.TargetHandle)
		i := slices.IndexFunc(all, func(p Person) bool {
			return slices.Contains(p.targets, target) || slices.Contains(p.names, key(target)) || p.Protected && handle != "" && p.names[0] == handle
		})
		if i < 0 {
			i = len(all)
			all = append(all, Person{ID: target, Name: f.TargetName()})
		}
		all[i].add(f, target, measured)
	}
	return all
}

// add notes a pile-on at a target.
func (p *Person) add(f view.FindingSummary, target string, measured []view.PileOn) {
	if !slices.Contains(p.targets, target) {
		p.targets = append(p.targets, target)
		p.names = append(p.names, key(target))
	}
	hit := PileOn{FindingSummary: f}
	switch answer.StandingOf(f) {
	case answer.Undeclared:
		p.Found++
	case answer.Early, answer.Declared, answer.Rejected:
	}
	for i := range measured {
		if measured[i].ID == f.ID {
			hit.Measured = &measured[i]
		}
	}
	p.PileOns = append(p.PileOns, hit)
}

// key is the form by which handles and ids are compared.
func key(account string) string {
	return strings.ToLower(strings.TrimPrefix(strings.TrimSpace(account), "@"))
}
