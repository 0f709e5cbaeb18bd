package v1

import (
	"strconv"
	"time"

	"github.com/dghubble/go-twitter/twitter"

	"winnow/collectors/wire"
	"winnow/collectors/x"
	"winnow/pipeline/post"
)

// FromTweet turns a v1.1 status into a Post; observed is when it was
// retrieved, zero if that is not known, and then the time of posting stands
// for it. The error is a *wire.Reject.
//
// go-twitter cannot tell a number that is missing from zero. Likes and
// retweets are always sent, so their zero is a zero; replies and quotes are
// sent to few customers, so their zero is unknown, and so is every figure of
// an account that comes without its name (trim_user).
func FromTweet(t *twitter.Tweet, observed time.Time) (post.Post, error) {
	posted, err := parseTime(t.CreatedAt, "created_at")
	if err != nil {
		return post.Post{}, err
	}
	if posted.IsZero() {
		posted, _ = x.IDTime(idOf(t.IDStr, t.ID))
	}
	if observed.IsZero() {
		observed = posted
	}
	var counts wire.Counts
	account, err := accountOf(t.User, &counts)
	if err != nil {
		return post.Post{}, err
	}
	p := post.Post{
		Platform:   post.X,
		ID:         idOf(t.IDStr, t.ID),
		Kind:       post.Original,
		Account:    account,
		PostedAt:   posted,
		ObservedAt: observed,
		Lang:       x.Lang(t.Lang),
	}
	p.URL = p.Page()
	content := t // whose words these are
	switch {
	case t.RetweetedStatus != nil:
		content = t.RetweetedStatus
		p.Kind = post.Repost
		p.RepostOf = refTo(content)
	default:
		p.Engagement = post.Engagement{
			Likes:   counts.Known("favorite_count", int64(t.FavoriteCount)),
			Reposts: counts.Known("retweet_count", int64(t.RetweetCount)),
			Replies: nonZero(&counts, "reply_count", t.ReplyCount),
			Quotes:  nonZero(&counts, "quote_count", t.QuoteCount),
		}
		if id := idOf(t.InReplyToStatusIDStr, t.InReplyToStatusID); id != "" {
			p.Kind = post.Reply
			p.ReplyTo = post.Ref{
				PostID:    id,
				AccountID: idOf(t.InReplyToUserIDStr, t.InReplyToUserID),
				Handle:    t.InReplyToScreenName,
			}
		}
		if id := idOf(t.QuotedStatusIDStr, t.QuotedStatusID); id != "" {
			p.Kind = post.Quote
			p.QuoteOf = post.Ref{PostID: id}
		}
		if t.QuotedStatus != nil {
			p.Kind = post.Quote
			p.QuoteOf = refTo(t.QuotedStatus)
		}
	}
	p.Text = x.Plain(textOf(content))
	fill(&p, t, content)
	return p, counts.Err()
}

// fill gathers what was shared from every list of entities: of the content,
// of its long form, and the tags of the retweet around it.
func fill(p *post.Post, t, content *twitter.Tweet) {
	var tags, urls []string
	var named []post.Mention
	for _, e := range []*twitter.Entities{long(content), content.Entities} {
		if e == nil {
			continue
		}
		own := tagsIn(e)
		if e == content.Entities && long(content) != nil {
			own = x.WholeTags(content.Text, own)
		}
		tags = append(tags, own...)
		for _, u := range e.Urls {
			if u.ExpandedURL != "" {
				urls = append(urls, u.ExpandedURL)
			} else {
				urls = append(urls, u.URL)
			}
		}
		for _, m := range e.UserMentions {
			named = append(named, post.Mention{AccountID: idOf(m.IDStr, m.ID), Handle: m.ScreenName})
		}
	}
	if t != content && t.Entities != nil {
		tags = append(tags, x.WholeTags(t.Text, tagsIn(t.Entities))...)
	}
	p.Tags = wire.Tags(tags)
	p.Links = x.Links(urls, idOf(content.QuotedStatusIDStr, content.QuotedStatusID))
	p.Mentions = named
	p.Images = imagesOf(content)
}

func tagsIn(e *twitter.Entities) []string {
	var out []string
	for _, h := range e.Hashtags {
		out = append(out, h.Text)
	}
	return out
}

// long returns the entities of the long form of a status, nil if it has none.
func long(t *twitter.Tweet) *twitter.Entities {
	if t.ExtendedTweet == nil {
		return nil
	}
	return t.ExtendedTweet.Entities
}

func textOf(t *twitter.Tweet) string {
	switch {
	case t.ExtendedTweet != nil && t.ExtendedTweet.FullText != "":
		return t.ExtendedTweet.FullText
	case t.FullText != "":
		return t.FullText
	}
	return t.Text
}

// imagesOf builds the media keys that v2 would give: the kind as a number, an
// underscore, the id. That way the same upload is the same in both languages.
func imagesOf(t *twitter.Tweet) []string {
	media := t.ExtendedEntities
	if t.ExtendedTweet != nil && t.ExtendedTweet.ExtendedEntities != nil {
		media = t.ExtendedTweet.ExtendedEntities
	}
	if media == nil && t.Entities != nil {
		media = &twitter.ExtendedEntity{Media: t.Entities.Media}
	}
	if media == nil {
		return nil
	}
	var out []string
	for _, m := range media.Media {
		id := idOf(m.IDStr, m.ID)
		if id == "" {
			continue
		}
		switch m.Type {
		case "video":
			out = append(out, "media_key:7_"+id)
		case "animated_gif":
			out = append(out, "media_key:16_"+id)
		default:
			out = append(out, "media_key:3_"+id)
		}
	}
	return out
}

func accountOf(u *twitter.User, counts *wire.Counts) (post.Account, error) {
	if u == nil {
		return post.Account{}, wire.Rejectf(post.NoAccount, "user")
	}
	a := post.Account{ID: idOf(u.IDStr, u.ID), Handle: u.ScreenName, Name: u.Name}
	if u.ScreenName == "" {
		return a, nil
	}
	created, err := parseTime(u.CreatedAt, "user.created_at")
	if err != nil {
		return a, err
	}
	a.CreatedAt = created
	a.Followers = counts.Known("user.followers_count", int64(u.FollowersCount))
	a.Following = counts.Known("user.friends_count", int64(u.FriendsCount))
	a.Posts = counts.Known("user.statuses_count", int64(u.StatusesCount))
	a.DefaultProfile = u.DefaultProfileImage && u.Description == ""
	return a, nil
}

func refTo(t *twitter.Tweet) post.Ref {
	r := post.Ref{PostID: idOf(t.IDStr, t.ID)}
	if t.User != nil {
		r.AccountID, r.Handle = idOf(t.User.IDStr, t.User.ID), t.User.ScreenName
	}
	return r
}

// idOf prefers the id written as text: the number has been through a float in
// many archives.
func idOf(text string, n int64) string {
	if text != "" {
		return text
	}
	if n > 0 {
		return strconv.FormatInt(n, 10)
	}
	return ""
}

func parseTime(s, field string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RubyDate, s)
	if err != nil {
		return time.Time{}, wire.Rejectf(post.BadTime, field)
	}
	return t.UTC(), nil
}

func nonZero(c *wire.Counts, name string, n int) post.Count {
	if n == 0 {
		return 0
	}
	return c.Known(name, int64(n))
}
