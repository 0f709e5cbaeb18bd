package scenario

import (
	"strconv"
	"strings"
	"time"

	"winnow/pipeline/post"
)

// renderer turns events into posts. It is one stream's own.
type renderer struct {
	s        *Scenario
	buf      []byte
	accounts []cached
	body     body
}

type cached struct {
	set     bool
	number  number
	account post.Account
}

// accountCache is how many rendered accounts are kept; a power of two.
const accountCache = 1 << 14

func newRenderer(s *Scenario) *renderer {
	return &renderer{s: s, accounts: make([]cached, accountCache)}
}

func (r *renderer) account(n number) *post.Account {
	c := &r.accounts[uint64(n)*0x9e3779b97f4a7c15>>50]
	if !c.set || c.number != n {
		*c = cached{true, n, r.s.cast.account(n)}
	}
	return &c.account
}

// cut is a piece of the buffer.
type cut struct{ from, to int }

// body is what a post says: cuts of the buffer, and what stands in the text.
type body struct {
	text, link, image cut
	lang              uint8
	tags              []uint8
	mentions          []number
}

// post renders e into p, which must be the zero Post.
func (r *renderer) post(e *event, p *post.Post) {
	p.Account = *r.account(e.who)
	author := &p.Account
	p.Platform, p.Kind = platforms[e.plat], kinds[e.kind]
	p.PostedAt, p.ObservedAt = time.UnixMilli(e.at).UTC(), time.UnixMilli(e.obs).UTC()
	says := e
	if e.kind == isRepost {
		says = e.ref
	}
	b := r.say(r.buf[:0], says)
	id := cut{len(b), 0}
	b = e.appendID(b, author.ID, author.Handle)
	id.to = len(b)
	b = e.appendURL(b, author.ID, author.Handle)
	url := cut{id.to, len(b)}
	native := cut{len(b), len(b)}
	if e.plat == onMastodon {
		// The id on the instance that Winnow listens to.
		b = strconv.AppendUint(b, uint64(e.obs)<<16|e.low(16), 10)
		native.to = len(b)
	}
	ref := cut{len(b), len(b)}
	var to post.Ref
	if e.ref != nil {
		of := r.account(e.ref.who)
		to.AccountID, to.Handle = of.ID, of.Handle
		b = e.ref.appendID(b, of.ID, of.Handle)
		ref.to = len(b)
	}
	r.buf = b

	all := string(b)
	get := func(c cut) string { return all[c.from:c.to] }
	p.Text, p.ID, p.URL, p.NativeID = get(r.body.text), get(id), get(url), get(native)
	r.tell(p, says, get)
	if e.ref != nil {
		to.PostID = get(ref)
		switch e.kind {
		case isRepost:
			p.RepostOf = to
		case isQuote:
			p.QuoteOf = to
		default:
			p.ReplyTo = to
		}
	}
	if e.kind != isRepost && e.plat != onBluesky {
		// Counts as they stand when the post is seconds old.
		d := newDice(e.roll, 9)
		p.Engagement = post.Engagement{
			Likes: post.KnownCount(int64(d.n(3))), Reposts: post.KnownCount(int64(d.n(5) / 4)), Replies: post.KnownCount(0),
		}
		if e.plat == onX {
			p.Engagement.Quotes = post.KnownCount(0)
			p.Engagement.Views = post.KnownCount(int64(d.n(60)))
		}
	}
}

var kinds = [...]post.Kind{isPost: post.Original, isRepost: post.Repost, isQuote: post.Quote, isReply: post.Reply}

// tell fills in what the body carries besides its text.
func (r *renderer) tell(p *post.Post, says *event, get func(cut) string) {
	body := &r.body
	// One post in thirty has no language that the platform could tell.
	if says.roll>>40%30 != 0 {
		p.Lang = langNames[body.lang]
	}
	if len(body.tags) > 0 {
		p.Tags = make([]post.Tag, 0, len(body.tags))
	tags:
		for _, i := range body.tags {
			tag := r.s.tags.all[i].tag
			for _, had := range p.Tags {
				if had.Key == tag.Key {
					continue tags
				}
			}
			p.Tags = append(p.Tags, tag)
		}
	}
	if len(body.mentions) > 0 {
		p.Mentions = make([]post.Mention, len(body.mentions))
		for i, n := range body.mentions {
			a := r.account(n)
			p.Mentions[i] = post.Mention{AccountID: a.ID, Handle: a.Handle}
		}
	}
	if body.link.to > body.link.from {
		p.Links = []string{get(body.link)}
	}
	if body.image.to > body.image.from {
		p.Images = []string{get(body.image)}
	}
}

// say appends what e says and fills r.body.
func (r *renderer) say(b []byte, e *event) []byte {
	s := r.s
	d := newDice(e.roll, 1)
	lx := &s.lexicons[e.lang]
	body := &r.body
	*body = body.empty(e.lang)
	body.text.from = len(b)
	if e.kind == isReply && e.plat != onBluesky {
		b = r.mention(b, e.ref.who)
	}
	if e.target != nobody {
		b = r.mention(b, targetNumber(e.target))
	}
	tag := func(i uint8) {
		if len(b) > body.text.from && b[len(b)-1] != ' ' {
			b = append(b, ' ')
		}
		b = append(b, s.tags.all[i].text...)
		body.tags = append(body.tags, i)
	}
	one := func(from []uint8) { tag(from[d.n(len(from))]) }
	var link, photo bool
	switch e.style {
	case talkSport, talkRights, talkPride, talkDaily:
		front := d.chance(150)
		if front {
			one(s.tags.main[e.lang])
			b = append(b, ' ')
		}
		b = lx.sentences(b, &d, e.style)
		b = emoji(b, &d)
		if !front && d.chance(920) {
			one(s.tags.main[e.lang])
		}
		if d.chance(450) {
			one(s.tags.co[e.style])
		}
		if d.chance(150) {
			one(s.tags.native[e.lang])
		}
		photo = d.chance(140)
	case talkGreeting:
		b = writeOne(b, &d, lx.bodies[talkGreeting])
		if d.chance(800) {
			one(s.tags.main[e.lang])
		}
	case shareHeadline, shareComment:
		if e.style == shareHeadline {
			b = s.headline(b, e.extra)
		} else {
			b = lx.sentences(b, &d, talkComment)
		}
		link = true
	case viralPost:
		b = append(b, s.planted.viral...)
		tag(s.tags.main[en][0])
		body.lang = en
		photo = true
	case declaredText:
		b = r.declared(b, e, &d)
		tag(s.tags.free)
		body.lang = literalLang(s.planted.declared[e.extra])
		if d.chance(700) {
			tag(s.tags.main[en][0])
		}
		if d.chance(250) {
			one(s.tags.freeCo)
		}
	case copiedText:
		b = append(b, s.planted.copies[e.extra&(1<<photoShift-1)]...)
		vary := d.chance(200)
		if vary {
			b = append(b, ' ')
			b = append(b, s.planted.copiesAfter[d.n(len(s.planted.copiesAfter))]...)
		}
		tag(s.tags.main[en][0])
		if vary {
			one(s.tags.praise)
		} else {
			tag(s.tags.praise[e.extra%2])
		}
		body.lang = literalLang(s.planted.copies[e.extra&(1<<photoShift-1)])
	default:
		b = lx.sentences(b, &d, e.style)
		b = emoji(b, &d)
		if d.chance(300) || e.style == talkViral && d.chance(700) || e.kind == isPost && d.chance(800) {
			one(s.tags.main[e.lang])
		}
	}
	var end cut
	if link {
		// Bluesky shows links as cards beside the text.
		inText := e.plat != onBluesky || d.chance(400)
		end = cut{len(b) + 1, 0}
		at := len(b)
		b = s.link(append(b, ' '), e.extra)
		end.to = len(b)
		if inText {
			if d.chance(850) {
				one(s.tags.main[e.lang])
			}
			body.text.to = len(b)
		} else {
			body.text.to = at
		}
		body.link = end
	} else {
		body.text.to = len(b)
	}
	if n := e.extra >> photoShift; e.style == copiedText && n > 0 {
		of := newDice(mix(s.cfg.Seed, 0xf070), uint64(n))
		b = r.image(b, e, &of)
	} else if photo {
		b = r.image(b, e, &d)
	}
	return b
}

// empty returns a cleared body that keeps its room.
func (o *body) empty(lang uint8) body {
	return body{lang: lang, tags: o.tags[:0], mentions: o.mentions[:0]}
}

func (r *renderer) mention(b []byte, n number) []byte {
	r.body.mentions = append(r.body.mentions, n)
	b = append(b, '@')
	b = append(b, r.account(n).Handle...)
	return append(b, ' ')
}

// literalLang is the language of a planted text: Azerbaijani, which is known by
// its own letter, or English.
func literalLang(text string) uint8 {
	if strings.Contains(text, "ə") {
		return az
	}
	return en
}

// declared appends a suggested text, often word for word.
func (r *renderer) declared(b []byte, e *event, d *dice) []byte {
	t := &r.s.planted
	if d.chance(300) {
		b = append(b, t.before[d.n(len(t.before))]...)
		b = append(b, ' ')
	}
	b = append(b, t.declared[e.extra]...)
	if d.chance(250) {
		b = append(b, ' ')
		b = append(b, t.after[d.n(len(t.after))]...)
	}
	return b
}

var emojis = [...]string{"🙂", "😂", "👏", "🔥", "❤️", "🏅", "🎉", "🤔", "😢", "🕯️", "✊", "🙏"}

func emoji(b []byte, d *dice) []byte {
	if d.chance(160) {
		b = append(b, ' ')
		b = append(b, emojis[d.n(len(emojis))]...)
	}
	return b
}

// base83 is the alphabet of blurhashes.
const base83 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"

// image appends the fingerprint that e's platform gives for a picture.
func (r *renderer) image(b []byte, e *event, d *dice) []byte {
	r.body.image.from = len(b)
	switch e.plat {
	case onX:
		b = append(b, "media_key:3_"...)
		b = strconv.AppendUint(b, 8e18+d.bits()%1e18, 10)
	case onMastodon:
		b = append(b, "blurhash:L"...)
		for range 27 {
			b = append(b, base83[d.n(len(base83))])
		}
	default:
		b = append(b, "cid:bafkrei"...)
		for range 52 {
			b = append(b, base32[(d.n(32)+6)%32])
		}
	}
	r.body.image.to = len(b)
	return b
}
