package desk

import (
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"winnow/dashboards/desk/frame"
)

// getIn asks for a page as a reader who chose a zone.
func getIn(t *testing.T, h http.Handler, target, zone string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Host = "localhost:8080"
	if zone != "" {
		r.AddCookie(&http.Cookie{Name: frame.ZoneCookie, Value: zone})
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var tag = regexp.MustCompile(`<[^>]*>`)

// apart is what a page says, with what stands in different elements kept apart.
func apart(page string) string { return html.UnescapeString(tag.ReplaceAllString(page, " ")) }

var toldTime = regexp.MustCompile(`\d\d:\d\d(:\d\d)? [A-Z]{2,5}([+−]\d+(:\d\d)?)?`)

// Every time on every page is told in the operator's zone and names it; for who
// asked for UTC, in UTC.
func TestZones(t *testing.T) {
	store := changedStore()
	live := liveStore()
	store.watches, store.gaps = live.watches, live.gaps
	h := newDesk(t, Options{Store: store, Zone: time.FixedZone("+0545", 5*3600+45*60), Sources: liveSources})
	stored := store.changes[richName][1].Sentence
	for _, s := range liveSources() {
		stored += s.Fault
	}
	for _, g := range store.gaps {
		stored += g.Note
	}
	for _, page := range []string{
		"/", "/coverage", campaignURL(richName), campaignURL(richName) + "&range=24h", findingURL(richName, "c0ffee06"), changeURL(richName, "rise"),
	} {
		for _, test := range []struct{ cookie, want string }{{"", "UTC+5:45"}, {frame.ZoneUTC, "UTC"}, {frame.ZoneOwn, "UTC+5:45"}, {"nonsense", "UTC+5:45"}} {
			body := apart(getIn(t, h, page, test.cookie).Body.String())
			times := toldTime.FindAllString(body, -1)
			for _, told := range times {
				if zone := told[strings.LastIndex(told, " ")+1:]; zone != test.want {
					// What is stored as a sentence is told as it is stored.
					if strings.Contains(stored, told) {
						continue
					}
					t.Errorf("%s, cookie %q: %q is not told in %s", page, test.cookie, told, test.want)
				}
			}
			if len(times) == 0 {
				t.Errorf("%s tells no time at all", page)
			}
		}
	}
	read := func(target, cookie string) string {
		return html.UnescapeString(getIn(t, h, target, cookie).Body.String())
	}
	own, utc := read(campaignURL(richName), ""), read(campaignURL(richName), frame.ZoneUTC)
	wantText(t, own, "Since 10 Jun 2031, 11:10 UTC+5:45.", "Times are told in UTC+5:45. Show them in UTC")
	wantText(t, utc, "Since 10 Jun 2031, 05:25 UTC.", "Times are told in UTC. Show them in UTC+5:45")

	// Typed times are in the reader's zone, and come back as they were typed.
	typed := campaignURL(richName) + "&from=2031-06-10T05:45&to=2031-06-10T17:45&step=hour"
	wantSame := `name="from" value="2031-06-10T05:45"`
	if body := getIn(t, h, typed, "").Body.String(); !strings.Contains(body, wantSame) {
		t.Error("the start that was typed is shown as another")
	}
	if asked := store.asked[len(store.asked)-1]; !asked.From.Equal(time.Date(2031, 6, 10, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("05:45 in Kathmandu was asked for as %v", asked.From.UTC())
	}
	days := getIn(t, h, campaignURL(richName)+"&step=day", "").Body.String()
	wantText(t, days, "Days are those of UTC: each begins at 05:45 of your time.")
	wantNoText(t, utc, "Days are those of UTC")

	// Where there is only UTC, nothing is offered.
	wantNoText(t, get(t, newDesk(t, Options{Store: store}), "/").Body.String(), "Show them in")
}

// The choice is kept, and leads back to the page; nothing else is taken for one.
func TestChooseZone(t *testing.T) {
	h := newDesk(t, Options{Store: richStore(), Zone: time.FixedZone("CEST", 2*3600)})
	page := getIn(t, h, campaignURL(richName)+"&range=24h", "").Body.String()
	_, rest, _ := strings.Cut(page, `<a href="/zone?`)
	href, _, ok := strings.Cut(rest, `"`)
	if !ok {
		t.Fatal("no way to UTC")
	}
	w := getIn(t, h, "/zone?"+strings.ReplaceAll(href, "&amp;", "&"), "")
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != campaignURL(richName)+"&range=24h" {
		t.Errorf("status %d, leads to %q", w.Code, got)
	}
	cookie := w.Header().Get("Set-Cookie")
	for _, want := range []string{"zone=utc", "Path=/", "HttpOnly", "SameSite=Lax"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie %q lacks %s", cookie, want)
		}
	}
	for _, target := range []string{"/zone?show=nonsense&next=//evil.example/", "/zone", "/zone?show=&next=https://evil.example/"} {
		w := getIn(t, h, target, "")
		if w.Header().Get("Set-Cookie") != "" || w.Header().Get("Location") != "/" {
			t.Errorf("%s: cookie %q, leads to %q", target, w.Header().Get("Set-Cookie"), w.Header().Get("Location"))
		}
	}
}
