package campaign

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"winnow/pipeline/post"
	"winnow/pipeline/post/fold"
)

// maxCampaignName is the longest name, in bytes, that a post may carry as well.
const maxCampaignName = 200

// Matcher decides which posts belong to which campaigns. It is safe for
// concurrent use.
type Matcher struct {
	campaigns []Campaign
	byName    map[string]int
	// tags and accounts say which campaigns a tag key or an account belongs
	// to; terms does so for folded words.
	tags     map[string][]int
	accounts map[string][]watched
	terms    phrases
	declared [][]action // by campaign
}

// watched is a campaign that looks after an account.
type watched struct {
	campaign int
	platform post.Platform // empty: any
}

// action is a Declared made ready for comparing.
type action struct {
	Declared
	keys  []string
	texts phrases
}

// NewMatcher builds a matcher for campaigns, which may be none. The error joins
// all mistakes: campaigns without a name or with the same name, that watch
// nothing, tags that are none, terms without a letter, declared actions without
// a name, a time, or anything that could match.
func NewMatcher(campaigns []Campaign) (*Matcher, error) {
	m := &Matcher{
		campaigns: slices.Clone(campaigns),
		byName:    make(map[string]int),
		tags:      make(map[string][]int),
		accounts:  make(map[string][]watched),
		declared:  make([][]action, len(campaigns)),
	}
	var mistakes []error
	for i := range m.campaigns {
		c := &m.campaigns[i]
		if err := checkName(c.Name); err != nil {
			mistakes = append(mistakes, fmt.Errorf("campaign %d: %w", i+1, err))
		} else if _, ok := m.byName[c.Name]; ok {
			mistakes = append(mistakes, fmt.Errorf("campaign %q is there twice: give each its own name", c.Name))
		} else {
			m.byName[c.Name] = i
		}
		for _, err := range m.addCampaign(i, c) {
			mistakes = append(mistakes, fmt.Errorf("campaign %q: %w", c.Name, err))
		}
	}
	if len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	return m, nil
}

func (m *Matcher) addCampaign(i int, c *Campaign) (mistakes []error) {
	bad := func(format string, args ...any) { mistakes = append(mistakes, fmt.Errorf(format, args...)) }
	for _, tag := range c.Tags {
		if !m.addTag(i, tag) {
			bad("tag %q is no hashtag: it needs a letter, and has only letters, digits and \"_\"", tag)
		}
	}
	for _, term := range c.Terms {
		if !m.terms.add(term, i) {
			bad("term %q has no word to look for: links, mentions and signs are not compared", term)
		}
	}
	for _, p := range c.Protected {
		key := accountKey(p.Account)
		switch {
		case key == "":
			bad("a protected account is empty: give its handle or id")
			continue
		case !knownPlatform(p.Platform):
			bad("protected account %q is on the unknown platform %q", p.Account, p.Platform)
		}
		m.accounts[key] = append(m.accounts[key], watched{i, p.Platform})
	}
	names := map[string]bool{}
	for _, d := range c.Declared {
		a := action{Declared: d}
		switch {
		case d.Name == "":
			bad("a declared action has no name")
		case names[d.Name]:
			bad("declared action %q is there twice: give each its own name", d.Name)
		}
		names[d.Name] = true
		if d.From.IsZero() || !d.From.Before(d.To) {
			bad("declared action %q does not end after it starts: give it from and to", d.Name)
		}
		if len(d.Tags)+len(d.Texts) == 0 {
			bad("declared action %q matches nothing: give it tags or texts", d.Name)
		}
		for _, tag := range d.Tags {
			if !m.addTag(i, tag) {
				bad("declared action %q: tag %q is no hashtag", d.Name, tag)
			}
			a.keys = append(a.keys, fold.TagKey(tag))
		}
		for _, text := range d.Texts {
			if !a.texts.add(text, 0) {
				bad("declared action %q: text %q has no word to look for", d.Name, text)
			}
		}
		m.declared[i] = append(m.declared[i], a)
	}
	if len(c.Tags)+len(c.Terms)+len(c.Protected)+len(c.Declared) == 0 {
		bad("it watches nothing: give it tags, terms or protected accounts")
	}
	return mistakes
}

// addTag reports whether tag is a hashtag, and notes its campaign.
func (m *Matcher) addTag(campaign int, tag string) bool {
	key := fold.TagKey(tag)
	if key == "" {
		return false
	}
	if !slices.Contains(m.tags[key], campaign) {
		m.tags[key] = append(m.tags[key], campaign)
	}
	return true
}

// Campaigns returns the campaigns in the order given. They must not be changed.
func (m *Matcher) Campaigns() []Campaign { return m.campaigns }

// Lookup returns the campaign with a name, which must not be changed, and
// whether there is one.
func (m *Matcher) Lookup(name string) (*Campaign, bool) {
	i, ok := m.byName[name]
	if !ok {
		return nil, false
	}
	return &m.campaigns[i], true
}

// Match appends the names of the campaigns that a post belongs to, each once,
// in the order of Campaigns. A post belongs to a campaign if it
//
//   - carries one of its tags, or of those of its declared actions,
//   - has one of its terms in its text, or
//   - comes from, mentions, replies to, quotes or reposts an account that the
//     campaign protects. An archive that does not say where its posts come from
//     may come from any platform.
//
// If no campaign is configured, it belongs to the one that it names itself.
// p must be tidy (see post.Post.Tidy).
func (m *Matcher) Match(dst []string, p *post.Post) []string {
	if len(m.campaigns) == 0 {
		if p.Campaign == "" {
			return dst
		}
		return append(dst, p.Campaign)
	}
	var room [8]uint64
	s := set(room[:])
	if n := (len(m.campaigns) + 63) / 64; n > len(room) {
		s = make(set, n)
	}
	for i := range p.Tags {
		for _, c := range m.tags[p.Tags[i].Key] {
			s.add(c)
		}
	}
	if len(m.accounts) > 0 {
		m.matchAccounts(s, p)
	}
	if !m.terms.empty() && p.Text != "" {
		m.terms.find(fold.Text(p.Text), func(campaign int) bool {
			s.add(campaign)
			return true
		})
	}
	return s.appendNames(dst, m.campaigns)
}

func (m *Matcher) matchAccounts(s set, p *post.Post) {
	m.matchAccount(s, p.Platform, p.Account.ID, p.Account.Handle)
	for _, r := range [...]*post.Ref{&p.ReplyTo, &p.RepostOf, &p.QuoteOf} {
		m.matchAccount(s, p.Platform, r.AccountID, r.Handle)
	}
	for i := range p.Mentions {
		m.matchAccount(s, p.Platform, p.Mentions[i].AccountID, p.Mentions[i].Handle)
	}
}

func (m *Matcher) matchAccount(s set, platform post.Platform, names ...string) {
	for _, name := range names {
		if name == "" {
			continue
		}
		for _, w := range m.accounts[accountKey(name)] {
			if w.platform == "" || w.platform == platform || platform == post.Archive {
				s.add(w.campaign)
			}
		}
	}
}

// Declared returns the name of the first action declared by a campaign that a
// post matches, or "" if it matches none: it was posted within the action's
// time and carries one of its tags or has one of its texts in it.
func (m *Matcher) Declared(campaign string, p *post.Post) string {
	c, ok := m.byName[campaign]
	if !ok {
		return ""
	}
	folded, isFolded := "", false
	for i := range m.declared[c] {
		a := &m.declared[c][i]
		if p.PostedAt.Before(a.From) || !p.PostedAt.Before(a.To) {
			continue
		}
		if slices.ContainsFunc(p.Tags, func(t post.Tag) bool { return slices.Contains(a.keys, t.Key) }) {
			return a.Name
		}
		if a.texts.empty() {
			continue
		}
		if !isFolded {
			folded, isFolded = fold.Text(p.Text), true
		}
		found := false
		a.texts.find(folded, func(int) bool {
			found = true
			return false
		})
		if found {
			return a.Name
		}
	}
	return ""
}

// checkName reports what is wrong with the name of a campaign. Names are shown,
// and are values in the store and in metrics.
func checkName(name string) error {
	switch {
	case name == "" || strings.TrimSpace(name) != name:
		return errors.New("it needs a name without blanks around it")
	case len(name) > maxCampaignName:
		return fmt.Errorf("its name is longer than %d bytes", maxCampaignName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return errors.New("its name has bytes that cannot be shown")
	}
	return nil
}

func knownPlatform(p post.Platform) bool {
	switch p {
	case "", post.X, post.Mastodon, post.Bluesky, post.Archive:
		return true
	}
	return false
}

// accountKey returns the form by which handles and ids are compared: no "@" in
// front, no case. Ids have none, but for the name in a Mastodon URL.
func accountKey(s string) string {
	return strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s), "@"))
}

// set is a set of campaigns, by index.
type set []uint64

func (s set) add(i int) { s[i/64] |= 1 << (i % 64) }

// appendNames appends the names of the set's campaigns in their order.
func (s set) appendNames(dst []string, campaigns []Campaign) []string {
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			dst = append(dst, campaigns[i*64+bits.TrailingZeros64(word)].Name)
		}
	}
	return dst
}
