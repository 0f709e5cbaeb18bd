package neardup

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode"
	"unicode/utf8"

	"winnow/pipeline/post/fold"
)

const (
	// maxTokens is how many words of a text are compared. It is more than the
	// 280 characters of a post on X hold; of longer texts the beginning counts.
	maxTokens = 128
	// maxText is how much of a text is read, in bytes, as in fold.Text.
	maxText = 64 << 10
	// maxWords is as far as Words counts.
	maxWords = 100
	// A text is a copy only if it has these many words and letters, or as many
	// letters without words, as in fold.TextHash.
	minWords   = 4
	minLetters = 12
	// cutWords is how many words must be left for a cut one to be dropped.
	cutWords = 5
)

// Sketch is what of a text is compared with others: a hash for each word, or
// for each two or three characters that follow one another in scripts without
// blanks, up to 128 in order of the text. It holds at most some 600 bytes, and
// no memory of the text. The zero value is ready to use.
type Sketch struct {
	sum    uint64 // half of SHA-256 of the words
	tokens []uint32
	words  uint8
	dense  bool // most tokens are of a script without blanks
}

// isNumber marks tokens that are numbers.
const isNumber = 1

// Of makes s the sketch of text. It returns false, and a sketch that must not
// be placed, if the text is too short to be called a copy of another: if fewer
// than four words or twelve letters are left without the hashtags, links,
// mentions and marks around them.
func (s *Sketch) Of(text string) bool {
	if len(text) > maxText {
		n := maxText
		for n > maxText-utf8.UTFMax && !utf8.RuneStart(text[n]) {
			n--
		}
		text = text[:n]
	}
	text, cutOff := body(text)
	var room [512]byte
	t := tokenizer{out: s.tokens[:0], plain: room[:0]}
	t.read(fold.Text(text))
	if cutOff && t.words > cutWords && t.spaced == len(t.out) && len(t.out) < maxTokens {
		t.out = t.out[:len(t.out)-1]
		t.plain = t.plain[:t.last]
		t.words--
	}
	s.tokens = t.out
	s.words = uint8(min(t.words+t.unspaced/2, maxWords))
	s.dense = t.unspaced > 2*t.words
	sum := sha256.Sum256(t.plain)
	s.sum = binary.BigEndian.Uint64(sum[:])
	return (t.words >= minWords && t.letters >= minLetters || t.unspaced >= minLetters) && t.varied()
}

// Words is how many words the text can be known by, up to 100: links, mentions,
// and tags around the text are none. Two characters count as one word in
// scripts that put no blanks between words.
func (s *Sketch) Words() int { return int(s.words) }

// Append appends a sketch in a form that Read understands: eleven bytes, and four
// for each token.
func (s *Sketch) Append(b []byte) []byte {
	b = binary.LittleEndian.AppendUint64(b, s.sum)
	dense := uint8(0)
	if s.dense {
		dense = 1
	}
	b = append(b, s.words, dense, uint8(len(s.tokens)))
	for _, t := range s.tokens {
		b = binary.LittleEndian.AppendUint32(b, t)
	}
	return b
}

// Read makes s the sketch that b begins with, which Append wrote, and returns the
// rest of b.
func (s *Sketch) Read(b string) (rest string) {
	const head = 11
	var sum [8]byte
	copy(sum[:], b)
	s.sum = binary.LittleEndian.Uint64(sum[:])
	s.words, s.dense = b[8], b[9] == 1
	n := int(b[10])
	s.tokens = s.tokens[:0]
	for i := head; i < head+4*n; i += 4 {
		s.tokens = append(s.tokens, uint32(b[i])|uint32(b[i+1])<<8|uint32(b[i+2])<<16|uint32(b[i+3])<<24)
	}
	return b[head+4*n:]
}

// tokenizer turns a folded text into tokens.
type tokenizer struct {
	out   []uint32
	plain []byte // the words in their skeletons, of which the sum is taken
	last  int    // length of plain before the last word

	words, letters, unspaced int
	spaced                   int // tokens that are words

	// The word under way.
	hash                   uint64
	in, letter, num, maybe bool
	start                  int

	// The characters before, of a script without blanks.
	before, second uint64
}

func (t *tokenizer) read(folded string) {
	for i := 0; i < len(folded); {
		c := folded[i]
		if c == ' ' {
			t.end()
			i++
			continue
		}
		if c < utf8.RuneSelf {
			i++
			t.add(rune(c))
			continue
		}
		r, n := utf8.DecodeRuneInString(folded[i:])
		i += n
		if r >= 0x0E00 && unspaced(r) {
			t.end()
			t.shingle(r)
		} else if r = skeleton(r); r != 0 {
			t.add(r)
		}
	}
	t.end()
}

// add takes in a character of a word. Digits 0 and 1 are read as the letters
// o and l, and i as l: within a word they pass for one another.
func (t *tokenizer) add(r rune) {
	if !t.in {
		t.in, t.letter, t.num, t.maybe = true, false, false, false
		t.hash, t.start = seedWord, len(t.plain)
		if t.start > 0 {
			t.plain = append(t.plain, ' ')
		}
	}
	switch {
	case '0' <= r && r <= '9':
		// A 0 or 1 between letters stands for one; other digits are numbers.
		t.maybe = r <= '1' && t.letter
		t.num = t.num || !t.maybe
		t.letter = false
	default:
		t.letter, t.maybe = true, false
		if r < utf8.RuneSelf || unicode.IsLetter(r) {
			t.letters++
		}
		if r == 'i' {
			r = 'l'
		}
	}
	switch r {
	case '0':
		t.hash = (t.hash ^ 'o') * prime
	case '1':
		t.hash = (t.hash ^ 'l') * prime
	default:
		t.hash = (t.hash ^ uint64(r)) * prime
	}
	t.plain = utf8.AppendRune(t.plain, r)
}

// end ends the word under way.
func (t *tokenizer) end() {
	if !t.in {
		return
	}
	t.in = false
	t.before, t.second = 0, 0
	token := uint32(mix(t.hash)) &^ isNumber
	if t.num || t.maybe {
		token |= isNumber
	}
	if n := len(t.out); n > 0 && t.out[n-1] == token {
		t.plain = t.plain[:t.start] // "very very"
		return
	}
	t.last = t.start
	t.words++
	if len(t.out) < maxTokens {
		t.out = append(t.out, token)
		t.spaced++
	}
}

// shingle takes in a character of a script without blanks: two in a row make a
// token, three where they are letters and not syllables. Marks and blanks
// between them do not count.
func (t *tokenizer) shingle(r rune) {
	t.plain = utf8.AppendRune(t.plain, r)
	if unicode.IsLetter(r) {
		t.letters++
		t.unspaced++
	}
	c := uint64(r)
	h := (seedShingle ^ c) * prime
	switch {
	case t.before == 0:
		t.before = c
		return
	case r < 0x1800: // Thai, Lao, Tibetan, Myanmar, Khmer
		if t.second == 0 {
			t.second, t.before = t.before, c
			return
		}
		h = (h ^ t.second) * prime
	}
	h = (h ^ t.before) * prime
	t.second, t.before = t.before, c
	token := uint32(mix(h)) &^ isNumber
	if n := len(t.out); n < maxTokens && (n == 0 || t.out[n-1] != token) {
		t.out = append(t.out, token)
	}
}

// varied reports whether there are enough different tokens to tell something.
func (t *tokenizer) varied() bool {
	for i, n := 0, 0; i < len(t.out); i++ {
		if !slices.Contains(t.out[:i], t.out[i]) {
			if n++; n >= minWords {
				return true
			}
		}
	}
	return false
}

// unspaced is fold.Unspaced, without the search for what is most frequent.
func unspaced(r rune) bool {
	switch {
	case 0x4E00 <= r && r <= 0x9FFF, 0x3041 <= r && r <= 0x30FA:
		return true
	case 0xAC00 <= r && r <= 0xD7A3:
		return false
	}
	return fold.Unspaced(r)
}

// The hashes of tokens are FNV-1a's over characters with a good last step.
const (
	seedWord    = 0xcbf29ce484222325
	seedShingle = 0x9ae16a3b2f90404f
	prime       = 0x100000001b3
)

// mix is the last step of MurmurHash3: every bit of h matters to all others.
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// pair is the feature by which texts are found: two tokens in a row.
func pair(a, b uint32) uint32 {
	return uint32(mix(uint64(a)<<32|uint64(b)) ^ uint64(bits.RotateLeft32(a, 7)))
}
