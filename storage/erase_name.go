package storage

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"winnow/pipeline/post"
)

// Person is an account by all names that it was ever seen under.
type Person struct {
	Platform post.Platform
	// ID is empty if only the handle is known.
	ID string
	// Handles are in small letters.
	Handles []string
}

// spellings are expressions (RE2) for an account's names in texts and addresses. What the
// first group holds stands before a name, and what the second does behind it. The full one
// means nobody else; the short one, for where the account is known to be meant, fits the
// part of a handle before its host as well.
func (p Person) spellings() (full, short string) {
	var whole []string
	if strings.Contains(p.ID, ":") { // a number may be any number
		whole = append(whole, p.ID)
	}
	all := slices.Clone(p.Handles)
	for _, h := range p.Handles {
		user, host, ok := strings.Cut(h, "@")
		if !ok {
			continue
		}
		all = append(all, user)
		whole = append(whole, "https://"+host+"/@"+user, "https://"+host+"/users/"+user)
	}
	return expression(whole, p.Handles), expression(whole, all)
}

// nothing is an expression that fits nothing.
const nothing = `[^\s\S]`

// expression fits whole addresses, and names behind an @ or a slash.
func expression(whole, names []string) string {
	return `(?i)(?:` + either(whole) + `|([@/])` + either(names) + `)([^A-Za-z0-9_-]|$)`
}

// either fits any of some texts, the longest first: the first that fits is taken.
func either(texts []string) string {
	if len(texts) == 0 {
		return nothing
	}
	quoted := slices.Clone(texts)
	slices.SortFunc(quoted, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	for i := range quoted {
		quoted[i] = regexp.QuoteMeta(quoted[i])
	}
	return `(?:` + strings.Join(slices.Compact(quoted), "|") + `)`
}
