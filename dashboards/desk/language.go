package desk

import (
	"net/http"
	"net/url"
	"time"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/words"
)

// languagePath is where a reader chooses a language.
const languagePath = "/language"

// languageCookie remembers the choice, for a year. It names nobody.
const (
	languageCookie = "language"
	languageAge    = 365 * 24 * time.Hour
)

// tongue is what a page is told in.
type tongue struct {
	language string
	utc      bool
}

// languageView is a language in the foot of a page.
type languageView struct {
	catalogue.Language
	// Href leads to the page in it; empty for the one that is shown.
	Href string
}

// loadLanguages makes the pages in all languages, in the desk's zone and in UTC.
func (d *desk) loadLanguages() error {
	if d.language.Code == "" {
		d.language = catalogue.English()
	}
	d.tellers, d.pages = make(map[tongue]*words.Teller), make(map[*words.Teller]pages)
	for _, language := range catalogue.Languages() {
		messages, err := catalogue.Load(language)
		if err != nil {
			return err
		}
		for _, utc := range []bool{false, true} {
			zone := d.zone
			if utc {
				zone = time.UTC
			}
			t := words.NewTeller(messages, zone, d.now)
			if d.pages[t], err = loadPages(t); err != nil {
				return err
			}
			d.tellers[tongue{language.Code, utc}] = t
		}
	}
	return nil
}

// teller tells things as a reader wants them told.
func (d *desk) teller(r *http.Request) *words.Teller {
	return d.tellers[tongue{d.languageOf(r).Code, d.zoneOf(r) == time.UTC}]
}

// languageOf is the language that a reader chose, or else that their browser asks for.
func (d *desk) languageOf(r *http.Request) catalogue.Language {
	if c, err := r.Cookie(languageCookie); err == nil {
		if l, ok := catalogue.Find(c.Value); ok {
			return l
		}
	}
	return catalogue.Match(r.Header.Get("Accept-Language"), d.language)
}

// languages are all there are, and where each is chosen.
func (d *desk) languages(r *http.Request, shown catalogue.Language) (all []languageView) {
	for _, l := range catalogue.Languages() {
		v := languageView{Language: l}
		if l != shown {
			v.Href = languagePath + "?" + url.Values{"to": {l.Code}, "next": {r.URL.RequestURI()}}.Encode()
		}
		all = append(all, v)
	}
	return all
}

// chooseLanguage remembers which language a reader wants, and leads back to where they
// were.
func (d *desk) chooseLanguage(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if l, ok := catalogue.Find(query.Get("to")); ok {
		http.SetCookie(w, &http.Cookie{
			Name: languageCookie, Value: l.Code, Path: "/", MaxAge: int(languageAge / time.Second),
			HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode,
		})
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, access.SafeNext(query.Get("next")), http.StatusSeeOther)
}
