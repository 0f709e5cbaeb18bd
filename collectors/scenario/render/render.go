package render

import (
	"strconv"
	"strings"
	"time"

	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/dice"
	"winnow/collectors/scenario/talk"
	"winnow/collectors/scenario/words"
	"winnow/pipeline/post"
)

// Renderer turns events into posts. It is one stream's own.
type Renderer struct {
	s        *talk.Setting
	words    *words.Stock
	buf      []byte
	accounts []cached
	body     body
}

type cached struct {
	set     bool
	number  cast.Number
	account post.Account
}

// accountCache is how many rendered accounts are kept; a power of two.
const accountCache = 1 << 14

// New returns a renderer for the events of a story.
func New(s *talk.Setting, w *words.Stock) *Renderer {
	return &Renderer{s: s, words: w, accounts: make([]cached, accountCache)}
}

func (r *Renderer) account(n cast.Number) *post.Account {
	c := &r.accounts[uint64(n)*0x9e3779b97f4a7c15>>50]
	if !c.set || c.number != n {
		*c = cached{true, n, r.s.Cast.Account(n)}
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
	mentions          []cast.Number
}

// Post renders e into p, which must be the zero Post.
func (r *Renderer) Post(e *talk.Event, p *post.Post) {
	p.Account = *r.account(e.Who)
	author := &p.Account
	p.Platform, p.Kind = cast.Platforms[e.Plat], kinds[e.Kind]
	p.PostedAt, p.ObservedAt = time.UnixMilli(e.At).UTC(), time.UnixMilli(e.Obs).UTC()
	says := e
	if e.Kind == talk.Repost {
		says = e.Ref
	}
	b := r.say(r.buf[:0], says)
	id := cut{len(b), 0}
	b = e.AppendID(b, author.ID, author.Handle)
	id.to = len(b)
	b = e.AppendURL(b, author.ID, author.Handle)
	url := cut{id.to, len(b)}
	native := cut{len(b), len(b)}
	if e.Plat == cast.OnMastodon {
		// The id on the instance that Winnow listens to.
		b = strconv.AppendUint(b, uint64(e.Obs)<<16|e.Low(16), 10)
		native.to = len(b)
	}
	ref := cut{len(b), len(b)}
	var to post.Ref
	if e.Ref != nil {
		of := r.account(e.Ref.Who)
		to.AccountID, to.Handle = of.ID, of.Handle
		b = e.Ref.AppendID(b, of.ID, of.Handle)
		ref.to = len(b)
	}
	r.buf = b

	all := string(b)
	get := func(c cut) string { return all[c.from:c.to] }
	p.Text, p.ID, p.URL, p.NativeID = get(r.body.text), get(id), get(url), get(native)
	r.tell(p, says, get)
	if e.Ref != nil {
		to.PostID = get(ref)
		switch e.Kind {
		case talk.Repost:
			p.RepostOf = to
		case talk.Quote:
			p.QuoteOf = to
		default:
			p.ReplyTo = to
		}
	}
	if e.Kind != talk.Repost && e.Plat != cast.OnBluesky {
		// Counts as they stand when the post is seconds old.
		d := dice.New(e.Roll, 9)
		p.Engagement = post.Engagement{
			Likes: post.KnownCount(int64(d.N(3))), Reposts: post.KnownCount(int64(d.N(5) / 4)), Replies: post.KnownCount(0),
		}
		if e.Plat == cast.OnX {
			p.Engagement.Quotes = post.KnownCount(0)
			p.Engagement.Views = post.KnownCount(int64(d.N(60)))
		}
	}
}

var kinds = [...]post.Kind{talk.Original: post.Original, talk.Repost: post.Repost, talk.Quote: post.Quote, talk.Reply: post.Reply}

// tell fills in what the body carries besides its text.
func (r *Renderer) tell(p *post.Post, says *talk.Event, get func(cut) string) {
	body := &r.body
	// One post in thirty has no language that the platform could tell.
	if says.Roll>>40%30 != 0 {
		p.Lang = words.Codes[body.lang]
	}
	if len(body.tags) > 0 {
		p.Tags = make([]post.Tag, 0, len(body.tags))
	tags:
		for _, i := range body.tags {
			tag := r.words.Tags.All[i].Tag
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
func (r *Renderer) say(b []byte, e *talk.Event) []byte {
	w := r.words
	d := dice.New(e.Roll, 1)
	lx := &w.Lexicons[e.Lang]
	body := &r.body
	*body = body.empty(e.Lang)
	body.text.from = len(b)
	if e.Kind == talk.Reply && e.Plat != cast.OnBluesky {
		b = r.mention(b, e.Ref.Who)
	}
	if e.Target != talk.Nobody {
		b = r.mention(b, talk.TargetNumber(e.Target))
	}
	tag := func(i uint8) { b = r.tag(b, i) }
	one := func(from []uint8) { tag(from[d.N(len(from))]) }
	var link, photo bool
	switch e.Style {
	case words.Sport, words.Rights, words.Pride, words.Daily:
		front := d.Chance(150)
		if front {
			one(w.Tags.Main[e.Lang])
			b = append(b, ' ')
		}
		b = lx.Sentences(b, &d, e.Style)
		b = emoji(b, &d)
		if !front && (e.Tagged || d.Chance(920)) {
			one(w.Tags.Main[e.Lang])
		}
		if d.Chance(450) {
			one(w.Tags.Co[e.Style])
		}
		if d.Chance(150) {
			one(w.Tags.Native[e.Lang])
		}
		photo = d.Chance(140)
	case words.Greeting:
		b = words.WriteOne(b, &d, lx.Bodies[words.Greeting])
		if d.Chance(800) {
			one(w.Tags.Main[e.Lang])
		}
	case words.Headline, words.Shared:
		if e.Style == words.Headline {
			b = r.headline(b, e.Extra)
		} else {
			b = lx.Sentences(b, &d, words.Comment)
		}
		link = true
	case words.ViralPost:
		b = append(b, w.Planted.Viral...)
		tag(w.Tags.Main[words.EN][0])
		body.lang = words.EN
		photo = true
	case words.DeclaredText:
		b = r.declared(b, e, &d)
		tag(w.Tags.Free)
		body.lang = literalLang(w.Planted.Declared[e.Extra])
		if d.Chance(700) {
			tag(w.Tags.Main[words.EN][0])
		}
		if d.Chance(250) {
			one(w.Tags.FreeCo)
		}
	case words.CopiedText:
		b = append(b, w.Planted.Copies[e.Extra&(1<<talk.PhotoShift-1)]...)
		vary := d.Chance(200)
		if vary {
			b = append(b, ' ')
			b = append(b, w.Planted.CopiesAfter[d.N(len(w.Planted.CopiesAfter))]...)
		}
		tag(w.Tags.Main[words.EN][0])
		if vary {
			one(w.Tags.Praise)
		} else {
			tag(w.Tags.Praise[e.Extra%2])
		}
		body.lang = literalLang(w.Planted.Copies[e.Extra&(1<<talk.PhotoShift-1)])
	case words.RandomText:
		b = lx.Random(b, &d, 4+d.N(7))
		tag(w.Tags.Main[words.EN][0])
	case words.RaidText:
		return r.raid(b, e, &d)
	case words.Chant:
		of := dice.New(dice.Mix(r.s.Seed, 0xc4a7), uint64(e.Extra))
		b = words.WriteOne(b, &of, lx.Bodies[words.Greeting])
		tag(w.Tags.Main[words.EN][0])
	default:
		b = lx.Sentences(b, &d, e.Style)
		b = emoji(b, &d)
		if d.Chance(300) || e.Style == words.AboutViral && d.Chance(700) || e.Kind == talk.Original && d.Chance(800) {
			one(w.Tags.Main[e.Lang])
		}
	}
	var end cut
	if link {
		// Bluesky shows links as cards beside the text.
		inText := e.Tagged || e.Plat != cast.OnBluesky || d.Chance(400)
		end = cut{len(b) + 1, 0}
		at := len(b)
		b = r.link(append(b, ' '), e.Extra)
		end.to = len(b)
		if inText {
			if e.Tagged || d.Chance(850) {
				one(w.Tags.Main[e.Lang])
			}
			body.text.to = len(b)
		} else {
			body.text.to = at
		}
		body.link = end
	} else {
		body.text.to = len(b)
	}
	if n := e.Extra >> talk.PhotoShift; e.Style == words.CopiedText && n > 0 {
		of := dice.New(dice.Mix(r.s.Seed, 0xf070), uint64(n))
		b = r.image(b, e, &of)
	} else if photo {
		b = r.image(b, e, &d)
	}
	return b
}

// tag appends a hashtag.
func (r *Renderer) tag(b []byte, i uint8) []byte {
	if len(b) > r.body.text.from && b[len(b)-1] != ' ' {
		b = append(b, ' ')
	}
	r.body.tags = append(r.body.tags, i)
	return append(b, r.words.Tags.All[i].Text...)
}

// empty returns a cleared body that keeps its room.
func (o *body) empty(lang uint8) body {
	return body{lang: lang, tags: o.tags[:0], mentions: o.mentions[:0]}
}

func (r *Renderer) mention(b []byte, n cast.Number) []byte {
	r.body.mentions = append(r.body.mentions, n)
	b = append(b, '@')
	b = append(b, r.account(n).Handle...)
	return append(b, ' ')
}

// literalLang is the language of a planted text: Azerbaijani, which is known by
// its own letter, or English.
func literalLang(text string) uint8 {
	if strings.Contains(text, "ə") {
		return words.AZ
	}
	return words.EN
}

// declared appends a suggested text, often word for word.
func (r *Renderer) declared(b []byte, e *talk.Event, d *dice.Dice) []byte {
	t := &r.words.Planted
	if d.Chance(300) {
		b = append(b, t.Before[d.N(len(t.Before))]...)
		b = append(b, ' ')
	}
	b = append(b, t.Declared[e.Extra]...)
	if d.Chance(250) {
		b = append(b, ' ')
		b = append(b, t.After[d.N(len(t.After))]...)
	}
	return b
}

// base83 is the alphabet of blurhashes.
const base83 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"

// image appends the fingerprint that e's platform gives for a picture.
func (r *Renderer) image(b []byte, e *talk.Event, d *dice.Dice) []byte {
	r.body.image.from = len(b)
	switch e.Plat {
	case cast.OnX:
		b = append(b, "media_key:3_"...)
		b = strconv.AppendUint(b, 8e18+d.Bits()%1e18, 10)
	case cast.OnMastodon:
		b = append(b, "blurhash:L"...)
		for range 27 {
			b = append(b, base83[d.N(len(base83))])
		}
	default:
		b = append(b, "cid:bafkrei"...)
		for range 52 {
			b = append(b, cast.Base32[(d.N(32)+6)%32])
		}
	}
	r.body.image.to = len(b)
	return b
}
