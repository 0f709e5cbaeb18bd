package rules

import (
	"fmt"
	"strings"
	"unicode"

	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
	"winnow/pipeline/post/fold"
)

// Unwatchable is something in a campaign that X cannot look for.
type Unwatchable struct {
	Campaign string
	// What is the tag, term or account; Why is for people.
	What, Why string
}

// String tells it to a person.
func (u Unwatchable) String() string {
	return fmt.Sprintf("campaign %q: X cannot look for %q: %s", u.Campaign, u.What, u.Why)
}

// clauses collects what one campaign asks for, each thing once.
type clauses struct {
	campaign string
	limit    int
	all      []string
	seen     map[string]bool
	problems []Unwatchable
}

func clausesOf(c *campaign.Campaign, limit int) *clauses {
	cs := &clauses{campaign: c.Name, limit: limit, seen: map[string]bool{}}
	for _, t := range c.Tags {
		cs.tag(t)
	}
	for _, d := range c.Declared {
		for _, t := range d.Tags {
			cs.tag(t)
		}
	}
	for _, t := range c.Terms {
		cs.term(t)
	}
	for _, p := range c.Protected {
		if p.Platform == "" || p.Platform == post.X {
			cs.account(p)
		}
	}
	return cs
}

func (cs *clauses) bad(what, why string) {
	cs.problems = append(cs.problems, Unwatchable{Campaign: cs.campaign, What: what, Why: why})
}

func (cs *clauses) add(what, clause string) {
	key := strings.ToLower(clause)
	if cs.seen[key] {
		return
	}
	cs.seen[key] = true
	if length(clause) > cs.limit {
		cs.bad(what, fmt.Sprintf("it is longer than the %d characters of a rule", cs.limit))
		return
	}
	cs.all = append(cs.all, clause)
}

// tag adds a hashtag as it is given and as it is folded.
func (cs *clauses) tag(given string) {
	s, key := fold.TrimMark(given), fold.TagKey(given)
	if key == "" || strings.ContainsFunc(s, notInTag) {
		cs.bad(given, "a hashtag there has only letters, digits and \"_\"")
		return
	}
	cs.add(given, "#"+s)
	cs.add(given, "#"+key)
}

func notInTag(r rune) bool {
	const nonJoiner = '\u200c' // part of Persian words
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '_' && r != nonJoiner
}

// term adds a phrase as it is given and as it is folded. X compares words, so
// signs between them say nothing, and quotes and backslashes would end the phrase.
func (cs *clauses) term(given string) {
	phrase := strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r == '"' || r == '\\' || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, given)), " ")
	if !strings.ContainsFunc(phrase, wordly) {
		cs.bad(given, "it has no letter, digit or picture")
		return
	}
	cs.add(given, `"`+phrase+`"`)
	if folded := fold.Text(phrase); strings.ContainsFunc(folded, wordly) && !strings.ContainsAny(folded, "\"\\") {
		cs.add(given, `"`+folded+`"`)
	}
}

func wordly(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsSymbol(r)
}

// account adds whatever mentions, answers or comes from an account.
func (cs *clauses) account(p campaign.Protected) {
	handle, marked := strings.CutPrefix(strings.TrimSpace(p.Account), "@")
	switch {
	case handle == "" || len(handle) > 20 || strings.ContainsFunc(handle, notInHandle):
		// One without a platform may be meant for another.
		if p.Platform == post.X {
			cs.bad(p.Account, "an account there has a handle of letters, digits and \"_\", or a number")
		}
		return
	case marked || strings.ContainsFunc(handle, notDigit):
		cs.add(p.Account, "@"+handle)
	}
	cs.add(p.Account, "from:"+handle)
	cs.add(p.Account, "to:"+handle)
}

func notInHandle(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_' && notDigit(r)
}

func notDigit(r rune) bool { return r < '0' || r > '9' }
