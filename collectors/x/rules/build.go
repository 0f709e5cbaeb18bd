package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"

	"winnow/collectors/x/api"
	"winnow/pipeline/campaign"
)

// Prefix begins the tag of every rule that is Winnow's.
const Prefix = "winnow:"

// The limits of X's plans, in characters and rules.
const (
	PlanLength       = 1024 // of a rule, pay-per-use
	EnterpriseLength = 2048
	PlanRules        = 1000 // per app, pay-per-use
	EnterpriseRules  = 25000
	QueryLength      = 512 // of a query for search or counts
)

// Options says what rules may look like.
type Options struct {
	// Length is the longest rule in characters, Most how many there may be;
	// zero for the pay-per-use plan's.
	Length, Most int
	// Sample is the share of the matching posts that X delivers, in percent, 1
	// to 99; anything else for all.
	Sample int
	// NoReposts leaves retweets out.
	NoReposts bool
}

func (o Options) length() int {
	if o.Length > 0 {
		return o.Length
	}
	return PlanLength
}

func (o Options) most() int {
	if o.Most > 0 {
		return o.Most
	}
	return PlanRules
}

// suffix is what limits a whole rule.
func (o Options) suffix() string {
	s := ""
	if o.Sample > 0 && o.Sample < 100 {
		s = " sample:" + strconv.Itoa(o.Sample)
	}
	if o.NoReposts {
		s += " -is:retweet"
	}
	return s
}

// Build returns the rules for campaigns, each value once, and what X cannot
// look for. They are the same whenever the campaigns are, and a tag added at
// the end of a campaign changes its last rule only.
func Build(campaigns []campaign.Campaign, o Options) ([]api.Rule, []Unwatchable) {
	var (
		out      []api.Rule
		problems []Unwatchable
		seen     = map[string]bool{}
	)
	for i := range campaigns {
		values, bad := pack(&campaigns[i], o.length(), o.suffix())
		problems = append(problems, bad...)
		for _, v := range values {
			if !seen[v] {
				seen[v] = true
				out = append(out, api.Rule{Value: v, Tag: Tag(campaigns[i].Name)})
			}
		}
	}
	return out, problems
}

// Query returns the queries for search and counts that together ask for what a
// campaign watches, each of at most QueryLength characters. A post may match
// several of them. Sample is ignored: a search knows no samples.
func Query(c campaign.Campaign, o Options) []string {
	o.Sample = 0
	values, _ := pack(&c, QueryLength, o.suffix())
	return values
}

// Tag is the tag of a campaign's rules. A name of more than 100 characters is
// cut and ends with a hash of itself.
func Tag(name string) string {
	const most = 100
	if utf8.RuneCountInString(name) <= most {
		return Prefix + name
	}
	hash := sha256.Sum256([]byte(name))
	return Prefix + string([]rune(name)[:most]) + "~" + hex.EncodeToString(hash[:8])
}

// Own reports whether a rule is Winnow's.
func Own(r api.Rule) bool { return strings.HasPrefix(r.Tag, Prefix) }

const or = " OR "

// pack joins the clauses of a campaign into as few values as fit in order.
func pack(c *campaign.Campaign, limit int, suffix string) ([]string, []Unwatchable) {
	room := limit - length(suffix)
	if suffix != "" {
		room -= len("()")
	}
	cs := clausesOf(c, room)
	var (
		values []string
		group  []string
		used   int
	)
	for _, clause := range cs.all {
		n := length(clause)
		if len(group) > 0 && used+len(or)+n > room {
			values = append(values, join(group, suffix))
			group, used = nil, 0
		}
		if len(group) > 0 {
			used += len(or)
		}
		group, used = append(group, clause), used+n
	}
	if len(group) > 0 {
		values = append(values, join(group, suffix))
	}
	return values, cs.problems
}

// join is the value of a rule that asks for any of the clauses.
func join(group []string, suffix string) string {
	either := strings.Join(group, or)
	if suffix != "" && len(group) > 1 {
		either = "(" + either + ")"
	}
	return either + suffix
}

// split undoes join for the values that pack makes.
func split(value string) (group []string, suffix string) {
	if rest, ok := strings.CutPrefix(value, "("); ok {
		end := strings.LastIndex(rest, ") ")
		value, suffix = rest[:max(end, 0)], rest[max(end, 0)+len(")"):]
	} else if at := outside(value, " sample:"); at >= 0 {
		value, suffix = value[:at], value[at:]
	} else if at := outside(value, " -is:"); at >= 0 {
		value, suffix = value[:at], value[at:]
	}
	for {
		at := outside(value, or)
		if at < 0 {
			return append(group, value), suffix
		}
		group, value = append(group, value[:at]), value[at+len(or):]
	}
}

// outside finds what first in s, but not between quotes.
func outside(s, what string) int {
	quoted := false
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case !quoted && strings.HasPrefix(s[i:], what):
			return i
		}
	}
	return -1
}

// length counts characters as X does for its limits: code points.
func length(s string) int { return utf8.RuneCountInString(s) }
