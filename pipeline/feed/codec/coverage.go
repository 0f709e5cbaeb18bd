package codec

import (
	"encoding/binary"
	"math"

	"winnow/pipeline/post"
)

// causes and fills are written as their place in these tables, as platforms
// are; a word added later goes to the end.
var (
	causes = [...]string{
		"",
		string(post.Unauthorised), string(post.Misconfigured), string(post.RateLimited), string(post.Unavailable),
		string(post.Network), string(post.Protocol), string(post.Stalled), string(post.Blind), string(post.LogFull),
		string(post.Stopped), string(post.Suspended), string(post.Budget), string(post.CountsOnly),
		string(post.NotWatched), string(post.Before),
	}
	fills = [...]string{"", string(post.Pending), string(post.Filled), string(post.Partly), string(post.Lost)}
)

// appendCoverage appends gaps and watches.
func appendCoverage(dst []byte, gaps []post.Gap, watches []post.Watch) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(gaps)))
	for i := range gaps {
		g := &gaps[i]
		dst = appendText(dst, g.Source)
		dst = appendWord(dst, platforms[:], string(g.Platform))
		dst = appendText(dst, g.Campaign)
		dst = appendTime(appendTime(dst, g.From), g.To)
		dst = appendWord(dst, causes[:], string(g.Cause))
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(g.Share))
		dst = appendWord(dst, fills[:], string(g.Fill))
		dst = appendText(dst, g.Note)
	}
	dst = binary.AppendUvarint(dst, uint64(len(watches)))
	for i := range watches {
		w := &watches[i]
		dst = appendText(dst, w.Source)
		dst = appendWord(dst, platforms[:], string(w.Platform))
		dst = appendText(dst, w.Campaign)
		dst = appendTime(dst, w.Since)
	}
	return dst
}

// coverage reads what appendCoverage wrote.
func (r *reader) coverage() (gaps []post.Gap, watches []post.Watch) {
	if n := r.count(minGap, maxCoverage); n > 0 {
		gaps = make([]post.Gap, n)
		for i := range gaps {
			g := &gaps[i]
			g.Source = r.string()
			g.Platform = post.Platform(r.word(platforms[:]))
			g.Campaign = r.string()
			g.From, g.To = r.time(), r.time()
			g.Cause = post.Cause(r.word(causes[:]))
			g.Share = r.float()
			g.Fill = post.Fill(r.word(fills[:]))
			g.Note = r.string()
		}
	}
	if n := r.count(minWatch, maxCoverage); n > 0 {
		watches = make([]post.Watch, n)
		for i := range watches {
			w := &watches[i]
			w.Source = r.string()
			w.Platform = post.Platform(r.word(platforms[:]))
			w.Campaign = r.string()
			w.Since = r.time()
		}
	}
	return gaps, watches
}

func (r *reader) float() float64 {
	if b := r.bytes(8); b != nil {
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
	return 0
}
