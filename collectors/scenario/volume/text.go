package volume

import (
	"math"
	"strings"

	"winnow/collectors/scenario/dice"
	"winnow/pipeline/post"
)

const (
	wordsPerLang    = 20_000
	tagsPerCampaign = 3_000
	zipfSteps       = 1 << 16
)

// vocabulary is what texts are made of: words by frequency in several
// languages, drawn by Zipf's law.
type vocabulary struct {
	langs []lang
	// word and tag map 16 random bits to a rank by Zipf with exponent 1.
	word, tag []uint16
}

type lang struct {
	code  string
	share int // in percent
	words []string
}

func newVocabulary(seed uint64) vocabulary {
	v := vocabulary{word: zipf(wordsPerLang), tag: zipf(tagsPerCampaign)}
	for i, l := range []struct {
		code               string
		share              int
		consonants, vowels string
	}{
		{"en", 50, "t n s r h d l c m w f g y p b v k", "e a o i u"},
		{"az", 20, "n r l d m s t y q b k ş z c v x g", "a ə i ı e u ü o"},
		{"ru", 15, "н т с р в л к м д п б г з ч й х ж", "о е а и у я ы"},
		{"ar", 15, "ل م ن ت ر ب د س ع ق ف ك ح ج ه", "ا ي و ة"},
	} {
		d := dice.New(seed, uint64(100+i))
		v.langs = append(v.langs, lang{l.code, l.share, invent(&d, strings.Fields(l.consonants), strings.Fields(l.vowels))})
	}
	return v
}

// zipf tabulates the ranks of n things at zipfSteps quantiles.
func zipf(n int) []uint16 {
	out := make([]uint16, zipfSteps)
	for i := range out {
		out[i] = uint16(math.Pow(float64(n), (float64(i)+0.5)/zipfSteps) - 1)
	}
	return out
}

// invent makes words, each once; frequent ones are short.
func invent(d *dice.Dice, consonants, vowels []string) []string {
	seen := make(map[string]bool, wordsPerLang)
	out := make([]string, 0, wordsPerLang)
	for len(out) < wordsPerLang {
		var b strings.Builder
		for n := 1 + d.N(2) + min(len(out)/60, 1)*d.N(3); n >= 0; n-- {
			// The square makes some letters common, as they are.
			b.WriteString(consonants[d.N(1+d.N(len(consonants)))])
			b.WriteString(vowels[d.N(1+d.N(len(vowels)))])
		}
		if d.Chance(400) {
			b.WriteString(consonants[d.N(len(consonants))])
		}
		if w := b.String(); !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// tags makes n tags of one or two words, with their spellings.
func (v *vocabulary) tags(seed uint64, n int) []post.Tag {
	d := dice.New(seed, 200)
	var out []post.Tag
	for len(out) < n {
		words := v.langs[min(d.N(5), 2)%2].words
		a, b := words[200+d.N(4000)], words[200+d.N(4000)]
		// First capitals only: the key is the lower case of the spelling.
		posted := a
		if d.Chance(700) {
			posted = strings.ToUpper(a[:1]) + a[1:] + b
		}
		if made := post.NewTags(posted); len(made) == 1 {
			out = append(out, made[0])
		}
	}
	return out
}

// original is a post that others repost, answer and quote.
type original struct {
	ref    post.Ref
	lang   string
	text   string
	tags   []post.Tag
	links  []string
	images []string
}

// recents are the last originals of a campaign on a platform, and those among
// them that everybody sees.
type recents struct {
	n    int
	ring [512]original
	hot  [6]original
}

func (r *recents) add(o original, d *dice.Dice) {
	r.ring[r.n%len(r.ring)] = o
	if r.n < len(r.hot) || d.N(2000) == 0 {
		r.hot[d.N(len(r.hot))] = o
		if r.n < len(r.hot) {
			r.hot[r.n] = o
		}
	}
	r.n++
}

// pick draws an original: a third of the time a hot one, else a recent one.
func (r *recents) pick(d *dice.Dice) *original {
	if r.n >= len(r.hot) && d.N(3) == 0 {
		return &r.hot[d.N(len(r.hot))]
	}
	return &r.ring[(r.n-1-d.N(1+d.N(min(r.n, len(r.ring)))))%len(r.ring)]
}

// repost makes p a repost of o.
func (s *Stream) repost(p *post.Post, o *original) {
	p.Kind = post.Repost
	p.RepostOf = o.ref
	p.Lang, p.Text, p.Tags, p.Links, p.Images = o.lang, o.text, o.tags, o.links, o.images
	if p.Platform == post.Bluesky {
		p.ID = strings.Replace(p.ID, "feed.post", "feed.repost", 1)
		p.URL = ""
	}
}

// write gives a post its text, tags, links, images and counts.
func (s *Stream) write(p *post.Post, c int, who person) {
	d := &s.dice
	l := s.lang(who)
	p.Lang = l.code
	bits := d.Bits()
	if n := d.N(16) - 8; n > 0 { // half have none beside the campaign's own
		n = min(n, 5)
		p.Tags = make([]post.Tag, 1, 1+n)
		for range n {
			t := s.tags[c][1+int(s.words.tag[d.Bits()&(zipfSteps-1)])%(tagsPerCampaign-1)]
			if !tagged(p.Tags, t) {
				p.Tags = append(p.Tags, t)
			}
		}
	} else {
		p.Tags = make([]post.Tag, 1)
	}
	p.Tags[0] = s.tags[c][0]
	for n := 5 + d.N(12) + d.N(14); n > 0; n -= 4 {
		draw := d.Bits()
		for range min(n, 4) {
			s.ink.WriteString(l.words[s.words.word[draw&(zipfSteps-1)]])
			s.ink.WriteByte(' ')
			draw >>= 16
		}
	}
	for _, t := range p.Tags {
		s.ink.WriteByte('#')
		s.ink.WriteString(t.Posted)
		s.ink.WriteByte(' ')
	}
	if bits&3 == 0 {
		s.ink.WriteString("https://t.example/")
		s.ink.letters(base64, 6, 10, bits)
	}
	p.Text = strings.TrimSuffix(s.ink.cut(), " ")
	if bits&3 == 0 {
		words := s.words.langs[0].words
		s.ink.WriteString("https://")
		s.ink.WriteString(words[300+s.words.tag[bits>>8&(zipfSteps-1)]%900])
		s.ink.WriteString(".example/")
		for shift := 24; shift < 64; shift += 16 {
			s.ink.WriteString(words[s.words.word[bits>>shift&(zipfSteps-1)]])
			s.ink.WriteByte('-')
		}
		s.ink.number(bits >> 50)
		p.Links = []string{s.ink.cut()}
	}
	if bits>>2&7 == 0 {
		switch who.platform {
		case onX:
			s.ink.WriteString("media_key:3_")
			s.ink.number(uint64(p.PostedAt.UnixMilli()-xEpoch)<<22 | bits>>20&(1<<22-1))
		case onBluesky:
			s.ink.WriteString("cid:bafkrei")
			s.ink.letters(base32, 5, 52, bits)
		default:
			s.ink.WriteString("blurhash:U")
			s.ink.letters(base64, 6, 35, bits)
		}
		p.Images = []string{s.ink.cut()}
	}
	if who.platform != onBluesky {
		e := &p.Engagement
		n := heavy(bits) / 8
		e.Likes, e.Reposts, e.Replies = post.KnownCount(n), post.KnownCount(n/6), post.KnownCount(n/11)
		if who.platform == onX {
			e.Quotes, e.Views = post.KnownCount(n/40), post.KnownCount(n*37+int64(bits>>56))
		}
	}
}

func tagged(tags []post.Tag, t post.Tag) bool {
	for i := range tags {
		if tags[i].Key == t.Key {
			return true
		}
	}
	return false
}

// lang is the language that an account writes in.
func (s *Stream) lang(who person) *lang {
	n := int(who.bits(ofLang) % 100)
	for i := range s.words.langs {
		l := &s.words.langs[i]
		if n -= l.share; n < 0 {
			return l
		}
	}
	return &s.words.langs[0]
}
