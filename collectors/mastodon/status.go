package mastodon

import (
	"net/url"
	"strings"
	"time"

	"github.com/mattn/go-mastodon"

	"winnow/collectors/wire"
	"winnow/pipeline/post"
	"winnow/pipeline/post/fold"
)

// Status is go-mastodon's Status with what that one lacks.
type Status struct {
	mastodon.Status
	// Quote is the quoted post, since Mastodon 4.5.
	Quote *Quote `json:"quote"`
	// Absent are the figures that the server did not send, which Unmarshal
	// sets; go-mastodon cannot tell them from zero.
	Absent Figures `json:"-"`
	// Raw is the status as it was sent, and Query what had been asked for; both
	// are set by who received it, and only if it is evidence.
	Raw   []byte `json:"-"`
	Query string `json:"-"`
}

// Figures is a set of the numbers that a status carries.
type Figures struct {
	Likes, Reposts, Replies, Followers, Following, Posts bool
}

// Quote is a quoted post and whether its author agreed.
type Quote struct {
	State  string           `json:"state"`
	Quoted *mastodon.Status `json:"quoted_status"`
}

// FromStatus turns a status into a Post. host is the server that gave it; ""
// means that it has to be guessed, which works for statuses that carry a tag
// or come from the server's own accounts. observed is when it was retrieved;
// zero means unknown, and then the time of posting stands for it. The error is
// a *wire.Reject.
func FromStatus(st *Status, host string, observed time.Time) (post.Post, error) {
	if host == "" {
		host = guessHost(&st.Status)
	}
	var counts wire.Counts
	p := post.Post{
		Platform:   post.Mastodon,
		ID:         st.URI,
		NativeID:   localID(host, string(st.ID)),
		Kind:       post.Original,
		Account:    account(&st.Account, &counts),
		PostedAt:   st.CreatedAt.UTC(),
		ObservedAt: observed.UTC(),
		URL:        webURL(st.URL),
	}
	if observed.IsZero() {
		p.ObservedAt = p.PostedAt
	}
	content := &st.Status
	if st.Reblog != nil {
		content = st.Reblog
		p.Kind = post.Repost
		p.RepostOf = ref(content)
	} else {
		p.Engagement = post.Engagement{
			Likes:   counts.Known("favourites_count", st.FavouritesCount),
			Reposts: counts.Known("reblogs_count", st.ReblogsCount),
			Replies: counts.Known("replies_count", st.RepliesCount),
		}
		if !st.EditedAt.IsZero() {
			p.EditedAt = st.EditedAt.UTC()
		}
		if id := idOf(st.InReplyToID); id != "" {
			p.Kind = post.Reply
			p.ReplyTo = replyTo(&st.Status, host, id)
		}
		if st.Quote != nil && st.Quote.Quoted != nil {
			p.Kind = post.Quote
			p.QuoteOf = ref(st.Quote.Quoted)
		}
	}
	st.Absent.forget(&p)
	fill(&p, content)
	return p, counts.Err()
}

// forget makes the figures of the set unknown.
func (f *Figures) forget(p *post.Post) {
	for _, c := range [...]struct {
		absent bool
		count  *post.Count
	}{
		{f.Likes, &p.Engagement.Likes},
		{f.Reposts, &p.Engagement.Reposts},
		{f.Replies, &p.Engagement.Replies},
		{f.Followers, &p.Account.Followers},
		{f.Following, &p.Account.Following},
		{f.Posts, &p.Account.Posts},
	} {
		if c.absent {
			*c.count = 0
		}
	}
}

// fill takes text and what was shared from the status whose words they are.
func fill(p *post.Post, st *mastodon.Status) {
	c := parseHTML(st.Content)
	p.Text = c.text
	if st.SpoilerText != "" {
		p.Text = strings.TrimSpace(st.SpoilerText + "\n\n" + c.text)
	}
	p.Lang = strings.ToLower(st.Language)
	p.Tags = wire.Tags(spellings(st.Tags, c.tags))
	p.Links = c.links
	for _, m := range st.Mentions {
		p.Mentions = append(p.Mentions, post.Mention{AccountID: m.URL, Handle: handle(m.Acct, m.URL)})
	}
	for _, a := range st.MediaAttachments {
		if a.BlurHash != "" {
			p.Images = append(p.Images, "blurhash:"+a.BlurHash)
		}
	}
}

// spellings returns the tags as posted. Servers send a tag's name folded
// ("baki2015"), while the content has it as written ("#Bakı2015") in a link
// that ends in the folded name; a tag without such a link keeps its name.
func spellings(tags []mastodon.Tag, posted []hashtag) []string {
	var out []string
	seen := make(map[string]bool, len(posted))
	for _, h := range posted {
		out = append(out, h.posted)
		seen[strings.ToLower(h.name)] = true
		seen[fold.TagKey(h.posted)] = true
	}
	for _, t := range tags {
		if !seen[strings.ToLower(t.Name)] && !seen[fold.TagKey(t.Name)] {
			out = append(out, t.Name)
		}
	}
	return out
}

func account(a *mastodon.Account, counts *wire.Counts) post.Account {
	out := post.Account{
		ID:             accountID(a),
		Handle:         handle(a.Acct, a.URL),
		Name:           a.DisplayName,
		Followers:      counts.Known("account.followers_count", a.FollowersCount),
		Following:      counts.Known("account.following_count", a.FollowingCount),
		Posts:          counts.Known("account.statuses_count", a.StatusesCount),
		DefaultProfile: defaultPicture(a.Avatar) && plainText(a.Note) == "",
		Bot:            a.Bot,
	}
	if !a.CreatedAt.IsZero() {
		out.CreatedAt = a.CreatedAt.UTC()
	}
	return out
}

// accountID is the account's URL. Servers that leave it out give the uri.
func accountID(a *mastodon.Account) string {
	if a.URL != "" {
		return a.URL
	}
	return a.URI
}

// defaultPicture knows the pictures of accounts that never set one: Mastodon's
// and GoToSocial's.
func defaultPicture(u string) bool {
	return strings.HasSuffix(u, "/avatars/original/missing.png") || strings.Contains(u, "/assets/default_avatars/")
}

// handle completes the name of a local account with the host of its URL.
func handle(acct, accountURL string) string {
	acct = strings.TrimPrefix(acct, "@")
	if acct == "" || strings.Contains(acct, "@") {
		return acct
	}
	if h := hostOf(accountURL); h != "" {
		return acct + "@" + h
	}
	return acct
}

func ref(st *mastodon.Status) post.Ref {
	return post.Ref{PostID: st.URI, AccountID: accountID(&st.Account), Handle: handle(st.Account.Acct, st.Account.URL)}
}

// replyTo names the post replied to by its local id, since servers give no
// other, and its author if it is the account itself or is mentioned, as people
// who are replied to normally are.
func replyTo(st *mastodon.Status, host, id string) post.Ref {
	r := post.Ref{PostID: localID(host, id)}
	author := idOf(st.InReplyToAccountID)
	if author == "" {
		return r
	}
	if author == string(st.Account.ID) {
		r.AccountID, r.Handle = accountID(&st.Account), handle(st.Account.Acct, st.Account.URL)
		return r
	}
	for _, m := range st.Mentions {
		if string(m.ID) == author {
			r.AccountID, r.Handle = m.URL, handle(m.Acct, m.URL)
			return r
		}
	}
	return r
}

// idOf reads an id that go-mastodon leaves as any.
func idOf(v any) string {
	s, _ := v.(string)
	return s
}

// LocalID is the NativeID of a status on one server; the live collector needs
// it for deletions, which name nothing else.
func LocalID(host, id string) string { return localID(host, id) }

func localID(host, id string) string {
	if id == "" || host == "" {
		return id
	}
	return host + "/" + id
}

// guessHost finds the server that gave a status: tags link to the server's own
// page, and its own accounts go by a name without a host.
func guessHost(st *mastodon.Status) string {
	content := st
	if st.Reblog != nil {
		content = st.Reblog
	}
	for _, t := range content.Tags {
		if h := hostOf(t.URL); h != "" {
			return h
		}
	}
	for _, s := range []*mastodon.Status{st, content} {
		if s.Account.Acct != "" && !strings.Contains(s.Account.Acct, "@") {
			return hostOf(s.Account.URL)
		}
	}
	return ""
}

func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// webURL lets only web addresses through, since pages show them as links.
func webURL(raw string) string {
	if strings.HasPrefix(raw, "https://") || strings.HasPrefix(raw, "http://") {
		return raw
	}
	return ""
}
