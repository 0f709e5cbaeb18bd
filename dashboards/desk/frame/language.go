package frame

import (
	"net/http"
	"net/url"
	"sync"
	"time"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/words"
)

// LanguagePath is where a reader chooses a language.
const LanguagePath = "/language"

// LanguageCookie remembers the choice, for a year. It names nobody.
const (
	LanguageCookie = "language"
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

// loadLanguages prepares the pages in all languages, in the operator's zone and in UTC.
func (f *Frame) loadLanguages() error {
	if f.o.Language.Code == "" {
		f.o.Language = catalogue.English()
	}
	f.tellers, f.pages = make(map[tongue]*words.Teller), make(map[*words.Teller]func() (pages, error))
	for _, language := range catalogue.Languages() {
		messages, err := catalogue.Load(language)
		if err != nil {
			return err
		}
		for _, utc := range []bool{false, true} {
			zone := f.o.Zone
			if utc {
				zone = time.UTC
			}
			t := words.NewTeller(messages, zone, f.o.Now)
			f.pages[t] = sync.OnceValues(func() (pages, error) { return f.load(t) })
			f.tellers[tongue{language.Code, utc}] = t
		}
	}
	return nil
}

// Teller tells things as a reader wants them told.
func (f *Frame) Teller(r *http.Request) *words.Teller {
	return f.tellers[tongue{f.LanguageOf(r).Code, f.ZoneOf(r) == time.UTC}]
}

// LanguageOf is the language that a reader chose, or else that their browser asks for.
func (f *Frame) LanguageOf(r *http.Request) catalogue.Language {
	if c, err := r.Cookie(LanguageCookie); err == nil {
		if l, ok := catalogue.Find(c.Value); ok {
			return l
		}
	}
	return catalogue.Match(r.Header.Get("Accept-Language"), f.o.Language)
}

// languages are all there are, and where each is chosen.
func (f *Frame) languages(r *http.Request, shown catalogue.Language) (all []languageView) {
	for _, l := range catalogue.Languages() {
		v := languageView{Language: l}
		if l != shown {
			v.Href = LanguagePath + "?" + url.Values{"to": {l.Code}, "next": {r.URL.RequestURI()}}.Encode()
		}
		all = append(all, v)
	}
	return all
}

// ChooseLanguage remembers which language a reader wants, and leads back to where they
// were.
func (f *Frame) ChooseLanguage(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if l, ok := catalogue.Find(query.Get("to")); ok {
		http.SetCookie(w, &http.Cookie{
			Name: LanguageCookie, Value: l.Code, Path: "/", MaxAge: int(languageAge / time.Second),
			HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode,
		})
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, access.SafeNext(query.Get("next")), http.StatusSeeOther)
}
