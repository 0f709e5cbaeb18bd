package catalogue

import (
	"embed"
	"fmt"

	"github.com/leonelquinteros/gotext"
	"golang.org/x/text/language"
)

//go:embed po
var files embed.FS

// Language is one that the pages can be read in.
type Language struct {
	// Code is its subtag by BCP 47, such as "fr".
	Code string
	// Name is what it calls itself.
	Name string
	// Direction is that of its script, as the attribute dir wants it: "ltr" or "rtl".
	Direction string
}

// English is what all messages are written in.
func English() Language { return Language{"en", "English", "ltr"} }

// Languages returns all languages, English first.
func Languages() []Language {
	return []Language{English(), {"fr", "Français", "ltr"}, {"es", "Español", "ltr"}, {"ar", "العربية", "rtl"}}
}

// Find returns a language by its code.
func Find(code string) (Language, bool) {
	for _, l := range Languages() {
		if l.Code == code {
			return l, true
		}
	}
	return Language{}, false
}

// Match returns the language that suits what a browser asks for best; usual, if none of
// them does. The header is Accept-Language (RFC 9110, 12.5.4).
func Match(header string, usual Language) Language {
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(wanted) == 0 {
		return usual
	}
	all := Languages()
	tags := make([]language.Tag, len(all))
	for i, l := range all {
		tags[i] = language.Make(l.Code)
	}
	if _, i, sure := language.NewMatcher(tags).Match(wanted...); sure >= language.High {
		return all[i]
	}
	return usual
}

// Load reads the messages of a language. It fails if there is no catalogue of it.
func Load(l Language) (*Messages, error) {
	m := &Messages{Language: l}
	if l.Code == English().Code {
		return m, nil
	}
	text, err := files.ReadFile("po/" + l.Code + ".po")
	if err != nil {
		return nil, fmt.Errorf("load the messages in %s: %w", l.Name, err)
	}
	m.po = gotext.NewPo()
	m.po.Parse(text)
	m.all = m.po.GetDomain().GetTranslations()
	return m, nil
}
