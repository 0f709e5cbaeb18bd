package suppressed

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

// Clean takes out of a batch what is not to be collected. While nobody is on the list it
// does nothing.
func (l *List) Clean(b *feed.Batch) {
	n := l.now.Load()
	if n == nil {
		return
	}
	posts, deletions := len(b.Posts), len(b.Deletions)
	b.Posts = slices.DeleteFunc(b.Posts, func(p post.Post) bool {
		return n.isAccount(p.Platform, p.Account.ID, p.Account.Handle)
	})
	b.Deletions = slices.DeleteFunc(b.Deletions, func(d post.Deletion) bool { return n.isPost(d.Platform, d.NativeID) })
	l.metrics.posts.Add(float64(posts - len(b.Posts) + deletions - len(b.Deletions)))
	for i := range b.Posts {
		p := &b.Posts[i]
		changed := n.empty(p)
		if changed {
			l.metrics.emptied.Inc()
		}
		// Evidence cannot be changed: what names somebody who is on the list is none.
		if p.Raw != nil && (changed || n.named(p.Platform, p.Raw) || n.named(p.Platform, []byte(p.Query))) {
			p.Raw, p.Query = nil, ""
		}
	}
}

// isAccount is true of an account that is on the list. A handle alone decides only where
// there is no id: handles pass to others.
func (n *lookup) isAccount(platform post.Platform, id, handle string) bool {
	if id != "" {
		return n.has(platform, byID, id)
	}
	return n.has(platform, byHandle, post.HandleKey(handle))
}

// isPost is true of a post whose id tells that it is of an account on the list.
func (n *lookup) isPost(platform post.Platform, id string) bool {
	account, handle := post.AuthorOf(platform, id)
	return n.has(platform, byID, account) || n.has(platform, byHandle, handle)
}

func (n *lookup) isRef(platform post.Platform, r post.Ref) bool {
	return n.isAccount(platform, r.AccountID, r.Handle) || n.isPost(platform, r.PostID)
}

// empty takes accounts that are on the list out of a post of another, and says whether
// there were any.
func (n *lookup) empty(p *post.Post) (changed bool) {
	if n.isRef(p.Platform, p.RepostOf) {
		p.RepostOf, changed = post.Ref{}, true
		if p.Kind == post.Repost {
			// All that it has is theirs. The tags are what it counts by.
			p.Text, p.Shared, p.Links, p.Mentions, p.Images = "", "", nil, nil, nil
			p.Tags = slices.Clone(p.Tags)
			for i := range p.Tags {
				p.Tags[i].Posted = p.Tags[i].Key
			}
			if strings.HasPrefix(p.URL, "http") && p.URL != p.Page() {
				p.URL = ""
			}
		}
	}
	for _, r := range []*post.Ref{&p.ReplyTo, &p.QuoteOf} {
		if n.isRef(p.Platform, *r) {
			*r, changed = post.Ref{}, true
		}
	}
	var known []string // the parts before the host of handles that are meant
	mentions := len(p.Mentions)
	p.Mentions = slices.DeleteFunc(p.Mentions, func(m post.Mention) bool {
		found := n.isAccount(p.Platform, m.AccountID, m.Handle)
		if user, _, ok := strings.Cut(post.HandleKey(m.Handle), "@"); found && ok {
			known = append(known, user)
		}
		return found
	})
	changed = changed || len(p.Mentions) < mentions
	if text, hit := n.spelt(p.Platform, p.Text, known); hit {
		p.Text, changed = text, true
	}
	links := len(p.Links)
	p.Links = slices.DeleteFunc(p.Links, func(link string) bool {
		_, hit := n.spelt(p.Platform, link, known)
		return hit
	})
	changed = changed || len(p.Links) < links
	if _, hit := n.spelt(p.Platform, p.Shared, known); hit || n.isPost(p.Platform, p.Shared) || n.isAccount(p.Platform, p.Shared, "") {
		if p.Shared != "" {
			p.Shared, changed = "", true
		}
	}
	return changed
}

// spelt takes names on the list out of a text: handles behind an @ or a slash, addresses
// of accounts, and Bluesky's ids. It says whether there were any.
func (n *lookup) spelt(platform post.Platform, text string, known []string) (string, bool) {
	var out strings.Builder
	done := 0
	for i := 0; i < len(text); i++ {
		if c := text[i]; c != '@' && c != '/' && (c != 'd' || !strings.HasPrefix(text[i:], "did:")) {
			continue
		}
		begin := i + 1
		if text[i] == 'd' {
			begin = i
		}
		end := n.nameEnd(platform, text, begin, known)
		if end == begin {
			continue
		}
		out.WriteString(text[done:begin])
		out.WriteString("…")
		done, i = end, end-1
	}
	if done == 0 {
		return text, false
	}
	out.WriteString(text[done:])
	return out.String(), true
}

// named says whether any word of what a source sent is a name on the list.
func (n *lookup) named(platform post.Platform, raw []byte) bool {
	if _, hit := n.spelt(platform, string(raw), nil); hit {
		return true
	}
	for word := range bytes.FieldsFuncSeq(raw, func(r rune) bool { return r >= utf8.RuneSelf || !nameByte(byte(r)) }) {
		if len(word) > maxName {
			continue
		}
		name := string(word)
		for _, one := range []string{name, strings.Trim(name, ".:@"), name[strings.LastIndexByte(name, '@')+1:]} {
			if one != "" && (n.has(platform, byID, one) || n.has(platform, byHandle, strings.ToLower(one))) {
				return true
			}
		}
	}
	return false
}

// nameEnd is where the longest name on the list that begins at a place ends; the place
// itself if none does.
func (n *lookup) nameEnd(platform post.Platform, text string, begin int, known []string) int {
	end := begin
	for end < len(text) && end-begin < maxName && nameByte(text[end]) {
		end++
	}
	for ; end > begin; end-- {
		// A name ends where it could not go on, or before what ends a sentence.
		if end < len(text) && wordByte(text[end]) {
			continue
		}
		name := strings.ToLower(text[begin:end])
		if n.has(platform, byHandle, name) || n.has(platform, byID, text[begin:end]) || slices.Contains(known, name) {
			return end
		}
		if host, ok := hostBefore(text, begin); ok && n.has(platform, byHandle, name+"@"+host) {
			return end
		}
	}
	return begin
}

// maxName bounds the names that are looked for in texts, in bytes.
const maxName = 128

func wordByte(c byte) bool {
	return c == '_' || c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func nameByte(c byte) bool { return wordByte(c) || c == '.' || c == '@' || c == ':' }

// hostBefore is the host of an address of which a user's name follows: "https://host/@" or
// "https://host/users/".
func hostBefore(text string, at int) (string, bool) {
	head := text[:at]
	rest, ok := strings.CutSuffix(head, "/@")
	if !ok {
		if rest, ok = strings.CutSuffix(head, "/users/"); !ok {
			return "", false
		}
	}
	from := strings.LastIndex(rest, "://")
	if from < 0 {
		return "", false
	}
	host := rest[from+3:]
	return strings.ToLower(host), host != "" && !strings.ContainsAny(host, "/ \n\t")
}
