package coordination

import (
	"slices"
	"unicode/utf8"

	"winnow/pipeline/post/fold"
)

// speech is what a post says, as hashes: its words, each two that follow one
// another, and all together. Tags, links and mentions are left out. Where no
// blanks part words, two characters count as one.
type speech struct {
	words, pairs []uint32
	all          uint32
}

// maxSpeech is how many words of a post are looked at, and gramLen how many
// characters count as a word where no blanks part words.
const (
	maxSpeech = 24
	gramLen   = 2
)

// read makes s what a text says, and reuses its memory.
func (s *speech) read(text string) {
	s.words, s.pairs = s.words[:0], s.pairs[:0]
	folded := fold.Text(withoutTags(text))
	s.all = uint32(len(folded))
	for i := 0; i < len(folded) && len(s.words) < maxSpeech; {
		if folded[i] == ' ' {
			i++
			continue
		}
		end := i
		for letters := 0; end < len(folded) && folded[end] != ' '; letters++ {
			r, size := utf8.DecodeRuneInString(folded[end:])
			if r >= utf8.RuneSelf && fold.Unspaced(r) && letters == gramLen {
				break
			}
			end += size
		}
		h := uint32(2166136261) // FNV-1a
		for _, c := range []byte(folded[i:end]) {
			h = (h ^ uint32(c)) * 16777619
		}
		h ^= h >> 15
		s.add(h)
		s.all = mix(s.all, h)
		i = end
	}
}

// add adds a word.
func (s *speech) add(h uint32) {
	if n := len(s.words); n > 0 {
		s.pairs = append(s.pairs, mix(s.words[n-1], h))
	}
	s.words = append(s.words, h)
}

func (s *speech) clone() speech {
	return speech{words: slices.Clone(s.words), pairs: slices.Clone(s.pairs), all: s.all}
}

func mix(a, b uint32) uint32 {
	h := (a*31 ^ b) * 0x85ebca6b
	return h ^ h>>13
}

// withoutTags leaves out the words that begin with a "#".
func withoutTags(s string) string {
	out := make([]byte, 0, len(s))
	tag := false
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' || c == '\n' || c == '\t':
			tag = false
			out = append(out, ' ')
		case c == '#' && (i == 0 || len(out) > 0 && out[len(out)-1] == ' '):
			tag = true
		case !tag:
			out = append(out, c)
		}
	}
	return string(out)
}

// lexicon is what a campaign is talked about in: the hashes of words, and of
// pairs of them, in a Bloom filter with one hash and two generations, of which
// the older goes when the younger is half full. One that is new may count as
// known, once in two times at worst, which makes texts more familiar than they
// are and a flood harder to see.
type lexicon struct {
	young, old []uint64
	n          int
}

// lexiconBits is the size of a generation, in bits.
const lexiconBits = 1 << 19

// fork returns one that learns nothing: what a fork of the core sees is a few
// minutes, and the bits need not be copied for that.
func (l *lexicon) fork() lexicon { return lexicon{young: l.young, old: l.old, n: -1} }

func (l *lexicon) knows(hash uint32) bool {
	at, bit := hash%lexiconBits/64, uint64(1)<<(hash%64)
	return len(l.young) > 0 && l.young[at]&bit != 0 || len(l.old) > 0 && l.old[at]&bit != 0
}

// learn adds words or pairs.
func (l *lexicon) learn(hashes []uint32) {
	if l.n < 0 {
		return
	}
	for _, h := range hashes {
		at, bit := h%lexiconBits/64, uint64(1)<<(h%64)
		switch {
		case l.young == nil:
			l.young = make([]uint64, lexiconBits/64)
		case l.young[at]&bit != 0:
			continue
		case l.n >= lexiconBits/2:
			l.old, l.young, l.n = l.young, make([]uint64, lexiconBits/64), 0
		}
		l.young[at] |= bit
		l.n++
	}
}

// knownShare is the share of words or pairs that are known, 1 of none.
func (l *lexicon) knownShare(hashes []uint32) float64 {
	if len(hashes) == 0 {
		return 1
	}
	known := 0
	for _, h := range hashes {
		if l.knows(h) {
			known++
		}
	}
	return float64(known) / float64(len(hashes))
}

// sayings are what was said last, to tell who says the same in the same minutes:
// a table in which what is newer replaces what is older.
type sayings struct{ last []saying }

type saying struct {
	all, account uint32
	at           int64
}

const maxSayings = 1 << 11

func (s *sayings) fork() sayings { return sayings{slices.Clone(s.last)} }

// said reports whether another account said the same within joinTime, and notes
// that this one does.
func (s *sayings) said(all, account uint32, at int64) bool {
	if s.last == nil {
		s.last = make([]saying, maxSayings)
	}
	l := &s.last[all%maxSayings]
	same := l.all == all && l.account != account && at-l.at <= joinTime && l.at != 0
	*l = saying{all, account, at}
	return same
}
