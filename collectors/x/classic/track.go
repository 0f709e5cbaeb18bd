package classic

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
	"winnow/pipeline/post/fold"
)

// The limits of statuses/filter.
const (
	MaxKeywords = 400
	MaxKeyword  = 60 // bytes
	MaxFollow   = 5000
)

// Track is what a v1.1 stream is asked for.
type Track struct {
	// Keywords are hashtags with "#", handles with "@", and terms. The words of
	// a term must all be in a post, in any order: the pipeline then looks at
	// the order, which v1.1 cannot.
	Keywords []string
	// Follow are the numbers of accounts.
	Follow []string
	// Unwatchable says, for people, what cannot be asked for.
	Unwatchable []string
}

// NewTrack puts together what campaigns watch. Like the v2 stream, v1.1 does
// not fold diacritics: a tag or term is asked for as it is given and as it is
// folded. The error says that there is nothing to ask for, or too much.
func NewTrack(campaigns []campaign.Campaign) (Track, error) {
	var t Track
	for i := range campaigns {
		c := &campaigns[i]
		tags := slices.Clone(c.Tags)
		for _, d := range c.Declared {
			tags = append(tags, d.Tags...)
		}
		for _, tag := range tags {
			if key := fold.TagKey(tag); key != "" {
				t.keyword(c.Name, "#"+fold.TrimMark(tag))
				t.keyword(c.Name, "#"+key)
			}
		}
		for _, term := range c.Terms {
			t.keyword(c.Name, term)
			t.keyword(c.Name, fold.Text(term))
		}
		for _, p := range c.Protected {
			if p.Platform == "" || p.Platform == post.X {
				t.account(c.Name, p)
			}
		}
	}
	switch {
	case len(t.Keywords)+len(t.Follow) == 0:
		return t, fmt.Errorf("the campaigns have nothing that a v1.1 stream can be asked for: give them hashtags or terms")
	case len(t.Keywords) > MaxKeywords:
		return t, fmt.Errorf("the campaigns ask for %d keywords, a v1.1 stream takes %d: watch fewer hashtags and terms",
			len(t.Keywords), MaxKeywords)
	case len(t.Follow) > MaxFollow:
		return t, fmt.Errorf("the campaigns ask for %d accounts, a v1.1 stream takes %d", len(t.Follow), MaxFollow)
	}
	return t, nil
}

// keyword adds a phrase once. A comma would divide it, and signs are not
// compared.
func (t *Track) keyword(name, given string) {
	phrase := strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r == ',' || !unicode.IsPrint(r) && r != '\u200c' {
			return ' '
		}
		return r
	}, given)), " ")
	switch {
	case !strings.ContainsFunc(phrase, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsSymbol(r) }):
	case len(phrase) > MaxKeyword:
		t.unwatchable(name, given, fmt.Sprintf("it is longer than %d bytes", MaxKeyword))
	case !slices.ContainsFunc(t.Keywords, func(k string) bool { return strings.EqualFold(k, phrase) }):
		t.Keywords = append(t.Keywords, phrase)
	}
}

// account asks for an account by its number, or for who mentions its handle.
func (t *Track) account(name string, p campaign.Protected) {
	handle, marked := strings.CutPrefix(strings.TrimSpace(p.Account), "@")
	number := !marked && strings.Trim(handle, "0123456789") == ""
	switch {
	case handle == "" || strings.ContainsFunc(handle, notInHandle):
		if p.Platform == post.X {
			t.unwatchable(name, p.Account, "an account there has a handle of letters, digits and \"_\", or a number")
		}
	case number && !slices.Contains(t.Follow, handle):
		t.Follow = append(t.Follow, handle)
	case !number:
		t.keyword(name, "@"+handle)
		t.unwatchable(name, p.Account, "its own posts can only be asked for by the account's number; those that mention it are")
	}
}

func notInHandle(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_'
}

func (t *Track) unwatchable(name, what, why string) {
	t.Unwatchable = append(t.Unwatchable, fmt.Sprintf("campaign %q: a v1.1 stream cannot look for %q: %s", name, what, why))
}

// values are the parameters of a request.
func (t *Track) values() url.Values {
	v := url.Values{"stall_warnings": {"true"}}
	if len(t.Keywords) > 0 {
		v.Set("track", strings.Join(t.Keywords, ","))
	}
	if len(t.Follow) > 0 {
		v.Set("follow", strings.Join(t.Follow, ","))
	}
	return v
}
