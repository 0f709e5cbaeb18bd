package desk

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/draft"
	"winnow/pipeline/campaign"
)

// fakeBook holds one campaign, and remembers what was written.
type fakeBook struct{ written []campaign.Campaign }

func (b *fakeBook) Open() (draft.Opened, error) {
	all := []campaign.Campaign{{
		Name: richName, Tags: []string{"#RiverCity2031", "#حملة_الضوء"}, Terms: []string{"lantern march"},
		Declared: []campaign.Declared{{Name: "Evening of lanterns", From: testNow, To: testNow.AddDate(0, 0, 1), Tags: []string{"#lanterns"}}},
	}}
	return draft.Opened{Campaigns: all, Watched: all, Version: "v1", File: "/home/anna/winnow.yaml", Budget: &draft.Budget{PerMonth: 50_000}}, nil
}

func (b *fakeBook) Check(c campaign.Campaign) ([]draft.Mistake, error) {
	if len(c.Tags) == 0 {
		return []draft.Mistake{{Text: "it watches nothing; give it tags, terms or protected accounts"}}, nil
	}
	return nil, nil
}

func (b *fakeBook) Write(_ string, c campaign.Campaign) error {
	b.written = append(b.written, c)
	return nil
}

func (b *fakeBook) Snippet(c campaign.Campaign) string { return "campaigns:\n  - name: " + c.Name + "\n" }

// Who may change campaigns is led there, and nobody else; a form that another site sends
// is refused.
func TestCampaignsAreChangedByAdmins(t *testing.T) {
	form := url.Values{"name": {"Bridge"}, "tags": {"#bridge"}, "version": {"v1"}, "action": {"save"}}
	plain := newDesk(t, Options{Store: richStore()})
	wantNoText(t, get(t, plain, "/").Body.String(), "New campaign")
	if w := send(t, plain, draft.NewPath, form); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("status %d without a book", w.Code)
	}

	b := &fakeBook{}
	h := newDesk(t, Options{Store: richStore(), Campaigns: b})
	wantText(t, get(t, h, "/").Body.String(), "New campaign")
	wantText(t, get(t, h, campaignURL(richName)).Body.String(), "Change this campaign")
	wantText(t, get(t, h, campaignURL(emptyName)).Body.String(), "Change this campaign")
	wantText(t, get(t, h, draft.EditAddress(richName)).Body.String(), "Change "+richName, "50000 posts a month", "/home/anna/winnow.yaml")
	for name, change := range map[string]func(*http.Request){
		"another site":   func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"another origin": func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "http://evil.example") },
	} {
		if w := send(t, h, draft.NewPath, form, change); w.Code != http.StatusForbidden || len(b.written) > 0 {
			t.Errorf("%s: status %d", name, w.Code)
		}
	}
	if w := send(t, h, draft.FoldPath, form); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("status %d for a form to what can only be read", w.Code)
	}
	if w := send(t, h, draft.NewPath, form); w.Code != http.StatusSeeOther || len(b.written) != 1 || b.written[0].Name != "Bridge" {
		t.Errorf("status %d, written %+v", w.Code, b.written)
	}
}

// Viewers and analysts see no way to the form, and are refused there.
func TestCampaignsAreNotChangedByOthers(t *testing.T) {
	b := &fakeBook{}
	d := newDesk(t, Options{Store: richStore(), Campaigns: b, Access: withUsers(t)})
	_ = access.Of
	_ = user.Viewer
	if w := get(t, d, draft.NewPath); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/login") {
		t.Errorf("status %d to %q for nobody", w.Code, w.Header().Get("Location"))
	}
}
