package render

import (
	"strconv"

	"winnow/collectors/scenario/talk"
	"winnow/collectors/scenario/words"
)

// headline appends the headline of article i.
func (r *Renderer) headline(b []byte, i uint32) []byte {
	d := r.s.Press.Dice(i)
	if i&talk.ViralArticle != 0 {
		return append(b, r.words.Planted.ViralHeadlines[d.N(len(r.words.Planted.ViralHeadlines))]...)
	}
	lx := &r.words.Lexicons[r.s.Cast.Lang(r.s.Press.Outlet(i))]
	return words.WriteOne(b, &d, lx.Headline[r.s.Press.Topic(i)])
}

// link appends the address of article i.
func (r *Renderer) link(b []byte, i uint32) []byte {
	var stems [32]byte
	first, last := r.s.Cast.Stems(stems[:0], r.s.Press.Outlet(i))
	b = append(b, "https://"...)
	b = append(b, first...)
	b = append(b, '-')
	b = append(b, last...)
	b = append(b, ".example/"...)
	if i&talk.ViralArticle != 0 {
		return append(b, "games/the-chair-on-the-boulevard"...)
	}
	if r.s.Press.Topic(i) == 1 {
		b = append(b, "rights/"...)
	} else {
		b = append(b, "sport/"...)
	}
	return strconv.AppendUint(b, r.s.Press.Page(i), 10)
}
