package sieve

import (
	"strings"

	"winnow/collectors/bluesky"
	"winnow/collectors/bluesky/track"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
	"winnow/pipeline/post/fold"
)

// Sieve decides for the campaigns it was made for. It is safe for concurrent
// use.
type Sieve struct {
	words automaton
	// foreign are the scripts of each pattern that is not all ASCII: a text
	// needs all of them to match.
	foreign  []scripts
	accounts map[string]bool
}

// New returns a sieve for campaigns. accounts are further identifiers (DIDs) of
// protected accounts, found out from their handles: posts name accounts by
// identifier alone.
func New(campaigns []campaign.Campaign, accounts []string) *Sieve {
	p := patterns{foreign: map[scripts]bool{}, accounts: map[string]bool{}}
	for i := range campaigns {
		p.campaign(&campaigns[i])
	}
	for _, did := range accounts {
		p.account(did)
	}
	s := &Sieve{words: newAutomaton(p.words), accounts: p.accounts}
	for set := range p.foreign {
		s.foreign = append(s.foreign, set)
	}
	return s
}

// Pass reports whether the event with a head may concern a campaign or a
// followed post. Of other kinds of event than commits and account events it
// says no.
func (s *Sieve) Pass(h *Head, followed *track.Set) bool {
	switch string(h.Kind) {
	case bluesky.KindAccount:
		return followed.HasAccount(h.DID)
	case bluesky.KindCommit:
	default:
		return false
	}
	repost := string(h.Collection) == bluesky.CollectionRepost
	if !repost && string(h.Collection) != bluesky.CollectionPost {
		return false
	}
	switch string(h.Operation) {
	case "create":
	case "delete":
		return has(followed, h)
	case "update":
		if has(followed, h) {
			return true
		}
	default:
		return true // for the decoder to refuse
	}
	if s.author(h.DID) {
		return true
	}
	if !repost {
		return s.record(h.Record)
	}
	subject, ok := subject(h.Record)
	return !ok || followed.Has(subject) || s.record(subject)
}

// has reports whether a commit is about a followed post.
func has(followed *track.Set, h *Head) bool {
	var room [256]byte
	uri := append(room[:0], "at://"...)
	uri = append(uri, h.DID...)
	uri = append(uri, '/')
	uri = append(uri, h.Collection...)
	uri = append(uri, '/')
	uri = append(uri, h.RKey...)
	return followed.Has(uri)
}

// author reports whether an account may be protected.
func (s *Sieve) author(did []byte) bool {
	if len(s.accounts) == 0 {
		return false
	}
	for _, c := range did {
		if c <= ' ' || c == '@' || 'A' <= c && c <= 'Z' || c >= 0x80 {
			return true // compared in a form of its own
		}
	}
	return s.accounts[string(did)]
}

// record reports whether a text, or the JSON of a record, may match.
func (s *Sieve) record(b []byte) bool {
	in, sure := survey(b)
	if !sure {
		return true
	}
	for _, needs := range s.foreign {
		if needs&^in == 0 {
			return true
		}
	}
	return s.words.in(b)
}

// subject returns the address that a repost's record names.
func subject(record []byte) (uri []byte, ok bool) {
	outer := scanner{b: record}
	for first := true; ; first = false {
		name, more, fine := outer.member(first)
		if !fine || !more {
			return uri, fine && ok && outer.end()
		}
		if string(name) != "subject" {
			if _, fine = outer.skip(); !fine {
				return nil, false
			}
			continue
		}
		for first := true; ; first = false {
			name, more, fine := outer.member(first)
			if !fine {
				return nil, false
			}
			if !more {
				break
			}
			if string(name) != "uri" {
				if _, fine = outer.skip(); !fine {
					return nil, false
				}
				continue
			}
			if ok { // twice
				return nil, false
			}
			if uri, ok = outer.text(); !ok {
				return nil, false
			}
		}
	}
}

// patterns is what is gathered from campaigns.
type patterns struct {
	words    []string
	foreign  map[scripts]bool
	accounts map[string]bool
}

func (p *patterns) campaign(c *campaign.Campaign) {
	for _, tag := range c.Tags {
		p.add(fold.TagKey(tag))
	}
	for i := range c.Declared {
		for _, tag := range c.Declared[i].Tags {
			p.add(fold.TagKey(tag))
		}
	}
	for _, term := range c.Terms {
		p.term(term)
	}
	for _, a := range c.Protected {
		if a.Platform == "" || a.Platform == post.Bluesky {
			p.account(a.Account)
		}
	}
}

// term adds a phrase. What stands between its words in a text may be anything,
// so it is found by its longest word.
func (p *patterns) term(term string) {
	folded := fold.Text(term)
	if !plain(folded) {
		p.add(folded)
		return
	}
	longest := ""
	for word := range strings.SplitSeq(folded, " ") {
		if len(word) > len(longest) {
			longest = word
		}
	}
	p.add(longest)
}

// account adds an account, in the form in which a campaign.Matcher compares
// them.
func (p *patterns) account(name string) {
	name = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(name), "@"))
	switch {
	case name == "":
		return
	case plain(name):
		p.words = append(p.words, name)
	default:
		// A name is compared as it is and not in folded form, so it may have
		// characters that nothing folds to: they tell nothing.
		var needs scripts
		for _, r := range name {
			if r >= 0x80 {
				needs |= script(r)
			}
		}
		p.foreign[needs] = true
	}
	p.accounts[name] = true
}

// add adds a pattern in folded form: itself if it is ASCII, else the scripts it
// is written in.
func (p *patterns) add(folded string) {
	if folded == "" {
		return
	}
	if plain(folded) {
		p.words = append(p.words, folded)
		return
	}
	var needs scripts
	for _, r := range folded {
		if r < 0x80 {
			continue
		}
		s := script(r)
		if s == 0 {
			// Nothing of which survey is sure folds to such a character.
			return
		}
		needs |= s
	}
	p.foreign[needs] = true
}
