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

// copied reports whether acting on such an object means to have made the same
// thing, which people seldom do, and not to have passed on what others made.
func (k objectKind) copied() bool { return k == aText || k == anImage }

// act is one action of a record.
type act struct {
	object    string // key
	kind      objectKind
	protected bool // a mention of a protected account
	words     int  // of a text
}

// record is what the detector needs of a post. Its strings are good as long as
// it is.
type record struct {
	at       int64  // Unix milliseconds
	key      string // of the post
	account  string // its key
	declared string
	label    string // the text, shortened, if anything is shown by it
	// amplified is the key, as an object, of the account whose post is reposted
	// or quoted; empty if there is none.
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

// extractor takes out of posts what matters, one at a time.
type extractor struct {
	protected map[string]bool
	declared  func(*post.Post) string
	// Memory that is used again.
	objects []post.Object
	sketch  neardup.Sketch
	speech  speech
	packed  []byte
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

// pack takes what matters out of p, whose key it is.
func (x *extractor) pack(p *post.Post, key []byte) parcel {
	x.objects = p.AppendObjects(x.objects[:0])
	x.objects = slices.DeleteFunc(x.objects, func(o post.Object) bool {
		k := kindOf(o.Kind)
		return k == noEvidence || k == aText || len(o.ID) > maxID
	})
	// Of several objects two posts share, the one that they made counts first.
	slices.SortStableFunc(x.objects, func(a, b post.Object) int { return rank(a) - rank(b) })
	has := func(k post.ObjectKind) bool {
		return slices.ContainsFunc(x.objects, func(o post.Object) bool { return o.Kind == k })
	}
	f := facts(0)
	f.set(doesReply, !p.ReplyTo.IsZero() || !p.QuoteOf.IsZero())
	f.set(doesPass, p.Kind == post.Repost || p.Shared != "")
	said := 0
	if p.Kind != post.Repost {
		f.set(doesAnswer, has(post.ObjectMention) || has(post.ObjectRepost))
		f.set(doesSpeak, f&doesPass == 0)
		if p.Text != "" {
			said = words(p.Text)
			f.set(isCopyable, x.sketch.Of(p.Text))
		}
	}
	if opened := p.Account.CreatedAt; !opened.IsZero() {
		f.set(tellsAge, true)
		f.set(isOfYoung, p.PostedAt.Sub(opened) < youngAge)
	}
	var signs uint8
	if p.Account.Bot {
		signs |= saidBot
	}
	if p.Account.DefaultProfile {
		signs |= saidBare
	}
	declared, label := "", ""
	if x.declared != nil {
		declared = x.declared(p)
	}
	if f&isCopyable != 0 || has(post.ObjectRepost) {
		label = clipped(p.Text)
	}
	amplified := author(&p.RepostOf)
	if amplified == "" {
		amplified = author(&p.QuoteOf)
	}

	w := packer{x.packed[:0]}
	w.bytes(key)
	w.byte(uint8(f), signs, uint8(said))
	w.account(p.Platform, p.Account.ID)
	w.string(declared)
	w.string(label)
	if amplified == "" {
		w.string("")
	} else {
		w.object(aMention, amplified)
	}
	w.number(len(x.objects))
	for _, o := range x.objects {
		protected := uint8(0)
		if o.Kind == post.ObjectMention && x.isProtected(p, o.ID) {
			protected = 1
		}
		w.byte(protected)
		w.object(kindOf(o.Kind), o.ID)
	}
	if f&isCopyable != 0 {
		w.b = x.sketch.Append(w.b)
	}
	if f&doesSpeak != 0 {
		x.speech.read(p.Text)
		w.speech(&x.speech)
	}
	x.packed = w.b
	return parcel(w.b)
}

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

func rank(o post.Object) int {
	if kindOf(o.Kind).copied() {
		return 0
	}
	return 1
}

// author is the account behind a reference, as AppendObjects would name it.
func author(r *post.Ref) string {
	if r.AccountID != "" {
		return r.AccountID
	}
	return strings.ToLower(r.Handle)
}

// clip returns a copy of the first maxLabel runes of s.
func clip(s string) string { return strings.Clone(clipped(s)) }

// clipped returns the first maxLabel runes of s.
func clipped(s string) string {
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
	return s
}
