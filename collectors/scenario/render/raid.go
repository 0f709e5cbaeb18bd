package render

import (
	"strconv"
	"time"

	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/dice"
	"winnow/collectors/scenario/talk"
	"winnow/collectors/scenario/words"
	"winnow/pipeline/post"
)

// raid says a text that a raid hands out, word for word or changed: with
// somebody named in front, a link of its own behind, the tags in any order.
func (r *Renderer) raid(b []byte, e *talk.Event, d *dice.Dice) []byte {
	of := dice.New(dice.Mix(r.s.Seed, 0x2a1d), uint64(e.Extra&talk.TextMask))
	lx := &r.words.Lexicons[e.Lang]
	text := string(lx.Blend(nil, &of))
	t := r.words.Tags
	tags := [...]uint8{t.Main[words.EN][0], t.Praise[of.N(len(t.Praise))], t.Native[e.Lang][0]}
	use := tags[:1+of.N(len(tags))]
	if e.Extra&talk.Mutated == 0 {
		b = append(b, text...)
		for _, i := range use {
			b = r.tag(b, i)
		}
		r.body.text.to = len(b)
		return b
	}
	if d.Chance(200) {
		for range 1 + d.N(3) {
			b = r.mention(b, cast.Number(d.N(r.s.Cast.Size)))
		}
	}
	b = words.Mutate(b, d, text, emojis)
	if len(use) > 1 && d.Chance(400) {
		i := 1 + d.N(len(use)-1)
		use[0], use[i] = use[i], use[0]
	}
	for _, i := range use {
		b = r.tag(b, i)
	}
	if d.Chance(250) {
		r.body.link.from = len(b) + 1
		b = append(b, " https://"...)
		first, last := r.s.Cast.Stems(nil, cast.Number(d.N(1<<30)))
		b = append(append(append(b, first...), last...), ".example/"...)
		b = strconv.AppendUint(b, d.Bits()%1e9, 10)
		r.body.link.to = len(b)
	}
	r.body.text.to = len(b)
	return b
}

// Deletion is how a source would tell that e's post was deleted, at a time in
// Unix milliseconds.
func (r *Renderer) Deletion(e *talk.Event, at int64) post.Deletion {
	var p post.Post
	r.Post(e, &p)
	return post.Deletion{Platform: p.Platform, NativeID: p.LocalID(), At: time.UnixMilli(at).UTC()}
}

// PostID is the canonical id of e's post.
func (r *Renderer) PostID(e *talk.Event) string {
	a := r.account(e.Who)
	return string(e.AppendID(nil, a.ID, a.Handle))
}

var emojis = []string{"🙂", "😂", "👏", "🔥", "❤️", "🏅", "🎉", "🤔", "😢", "🕯️", "✊", "🙏"}

func emoji(b []byte, d *dice.Dice) []byte {
	if d.Chance(160) {
		b = append(b, ' ')
		b = append(b, emojis[d.N(len(emojis))]...)
	}
	return b
}
