package desk

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

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
	return draft.Opened{Campaigns: all, Watched: all, Version: "v1", File: "conf/winnow.yaml", Budget: &draft.Budget{PerMonth: 50_000}}, nil
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

func (b *fakeBook) Snippet(c campaign.Campaign) string {
	return "campaigns:\n  - name: " + c.Name + "\n"
}

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
	wantText(t, get(t, h, draft.EditAddress(richName)).Body.String(), "Change "+richName, "50,000 posts a month", "conf/winnow.yaml")
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

// Viewers and analysts see no way to the form, and are refused there; what admins do is
// audited.
func TestCampaignsNeedTheRoleAndAreAudited(t *testing.T) {
	form := url.Values{"name": {"Bridge"}, "tags": {"#bridge"}, "version": {"v1"}, "action": {"save"}}
	for role, allowed := range map[user.Role]bool{user.Viewer: false, user.Analyst: false, user.Admin: true} {
		t.Run(string(role), func(t *testing.T) {
			b := loggedIn(t, richStore(), role)
			if w := send(t, b.desk, draft.NewPath, form); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/login") {
				t.Errorf("without a session: %d to %s", w.Code, w.Header().Get("Location"))
			}
			for page, link := range map[string]string{"/": "New campaign", campaignURL(richName): "Change this campaign"} {
				if got := strings.Contains(b.get(page).Body.String(), link); got != allowed {
					t.Errorf("%q is shown: %v", link, got)
				}
			}
			if !allowed {
				for _, path := range []string{draft.NewPath, draft.EditAddress(richName), draft.FoldPath + "?tags=a"} {
					w := b.get(path)
					if w.Code != http.StatusForbidden || strings.Contains(visible(w.Body.String()), "RiverCity") {
						t.Errorf("%s: %d %s", path, w.Code, visible(w.Body.String()))
					}
				}
			}
			w := send(t, b.desk, draft.NewPath, form, b.as)
			audited, err := os.ReadFile(b.path)
			if err != nil {
				t.Fatal(err)
			}
			line := `"event":"campaign made","user":"bela","role":"` + string(role) + `","address":"192.0.2.1","campaign":"Bridge"}`
			if (w.Code == http.StatusSeeOther) != allowed || (len(b.book.written) == 1) != allowed || strings.Contains(string(audited), line) != allowed {
				t.Errorf("%d, %+v\n%s", w.Code, b.book.written, audited)
			}
		})
	}
}

// In a real browser: the page tells how tags fold while they are written, and a campaign
// is made by the form.
func TestBrowserDrafts(t *testing.T) {
	ctx := startBrowser(t)
	b := &fakeBook{}
	server := httptest.NewServer(newDesk(t, Options{Store: richStore(), Campaigns: b}))
	t.Cleanup(server.Close)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	heard := &complaints{}
	if err := chromedp.Listen(ctx, heard.hear); err != nil {
		t.Fatal(err)
	}
	visit(ctx, t, server.URL+draft.NewPath, look{390, 844, "light"})
	err := chromedp.Do(ctx, chromedp.SendKeys("#name", "Bridge"), chromedp.SendKeys("#tags", "#Bridge_2031\n＃ＢＲＩＤＧＥ_２０３１\n2031\n#RiverCity2031"),
		chromedp.WaitVisible(`[data-folds] li:nth-child(4)`))
	if err != nil {
		t.Fatal(err)
	}
	told, err := chromedp.Run(ctx, chromedp.Text("[data-folds]"))
	if err != nil {
		t.Fatal(err)
	}
	for _, says := range []string{"bridge_2031; also matches: #BRIDGE_2031", "＃ＢＲＩＤＧＥ_２０３１ is the same tag as #Bridge_2031.", "2031 is no hashtag.", "watched as well by: " + richName} {
		if !strings.Contains(told, says) {
			t.Errorf("it does not tell %q but\n%s", says, told)
		}
	}
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(`button[value="save"]`)); err != nil {
		t.Fatal(err)
	}
	if len(b.written) != 1 || b.written[0].Name != "Bridge" || len(b.written[0].Tags) != 4 {
		t.Errorf("written %+v", b.written)
	}
	if said := heard.take(); len(said) > 1 { // the campaign is not in the fake's book: one 404
		t.Errorf("console: %s", strings.Join(said, "; "))
	}
}
