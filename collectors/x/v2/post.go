package v2

import (
	"cmp"
	"strings"
	"time"

	"winnow/collectors/wire"
	"winnow/collectors/x"
	"winnow/pipeline/post"
)

// page looks up what a Page includes.
type page struct {
	users    map[string]*User
	tweets   map[string]*Tweet
	observed time.Time
}

func (p *Page) index() (*page, error) {
	p.Includes.Tweets = append(p.Includes.Tweets, p.Includes.Posts...)
	for _, posts := range [][]Tweet{p.Data, p.Includes.Tweets} {
		for i := range posts {
			posts[i].older()
		}
	}
	ix := &page{
		users:  make(map[string]*User, len(p.Includes.Users)),
		tweets: make(map[string]*Tweet, len(p.Includes.Tweets)),
	}
	for i := range p.Includes.Users {
		ix.users[p.Includes.Users[i].ID] = &p.Includes.Users[i]
	}
	for i := range p.Includes.Tweets {
		ix.tweets[p.Includes.Tweets[i].ID] = &p.Includes.Tweets[i]
	}
	var err error
	ix.observed, err = parseTime(p.Twarc.RetrievedAt, "__twarc.retrieved_at")
	return ix, err
}

// Posts appends the posts of the page to m. observed is when the page was
// received; zero stands for the time that twarc2 noted, failing that for each
// post's own time.
func (p *Page) Posts(observed time.Time, m *wire.Message) {
	ix, err := p.index()
	if err != nil {
		m.Reject(err)
		return
	}
	if !observed.IsZero() {
		ix.observed = observed
	}
	for i := range p.Data {
		n := len(m.Posts)
		m.Add(ix.post(&p.Data[i]))
		if i < len(p.elements) {
			m.Received(n, p.elements[i])
		}
	}
}

func (ix *page) post(t *Tweet) (post.Post, error) {
	posted, err := parseTime(t.CreatedAt, "created_at")
	if err != nil {
		return post.Post{}, err
	}
	if posted.IsZero() {
		posted, _ = x.IDTime(t.ID)
	}
	var counts wire.Counts
	account, err := ix.account(t, &counts)
	if err != nil {
		return post.Post{}, err
	}
	p := post.Post{
		Platform:   post.X,
		ID:         t.ID,
		Kind:       post.Original,
		Account:    account,
		PostedAt:   posted,
		ObservedAt: ix.observed,
		Lang:       x.Lang(t.Lang),
	}
	p.URL = p.Page()
	if first := firstVersion(t); first != t.ID {
		p.ID, p.NativeID, p.EditedAt = first, t.ID, posted
		if at, ok := x.IDTime(first); ok && at.Before(posted) {
			p.PostedAt = at.Truncate(time.Second)
		}
	}
	if p.ObservedAt.IsZero() {
		p.ObservedAt = posted
	}
	content := t
	var retweeted, quoted *Reference
	for i := range t.Referenced {
		switch r := &t.Referenced[i]; r.Type {
		case "retweeted":
			retweeted = r
		case "quoted":
			quoted = r
		case "replied_to":
			p.Kind = post.Reply
			p.ReplyTo = ix.ref(r)
			if p.ReplyTo.AccountID == "" {
				p.ReplyTo.AccountID = t.InReplyToUserID
			}
			if u := ix.users[p.ReplyTo.AccountID]; u != nil && p.ReplyTo.Handle == "" {
				p.ReplyTo.Handle = u.Username
			}
		}
	}
	if quoted != nil {
		p.Kind = post.Quote
		p.QuoteOf = ix.ref(quoted)
	}
	mark := ""
	if retweeted != nil {
		p.Kind, p.ReplyTo, p.QuoteOf = post.Repost, post.Ref{}, post.Ref{}
		p.RepostOf = ix.ref(retweeted)
		if content = ix.find(retweeted); content == nil {
			content = t
			mark, _ = x.CutRepostMark(t.Text)
			if p.RepostOf.Handle == "" {
				p.RepostOf.Handle = mark
			}
		}
	} else {
		p.Engagement = post.Engagement{
			Likes:   counts.Maybe("public_metrics.like_count", t.Metrics.Likes),
			Reposts: counts.Maybe("public_metrics.retweet_count", cmp.Or(t.Metrics.Retweets, t.Metrics.Reposts)),
			Replies: counts.Maybe("public_metrics.reply_count", t.Metrics.Replies),
			Quotes:  counts.Maybe("public_metrics.quote_count", t.Metrics.Quotes),
			Views:   counts.Maybe("public_metrics.impression_count", t.Metrics.Impressions),
		}
	}
	fill(&p, t, content, mark)
	return p, counts.Err()
}

// fill gathers text and what was shared: of the content, of its long form,
// and the tags of the retweet around it. mark is the reposted author's handle
// where the original is not included.
func fill(p *post.Post, t, content *Tweet, mark string) {
	text := content.Text
	var tags, urls []string
	var named []post.Mention
	lists := []*Entities{content.Entities}
	if content.Note != nil {
		lists = []*Entities{content.Note.Entities, content.Entities}
		if content.Note.Text != "" {
			text = content.Note.Text
		}
	}
	if mark != "" {
		_, text = x.CutRepostMark(text)
	}
	for _, e := range lists {
		if e == nil {
			continue
		}
		own := tagsIn(e)
		if e == content.Entities && (content.Note != nil || mark != "") {
			own = x.WholeTags(content.Text, own)
		}
		tags = append(tags, own...)
		for _, u := range e.URLs {
			switch {
			case u.MediaKey != "":
			case u.Unwound != "":
				urls = append(urls, u.Unwound)
			case u.Expanded != "":
				urls = append(urls, u.Expanded)
			default:
				urls = append(urls, u.URL)
			}
		}
		for _, m := range e.Mentions {
			named = append(named, post.Mention{AccountID: m.ID, Handle: m.Username})
		}
	}
	if t != content && t.Entities != nil {
		tags = append(tags, x.WholeTags(t.Text, tagsIn(t.Entities))...)
	}
	quoted := ""
	for i := range content.Referenced {
		if content.Referenced[i].Type == "quoted" {
			quoted = content.Referenced[i].ID
		}
	}
	p.Text = x.Plain(text)
	p.Tags = wire.Tags(tags)
	p.Links = x.Links(urls, quoted)
	p.Mentions = notReposted(named, mark)
	for _, k := range content.Attachments.MediaKeys {
		p.Images = append(p.Images, "media_key:"+k)
	}
}

func tagsIn(e *Entities) []string {
	var out []string
	for _, h := range e.Hashtags {
		out = append(out, h.Tag)
	}
	return out
}

// notReposted drops the first mention of the reposted author: retweeting
// somebody is not mentioning them.
func notReposted(all []post.Mention, handle string) []post.Mention {
	if handle == "" {
		return all
	}
	for i, m := range all {
		if strings.EqualFold(m.Handle, handle) {
			return append(all[:i:i], all[i+1:]...)
		}
	}
	return all
}

// find returns the post that a reference points at, nil if the page lacks it.
func (ix *page) find(r *Reference) *Tweet {
	if r.Text != "" {
		return &r.Tweet
	}
	return ix.tweets[r.ID]
}

// ref names the post referred to by its first version, where the page has it.
func (ix *page) ref(r *Reference) post.Ref {
	t := ix.find(r)
	if t == nil {
		return post.Ref{PostID: r.ID}
	}
	out := post.Ref{PostID: firstVersion(t), AccountID: t.AuthorID}
	if u := ix.user(t); u != nil {
		out.Handle = u.Username
	}
	return out
}

func (ix *page) user(t *Tweet) *User {
	if t.Author != nil {
		return t.Author
	}
	return ix.users[t.AuthorID]
}

func (ix *page) account(t *Tweet, counts *wire.Counts) (post.Account, error) {
	u := ix.user(t)
	if u == nil {
		return post.Account{ID: t.AuthorID}, nil
	}
	created, err := parseTime(u.CreatedAt, "user.created_at")
	if err != nil {
		return post.Account{}, err
	}
	a := post.Account{
		ID:        u.ID,
		Handle:    u.Username,
		Name:      u.Name,
		CreatedAt: created,
		Followers: counts.Maybe("user.followers_count", u.Metrics.Followers),
		Following: counts.Maybe("user.following_count", u.Metrics.Following),
		Posts:     counts.Maybe("user.tweet_count", cmp.Or(u.Metrics.Tweets, u.Metrics.Posts)),
	}
	if a.ID == "" {
		a.ID = t.AuthorID
	}
	// A description that was not asked for is absent, one never written is "".
	a.DefaultProfile = u.Description != nil && *u.Description == "" &&
		strings.Contains(u.Picture, "/default_profile_images/")
	return a, nil
}

func firstVersion(t *Tweet) string {
	if len(t.EditHistory) > 0 && t.EditHistory[0] != "" {
		return t.EditHistory[0]
	}
	return t.ID
}

func parseTime(s, field string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, wire.Rejectf(post.BadTime, field)
	}
	return t.UTC(), nil
}
