package sieve

import "strings"

// automaton finds whether any of many words stands somewhere in some bytes, in
// one pass, ASCII letters in either case (Aho and Corasick). The words are lower
// case.
type automaton struct {
	class [256]uint8
	// next holds, for each state and class of byte, the state that follows,
	// times width, with the bit found set if a word ends there.
	next  []uint32
	width int
}

const (
	found = 1 << 31
	// maxStates bounds an automaton to some 16 MB. Words are cut for that: what
	// contains a word also contains its start.
	maxStates = 100_000
)

// newAutomaton builds the automaton for words; empty ones are passed over.
func newAutomaton(words []string) automaton {
	for most := 32; ; most /= 2 {
		if a, ok := tryAutomaton(words, most); ok || most == 1 {
			return a
		}
	}
}

func tryAutomaton(words []string, most int) (automaton, bool) {
	var a automaton
	a.width = 1 // class 0: bytes that stand in no word
	for _, w := range words {
		for i := range min(len(w), most) {
			c := w[i]
			if a.class[c] != 0 {
				continue
			}
			a.class[c] = uint8(a.width)
			if 'a' <= c && c <= 'z' {
				a.class[c-'a'+'A'] = uint8(a.width)
			}
			a.width++
		}
	}
	if a.width == 1 {
		return automaton{}, true
	}
	type edge struct {
		state int
		class uint8
	}
	trie := map[edge]int{}
	ends := []bool{false}
	for _, w := range words {
		if w == "" {
			continue
		}
		state := 0
		for i := range min(len(w), most) {
			e := edge{state, a.class[w[i]]}
			to, ok := trie[e]
			if !ok {
				to = len(ends)
				trie[e] = to
				ends = append(ends, false)
			}
			state = to
		}
		ends[state] = true
		if len(ends) > maxStates {
			return automaton{}, false
		}
	}
	// Breadth first, so that the state to fall back to, which is nearer to the
	// start, is complete.
	a.next = make([]uint32, len(ends)*a.width)
	back := make([]int, len(ends))
	for queue := []int{0}; len(queue) > 0; queue = queue[1:] {
		state := queue[0]
		ends[state] = ends[state] || ends[back[state]]
		for class := range a.width {
			at := state*a.width + class
			fall := uint32(0)
			if state != 0 {
				fall = a.next[back[state]*a.width+class]
			}
			to, ok := trie[edge{state, uint8(class)}]
			if !ok {
				a.next[at] = fall
				continue
			}
			back[to] = int(fall&^found) / a.width
			queue = append(queue, to)
			a.next[at] = uint32(to * a.width)
			if ends[to] || ends[back[to]] {
				a.next[at] |= found
			}
		}
	}
	return a, true
}

// in reports whether one of the words stands in b.
func (a *automaton) in(b []byte) bool {
	if len(a.next) == 0 {
		return false
	}
	state := uint32(0)
	for _, c := range b {
		if state = a.next[state+uint32(a.class[c])]; state&found != 0 {
			return true
		}
	}
	return false
}

// plain reports whether s has nothing but ASCII.
func plain(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}
