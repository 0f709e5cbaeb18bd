package post

import (
	"slices"
	"strings"
	"time"

	"winnow/pipeline/post/fold"
	"winnow/pipeline/post/link"
)

// Tidy brings a freshly decoded post into canonical form, in place: times in
// UTC and milliseconds, language in lower case, handles without "@", tags,
// links, mentions and images in canonical form, each once and at most 100 of
// each. What cannot be true of an account or an edit (opened after its post,
// edited before) is dropped, as it is a platform's way to say "unknown".
//
// Tidy hides nothing that Check rejects: bad text, ids and times of posting
// stay as they are.
func (p *Post) Tidy() {
	p.PostedAt = tidyTime(p.PostedAt)
	p.ObservedAt = tidyTime(p.ObservedAt)
	p.EditedAt = tidyTime(p.EditedAt)
	p.Account.CreatedAt = tidyTime(p.Account.CreatedAt)
	if p.EditedAt.Before(p.PostedAt) {
		p.EditedAt = time.Time{}
	}
	if p.Account.CreatedAt.After(p.PostedAt) || p.Account.CreatedAt.Before(earliestTime) {
		p.Account.CreatedAt = time.Time{}
	}

	p.Lang = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(p.Lang)), "_", "-")
	if p.Lang == "und" { // "undetermined"
		p.Lang = ""
	}
	p.Campaign = strings.TrimSpace(p.Campaign)

	for _, handle := range [...]*string{&p.Account.Handle, &p.ReplyTo.Handle, &p.RepostOf.Handle, &p.QuoteOf.Handle} {
		*handle = tidyHandle(*handle)
	}
	p.Tags = tidyTags(p.Tags)
	p.Links = tidyLinks(p.Links)
	p.Mentions = tidyMentions(p.Mentions)
	p.Images = tidyImages(p.Images)
}

func tidyTime(t time.Time) time.Time {
	return t.UTC().Truncate(time.Millisecond)
}

func tidyHandle(s string) string {
	return strings.TrimPrefix(strings.TrimSpace(s), "@")
}

func tidyTags(tags []Tag) []Tag {
	kept := tags[:0]
	for _, t := range tags {
		if len(kept) == maxList {
			break
		}
		spelling := t.Posted
		if spelling == "" {
			spelling = t.Key
		}
		kept = appendTag(kept, fold.TagKey(spelling), spelling)
	}
	return orNil(kept)
}

func tidyLinks(links []string) []string {
	kept := links[:0]
	for _, raw := range links {
		if len(kept) == maxList {
			break
		}
		if c, ok := link.Canonical(raw); ok && !slices.Contains(kept, c) {
			kept = append(kept, c)
		}
	}
	return orNil(kept)
}

// tidyMentions puts accounts known by id first, so that a handle without an id
// is known to be one of them or not.
func tidyMentions(mentions []Mention) []Mention {
	kept := make([]Mention, 0, min(len(mentions), maxList))
	add := func(m Mention, same func(Mention) bool) {
		if len(kept) < maxList && !slices.ContainsFunc(kept, same) {
			kept = append(kept, m)
		}
	}
	for _, m := range mentions {
		if m.AccountID != "" {
			m.Handle = tidyHandle(m.Handle)
			add(m, func(k Mention) bool { return k.AccountID == m.AccountID })
		}
	}
	for _, m := range mentions {
		if m.Handle = tidyHandle(m.Handle); m.AccountID == "" && m.Handle != "" {
			add(m, func(k Mention) bool { return strings.EqualFold(k.Handle, m.Handle) })
		}
	}
	return orNil(kept)
}

func tidyImages(images []string) []string {
	kept := images[:0]
	for _, image := range images {
		if image != "" && len(kept) < maxList && !slices.Contains(kept, image) {
			kept = append(kept, image)
		}
	}
	return orNil(kept)
}

// orNil makes "none" one value.
func orNil[T any](s []T) []T {
	if len(s) == 0 {
		return nil
	}
	return s
}
