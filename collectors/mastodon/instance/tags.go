package instance

import (
	"errors"
	"slices"
	"strings"

	"winnow/collectors/mastodon"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post/fold"
)

// maxTags is how many hashtags are watched at one instance. Each needs a
// request now and then, and all together may make 20 a minute.
const maxTags = 200

// tag is a hashtag to be asked for.
type tag struct {
	// name is what servers fold it to, ask how it is asked for: as the operator
	// writes it, since servers other than Mastodon fold less.
	name, ask string
	// campaigns are the names of those it is for.
	campaigns []string
}

// tagsOf returns the hashtags of campaigns, each name once, and the campaigns
// that have any.
func tagsOf(campaigns []campaign.Campaign) (tags []tag, watched []campaign.Campaign, err error) {
	at := make(map[string]int)
	for _, c := range campaigns {
		some := false
		all := slices.Clone(c.Tags)
		for _, d := range c.Declared {
			all = append(all, d.Tags...)
		}
		for _, t := range all {
			name := mastodon.TagName(t)
			if name == "" {
				continue // not a hashtag that Mastodon could have
			}
			some = true
			i, ok := at[name]
			if !ok {
				i = len(tags)
				at[name] = i
				tags = append(tags, tag{name: name, ask: strings.ToLower(fold.TrimMark(t))})
			}
			if !slices.Contains(tags[i].campaigns, c.Name) {
				tags[i].campaigns = append(tags[i].campaigns, c.Name)
			}
		}
		if some {
			watched = append(watched, c)
		}
	}
	switch {
	case len(tags) == 0:
		return nil, nil, errors.New("no campaign has a hashtag: Mastodon can be watched by hashtags only, so give one, or leave the instance out")
	case len(tags) > maxTags:
		return nil, nil, errors.New("the campaigns have more than 200 hashtags, which is more than one instance can be asked for: use fewer")
	}
	return tags, watched, nil
}

// asked returns how the hashtags are asked for.
func asked(tags []tag) []string {
	out := make([]string, len(tags))
	for i, t := range tags {
		out[i] = t.ask
	}
	return out
}
