package neardup

import "math/bits"

// A text is a copy of a founding text if enough words of both stand in the same
// order, counted by their longest common subsequence.
const (
	// leastCommon is how many tokens two texts must have in common, unless
	// they are equal.
	leastCommon = 5
	// leastOfLonger is how much of the longer text must be common, in per cent.
	// It lets a copy be cut off, or be written around.
	leastOfLonger = 57
	// In texts of replaceWords words or more, one word in replaceOne of the
	// shorter text may be another one.
	replaceWords = 8
	replaceOne   = 5
	// numberWords is how long a text must be for its numbers to be words like
	// others. In shorter ones they are what the text tells: "day 3, talk 4".
	numberWords = 12
	// Where tokens are characters that overlap, one that is replaced costs
	// two or three of them; see leastOfLonger.
	leastDenseCommon  = 8
	leastDenseShorter = 62
	leastDenseLonger  = 52
)

// matcher compares one text with several.
type matcher struct {
	tokens  []uint32
	dense   bool
	numbers []uint32
	keys    [2 * maxTokens]uint32
	masks   [2 * maxTokens]mask
}

// mask has a bit for each position in a text.
type mask struct{ lo, hi uint64 }

// set makes s the text that others are compared with.
func (m *matcher) set(s *Sketch) {
	m.tokens, m.dense = s.tokens, s.dense
	m.numbers = m.numbers[:0]
	clear(m.masks[:])
	for i, t := range s.tokens {
		at := m.slot(t)
		m.keys[at] = t
		if i < 64 {
			m.masks[at].lo |= 1 << i
		} else {
			m.masks[at].hi |= 1 << (i - 64)
		}
		if t&isNumber != 0 {
			m.numbers = append(m.numbers, t)
		}
	}
}

// slot returns where token t is in keys, or where it would be.
func (m *matcher) slot(t uint32) uint32 {
	at := t >> 1
	for {
		at %= 2 * maxTokens
		if m.masks[at] == (mask{}) || m.keys[at] == t {
			return at
		}
		at++
	}
}

// common returns the length of the longest common subsequence of the text and
// another one, by the bit-parallel method of Hyyrö (2004): a cleared bit in v
// is a position where the sequence gets longer.
func (m *matcher) common(other []uint32) int {
	n := len(m.tokens)
	v := mask{^uint64(0), ^uint64(0)}
	for _, t := range other {
		match := m.masks[m.slot(t)]
		u := mask{v.lo & match.lo, v.hi & match.hi}
		lo, carry := bits.Add64(v.lo, u.lo, 0)
		hi, _ := bits.Add64(v.hi, u.hi, carry)
		v = mask{lo | v.lo&^match.lo, hi | v.hi&^match.hi}
	}
	if n <= 64 {
		return bits.OnesCount64(^v.lo << (64 - n))
	}
	return bits.OnesCount64(^v.lo) + bits.OnesCount64(^v.hi<<(128-n))
}

// copies reports whether the text and another one are copies, and how much they
// resemble each other, for comparing with others that are.
func (m *matcher) copies(other []uint32) (resemblance, bool) {
	short, long := len(m.tokens), len(other)
	if short > long {
		short, long = long, short
	}
	// What is too different in length need not be looked at.
	if m.dense && short*100 < long*leastDenseLonger || !m.dense && short*100 < long*leastOfLonger {
		return resemblance{}, false
	}
	c := m.common(other)
	r := resemblance{common: c, total: short + long}
	if m.dense {
		return r, c >= leastDenseCommon && c*100 >= short*leastDenseShorter && c*100 >= long*leastDenseLonger &&
			(short >= 2*numberWords || m.sameNumbers(other))
	}
	replaced := 0
	if short >= replaceWords {
		replaced = short / replaceOne
	}
	return r, c >= leastCommon && short-c <= replaced && c*100 >= long*leastOfLonger &&
		(short >= numberWords || m.sameNumbers(other))
}

// sameNumbers reports whether the numbers of one text are all in the other, in
// the same order.
func (m *matcher) sameNumbers(other []uint32) bool {
	i, others, met := 0, 0, 0
	for _, t := range other {
		if t&isNumber != 0 {
			others++
		}
	}
	if len(m.numbers) <= others {
		for _, t := range other {
			if i < len(m.numbers) && t == m.numbers[i] {
				i++
			}
		}
		return i == len(m.numbers)
	}
	for _, t := range other {
		if t&isNumber == 0 {
			continue
		}
		for i < len(m.numbers) && m.numbers[i] != t {
			i++
		}
		if i == len(m.numbers) {
			return false
		}
		i++
		met++
	}
	return met == others
}

// resemblance is Dice's: twice the common tokens over all.
type resemblance struct{ common, total int }

// less reports whether r is less than s.
func (r resemblance) less(s resemblance) bool { return r.common*s.total < s.common*r.total }
