package draft

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"winnow/pipeline/campaign"
	"winnow/pipeline/post/fold"
)

const (
	// maxFold is how many tags are folded for one look, maxAlso how many spellings are
	// named of each.
	maxFold = 200
	maxAlso = 4
)

// Tag is how a hashtag of a draft folds.
type Tag struct {
	// Written is as it was written, Key what it is compared by.
	Written string `json:"written"`
	Key     string `json:"key,omitempty"`
	// Also are other spellings that are the same tag.
	Also []string `json:"also,omitempty"`
	// Again is an earlier line that is the same tag, if there is one.
	Again string `json:"again,omitempty"`
	// Others are other campaigns that watch the same tag.
	Others []string `json:"others,omitempty"`
}

// folded tells of each line of a field how it folds as a hashtag. Name is the campaign
// that is drafted, all are those there are.
func folded(text, name string, all []campaign.Campaign) []Tag {
	out := []Tag{}
	first := map[string]string{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if len(out) == maxFold {
			break
		}
		t := Tag{Written: clip(line), Key: fold.TagKey(line)}
		if before, again := first[t.Key]; again && t.Key != "" {
			t.Again = before
		} else if t.Key != "" {
			first[t.Key] = t.Written
			t.Also, t.Others = spellings(line, t.Key), watching(t.Key, name, all)
		}
		out = append(out, t)
	}
	return out
}

// watching are the campaigns besides one that watch a tag.
func watching(key, besides string, all []campaign.Campaign) (names []string) {
	for _, c := range all {
		if c.Name != besides && slices.ContainsFunc(c.Tags, func(tag string) bool { return fold.TagKey(tag) == key }) {
			names = append(names, c.Name)
		}
	}
	return names
}

// spellings are some of those that are the same tag: what a phone makes of it, or a
// reader of another language.
func spellings(tag, key string) (all []string) {
	tag = fold.TrimMark(tag)
	for _, s := range []string{
		strings.ToUpper(tag), key, strings.ToUpperSpecial(unicode.TurkishCase, tag), strings.ToLowerSpecial(unicode.TurkishCase, tag),
		stretched(tag), widened(tag),
	} {
		if s != tag && fold.TagKey(s) == key && !slices.Contains(all, "#"+s) && norm.NFC.String(s) != norm.NFC.String(tag) && len(all) < maxAlso {
			all = append(all, "#"+s)
		}
	}
	return all
}

// widened has full-width letters, as keyboards for Chinese and Japanese write them; what
// is not of ASCII alone is as it was.
func widened(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) {
		return s
	}
	return width.Widen.String(s)
}

// stretched is an Arabic word with a tatweel behind its first letter; any other is as it
// was.
func stretched(s string) string {
	for i, r := range s {
		if i == 0 && !unicode.Is(unicode.Arabic, r) {
			return s
		}
		if i > 0 {
			return s[:i] + "ـ" + s[i:]
		}
	}
	return s
}
