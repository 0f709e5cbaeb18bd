package post

import (
	"slices"

	"winnow/pipeline/post/fold"
)

// maxList is how many tags, links, mentions or images a post may have.
const maxList = 100

// Tag is a hashtag: what it is compared by, and how it was spelled.
type Tag struct {
	// Key is the identity (see fold.TagKey), without "#".
	Key string `json:"key"`
	// Posted is the spelling as posted, without "#".
	Posted string `json:"posted,omitzero"`
}

// NewTags builds the tags of a post from their posted spellings, each key once
// with its first spelling, in the order given, at most 100. What is no hashtag
// is left out.
func NewTags(posted ...string) []Tag {
	if len(posted) == 0 {
		return nil
	}
	out := make([]Tag, 0, min(len(posted), maxList))
	for _, s := range posted {
		out = appendTag(out, fold.TagKey(s), s)
	}
	return orNil(out)
}

// TagsIn returns the hashtags that stand in a text (see fold.TagsIn), each key
// once with its first spelling, at most 100.
func TagsIn(text string) []Tag {
	var out []Tag
	for key, posted := range fold.TagsIn(text) {
		if out = appendTag(out, key, posted); len(out) == maxList {
			break
		}
	}
	return out
}

func appendTag(tags []Tag, key, posted string) []Tag {
	if key == "" || len(tags) >= maxList || slices.ContainsFunc(tags, func(t Tag) bool { return t.Key == key }) {
		return tags
	}
	return append(tags, Tag{Key: key, Posted: fold.TrimMark(posted)})
}
