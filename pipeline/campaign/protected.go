package campaign

import (
	"slices"
	"strings"

	"winnow/pipeline/post"
)

// Platforms are those that a protected account may be on.
func Platforms() []post.Platform { return []post.Platform{post.X, post.Mastodon, post.Bluesky} }

// ParseProtected reads an account as people write it: "x:@name", or "@name" for any
// platform. It is false if an unknown platform stands in front. A DID and a URL have
// colons of their own.
func ParseProtected(text string) (Protected, bool) {
	before, after, colon := strings.Cut(text, ":")
	switch {
	case !colon || before == "did" || before == "http" || before == "https":
		return Protected{Account: text}, true
	case slices.Contains(Platforms(), post.Platform(before)):
		return Protected{Platform: post.Platform(before), Account: strings.TrimSpace(after)}, true
	}
	return Protected{}, false
}

// String is the account as ParseProtected reads it.
func (p Protected) String() string {
	if p.Platform == "" {
		return p.Account
	}
	return string(p.Platform) + ":" + p.Account
}
