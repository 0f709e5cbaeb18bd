package desk

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/frame"
)

// asks is a reader whose browser asks for a language, and who may have chosen another.
func asks(t *testing.T, h http.Handler, target, header, chosen string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Host = "localhost:8080"
	r.Header.Set("Accept-Language", header)
	if chosen != "" {
		r.AddCookie(&http.Cookie{Name: frame.LanguageCookie, Value: chosen})
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestLanguages(t *testing.T) {
	store := changedStore()
	live := liveStore()
	store.watches, store.gaps = live.watches, live.gaps
	h := newDesk(t, Options{Store: store, Zone: time.FixedZone("+0545", 5*3600+45*60), Sources: liveSources})
	for _, page := range []string{
		"/", "/coverage", "/about", "/nowhere", campaignURL(richName), campaignURL(richName) + "&from=yesterday&step=nothing",
		findingURL(richName, "c0ffee06"), findingURL(richName, "c0ffee02"), changeURL(richName, "rise"), changeURL(richName, "fall"),
	} {
		english := asks(t, h, page, "en", "").Body.String()
		for _, l := range catalogue.Languages() {
			body := asks(t, h, page, l.Code, "").Body.String()
			if want := `<html lang="` + l.Code + `" dir="` + l.Direction + `">`; !strings.Contains(body, want) {
				t.Errorf("%s in %s: no %s", page, l.Name, want)
			}
			// As package fmt writes of a place without a value, or a value without a place.
			if i := strings.Index(body, "%!"); i >= 0 {
				t.Errorf("%s in %s: %.80s", page, l.Name, body[i:])
			}
			if l.Code != "en" && strings.Count(body, "</p>") != strings.Count(english, "</p>") {
				t.Errorf("%s in %s: %d paragraphs, not %d", page, l.Name, strings.Count(body, "</p>"), strings.Count(english, "</p>"))
			}
		}
	}
}

// A reader's own choice goes before what the browser asks for, and that before the
// desk's.
func TestLanguageIsChosen(t *testing.T) {
	french, _ := catalogue.Find("fr")
	h := newDesk(t, Options{Store: richStore(), Language: french})
	for _, test := range []struct{ header, chosen, want string }{
		{"", "", "fr"},
		{"az", "", "fr"},
		{"es-MX, en;q=0.5", "", "es"},
		{"es-MX", "ar", "ar"},
		{"es-MX", "en", "en"},
		{"es-MX", "tlh", "es"},
	} {
		if body := asks(t, h, "/about", test.header, test.chosen).Body.String(); !strings.Contains(body, `<html lang="`+test.want+`"`) {
			t.Errorf("%+v: %.60s", test, body)
		}
	}
	w := asks(t, h, "/language?to=ar&next="+"%2Fabout", "en", "")
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/about" {
		t.Errorf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	if c := w.Result().Cookies(); len(c) != 1 || c[0].Value != "ar" || !c[0].HttpOnly || c[0].SameSite != http.SameSiteLaxMode { //nolint:bodyclose // a recorder has none
		t.Errorf("cookies: %v", c)
	}
	for _, away := range []string{"https://evil.example/", "//evil.example", "/\\evil.example"} {
		if to := asks(t, h, "/language?to=tlh&next="+away, "en", ""); to.Header().Get("Location") != "/" || len(to.Header()["Set-Cookie"]) > 0 {
			t.Errorf("%s: led to %q with %v", away, to.Header().Get("Location"), to.Header()["Set-Cookie"])
		}
	}
}
