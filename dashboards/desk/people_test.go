package desk

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

func peopleURL(name string) string { return "/campaign/people?name=" + url.QueryEscape(name) }

// protectedPeople are those of the campaign under attack: one that was hit, one that was
// not.
func protectedPeople(name string) []campaign.Protected {
	if name != richName {
		return nil
	}
	return []campaign.Protected{{Platform: post.Mastodon, Account: "@Lantern_Anna@river.example"}, {Account: "nobody"}}
}

func TestPeople(t *testing.T) {
	h := newDesk(t, Options{Store: richStore(), Protected: protectedPeople})
	link := `href="/campaign/people?name=Lantern%20march%20%23RiverCity2031"`
	if page := get(t, h, campaignURL(richName)).Body.String(); !strings.Contains(page, link) {
		t.Error("the campaign's page does not lead to its people")
	}
	page := get(t, h, peopleURL(richName)).Body.String()
	wantText(t, page,
		"@Lantern_Anna@river.example protected on Mastodon 1 pile-on was found.", "nobody protected No pile-on was found that counts.",
		"@night_bus_diary not protected 1 pile-on was found.", "68 new accounts within ten minutes, where 0.25 would be usual.",
		"70 of 139 posts came within ten seconds of the one before; the middle pause is 4 seconds.", "Posts that address this account, per hour",
		"What was written can hurt, so it is not on this page.", "many strangers who are angry about one post look the same",
	)
	// What hurts is not even in the page until somebody asks for it.
	alone := get(t, h, peopleURL(richName)+"&who=mastodon%3Alantern_anna%40river.example").Body.String()
	for _, p := range []string{page, alone} {
		if strings.Contains(p, "ashamed") || strings.Contains(p, "Go away") {
			t.Error("texts stand in a page that nobody asked for them")
		}
	}
	wantNoText(t, alone, "night_bus_diary")
	asked := get(t, h, peopleURL(richName)+"&who=mastodon%3Alantern_anna%40river.example&texts=1").Body.String()
	wantText(t, asked, "What was written", "You should be ashamed, nobody wants you here 7 6", "Deleted. Its text is gone; it still counts.")
	for _, author := range []string{"river_friend", "acc-"} {
		if strings.Contains(asked, author) {
			t.Error("whose words they are is told")
		}
	}
	wantText(t, get(t, h, peopleURL(rtlName)).Body.String(), "This campaign protects no account.", "Nobody is protected, and no pile-on was found.")
	for _, none := range []string{peopleURL("nope"), peopleURL(richName) + "&who=nope", "/campaign/people"} {
		if w := get(t, h, none); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", none, w.Code)
		}
	}
	s := richStore()
	s.err = errors.New("secret-host is down")
	if w := get(t, newDesk(t, Options{Store: s}), peopleURL(richName)); w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "secret-host") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
