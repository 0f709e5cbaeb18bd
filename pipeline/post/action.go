package post

import (
	"slices"
	"strings"

	"winnow/pipeline/post/fold"
)

// maxTagSet is how many of a post's tags make up its ObjectTags: it bounds the
// id. Real posts have fewer.
const maxTagSet = 32

// AppendActions appends what the post does to dst and returns the result: one
// action for each object it shares; see AppendObjects.
func (p *Post) AppendActions(dst []Action) []Action {
	var room [8]Object
	account := p.Key()
	for _, o := range p.AppendObjects(room[:0]) {
		dst = append(dst, Action{Account: account, Object: o, At: p.PostedAt, PostID: p.ID})
	}
	return dst
}

// AppendObjects appends the objects that the post shares to dst and returns the
// result: each once, in a fixed order.
//
// A repost yields the reposted post only (and what a co-share archive names in
// Shared): its text, links and tags are the doing of the original's author. If
// the archive does not tell which post was reposted, the object's id is
// "text:" and the hash of its text, where that is long enough.
//
// All other posts yield the post they quote, their links, their text (see
// fold.TextHash), their tags if there are at least two, their images, the post they
// reply to, and the accounts they mention or reply to. Naming oneself, as in a
// thread, is no action.
func (p *Post) AppendObjects(dst []Object) []Object {
	a := objects{out: dst, from: len(dst), post: p}
	if p.Kind == Repost {
		a.addRepost()
		a.add(ObjectShared, p.Shared)
		return a.out
	}
	a.add(ObjectRepost, p.QuoteOf.PostID)
	for _, link := range p.Links {
		a.add(ObjectLink, link)
	}
	if id, ok := fold.TextHash(p.Text); ok {
		a.add(ObjectText, id)
	}
	a.add(ObjectTags, tagSet(p.Tags))
	for _, image := range p.Images {
		a.add(ObjectImage, image)
	}
	a.add(ObjectReply, p.ReplyTo.PostID)
	a.addMention(p.ReplyTo.AccountID, p.ReplyTo.Handle)
	for _, m := range p.Mentions {
		a.addMention(m.AccountID, m.Handle)
	}
	a.add(ObjectShared, p.Shared)
	return a.out
}

// objects collects the objects of one post.
type objects struct {
	out  []Object
	from int // where the post's own objects start in out
	post *Post
}

// add appends an object unless id is empty or already there.
func (a *objects) add(kind ObjectKind, id string) {
	if id == "" {
		return
	}
	object := Object{Kind: kind, ID: id}
	for i := len(a.out) - 1; i >= a.from && a.out[i].Kind == kind; i-- {
		if a.out[i] == object {
			return
		}
	}
	a.out = append(a.out, object)
}

func (a *objects) addRepost() {
	id := a.post.RepostOf.PostID
	if id == "" {
		if hash, ok := fold.TextHash(a.post.Text); ok {
			id = "text:" + hash
		}
	}
	a.add(ObjectRepost, id)
}

// addMention adds an account by its id or, if only that is known, its handle.
// An account that the post names both ways is one.
func (a *objects) addMention(accountID, handle string) {
	handle = handleKey(handle)
	if accountID == "" && handle != "" {
		accountID = a.post.accountOf(handle)
	}
	self := &a.post.Account
	switch {
	case accountID != "" && accountID == self.ID, accountID == "" && handle == handleKey(self.Handle):
	case accountID != "":
		a.add(ObjectMention, accountID)
	default:
		a.add(ObjectMention, handle)
	}
}

// accountOf returns the id of the account with the given handle, as far as the
// post tells.
func (p *Post) accountOf(handle string) string {
	switch handle {
	case handleKey(p.Account.Handle):
		return p.Account.ID
	case handleKey(p.ReplyTo.Handle):
		if p.ReplyTo.AccountID != "" {
			return p.ReplyTo.AccountID
		}
	}
	for _, m := range p.Mentions {
		if m.AccountID != "" && handleKey(m.Handle) == handle {
			return m.AccountID
		}
	}
	return ""
}

// handleKey returns the form by which handles are compared.
func handleKey(handle string) string {
	return strings.ToLower(strings.TrimPrefix(handle, "@"))
}

// tagSet returns the keys of at least two tags, sorted and joined, else "".
func tagSet(tags []Tag) string {
	if len(tags) < 2 {
		return ""
	}
	keys := make([]string, 0, len(tags))
	for _, t := range tags {
		if t.Key != "" {
			keys = append(keys, t.Key)
		}
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	if len(keys) < 2 {
		return ""
	}
	return strings.Join(keys[:min(len(keys), maxTagSet)], " ")
}
