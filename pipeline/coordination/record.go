package coordination

import (
	"slices"
	"strings"
	"time"

	"winnow/pipeline/neardup"
	"winnow/pipeline/post"
)

// objectKind is post.ObjectKind as a small number, for the kinds that are
// evidence.
type objectKind uint8

const (
	noEvidence objectKind = iota // tag sets and replied-to posts: everybody in a campaign shares them
	aText
	anImage
	aLink
	aRepost
	aShared
	aMention
	aMoment // of a flood; no action of a post
	objectKinds
)

func kindOf(k post.ObjectKind) objectKind {
	switch k {
	case post.ObjectText:
		return aText
	case post.ObjectImage:
		return anImage
	case post.ObjectLink:
		return aLink
	case post.ObjectRepost:
		return aRepost
	case post.ObjectShared:
		return aShared
	case post.ObjectMention:
		return aMention
	default:
		return noEvidence
	}
}

// copied reports whether acting on such an object means to have made the same
// thing, which people seldom do, and not to have passed on what others made.
func (k objectKind) copied() bool { return k == aText || k == anImage }

// act is one action of a record.
type act struct {
	object    post.Object
	kind      objectKind
	protected bool // a mention of a protected account
	words     int  // of a text
}

// record is what the detector needs of a post. It holds no memory of the post.
type record struct {
	at       int64 // Unix milliseconds
	id       postID
	key      string // platform, "/", post id
	account  string // platform, "/", account id
	declared string
	label    string // the text, shortened
	// amplified is the account whose post is reposted or quoted, as the
	// object id of a mention.
	amplified string
	acts      []act
	sketch    neardup.Sketch
	speech    speech
	replies   bool  // to a post
	copies    bool  // the sketch is that of a text long enough to be a copy
	words     int   // of the folded text
	answers   bool  // a reply, quote or mention of another
	passes    bool  // it passes something on and says nothing of its own
	ageKnown  bool  // whether the platform told when the account was opened
	signs     uint8 // of automation, see signals.go
	young     bool  // whether that was less than youngAge before the post
}

// youngAge is how old an account may be to count as young.
const youngAge = 30 * 24 * time.Hour

// extractor turns posts into records and reuses the memory of old ones.
type extractor struct {
	protected map[string]bool
	declared  func(*post.Post) string
	actions   []post.Action
	free      []*record
}

func newExtractor(cfg Config) extractor {
	x := extractor{protected: make(map[string]bool, len(cfg.Protected)), declared: cfg.Declared}
	for _, p := range cfg.Protected {
		x.protected[strings.ToLower(strings.TrimPrefix(p, "@"))] = true
	}
	return x
}

// postTime is the time that orders posts. A platform's clock can be wrong and a
// client's can lie: a post cannot be newer than its first sight, and one from
// the future would make all others late.
func postTime(p *post.Post) int64 {
	at := p.PostedAt.UnixMilli()
	if seen := p.ObservedAt; !seen.IsZero() {
		at = min(at, seen.UnixMilli())
	}
	return at
}

// record extracts what matters of p.
func (x *extractor) record(p *post.Post, at int64, id postID, key string) *record {
	var r *record
	if n := len(x.free); n > 0 {
		r, x.free = x.free[n-1], x.free[:n-1]
	} else {
		r = new(record)
	}
	*r = record{at: at, id: id, key: key, acts: r.acts[:0], speech: r.speech, sketch: r.sketch}
	x.actions = p.AppendActions(x.actions[:0])
	for i := range x.actions {
		a := &x.actions[i]
		r.account = a.Account
		k := kindOf(a.Object.Kind)
		if k == noEvidence || k == aText || len(a.Object.ID) > maxID {
			continue
		}
		one := act{object: a.Object, kind: k}
		if k == aMention {
			one.protected = x.isProtected(p, a.Object.ID)
		}
		r.acts = append(r.acts, one)
	}
	if r.account == "" {
		r.account = p.Key()
	}
	if x.declared != nil {
		r.declared = x.declared(p)
	}
	r.amplified = author(&p.RepostOf)
	if r.amplified == "" {
		r.amplified = author(&p.QuoteOf)
	}
	if p.Text != "" {
		r.label = clip(p.Text)
	}
	r.replies = !p.ReplyTo.IsZero() || !p.QuoteOf.IsZero()
	r.passes = p.Kind == post.Repost || p.Shared != ""
	if p.Kind != post.Repost {
		r.answers = slices.ContainsFunc(r.acts, func(a act) bool { return a.kind == aMention || a.kind == aRepost })
		if !r.passes {
			r.speech.read(p.Text)
		}
		if p.Text != "" {
			r.words = words(p.Text)
			r.copies = r.sketch.Of(p.Text)
		}
	}
	// Of several objects two posts share, the one that they made counts first.
	slices.SortStableFunc(r.acts, func(a, b act) int { return rank(a) - rank(b) })
	if p.Account.Bot {
		r.signs |= saidBot
	}
	if p.Account.DefaultProfile {
		r.signs |= saidBare
	}
	if opened := p.Account.CreatedAt; !opened.IsZero() {
		r.ageKnown, r.young = true, p.PostedAt.Sub(opened) < youngAge
	}
	return r
}

func (x *extractor) recycle(r *record) { x.free = append(x.free, r) }

// isProtected reports whether the account with the given object id, which p
// names, is protected: by the id or by the handle that p gives for it.
func (x *extractor) isProtected(p *post.Post, id string) bool {
	if len(x.protected) == 0 {
		return false
	}
	if x.protected[strings.ToLower(id)] {
		return true
	}
	if p.ReplyTo.AccountID == id && x.protected[strings.ToLower(p.ReplyTo.Handle)] {
		return true
	}
	for i := range p.Mentions {
		if m := &p.Mentions[i]; m.AccountID == id && x.protected[strings.ToLower(m.Handle)] {
			return true
		}
	}
	return false
}

func rank(a act) int {
	if a.kind.copied() {
		return 0
	}
	return 1
}

// author is the account behind a reference, as AppendActions would name it.
func author(r *post.Ref) string {
	if r.AccountID != "" {
		return r.AccountID
	}
	return strings.ToLower(r.Handle)
}

// clip returns a copy of the first maxLabel runes of s.
func clip(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > maxLabel {
		n := 0
		for i := range s {
			if n == maxLabel {
				s = s[:i]
				break
			}
			n++
		}
	}
	return strings.Clone(s)
}
